package org.chaincore.net.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node with a heap of 256 MB, attacked from all sides at once over real sockets: who asks for
 * its status is answered in time, it mines and its peers have what it mines, and it takes no more
 * memory than it should.
 *
 * <p>Not among the tests of every build, as it needs the examples' jar and a minute: {@code .ci/run
 * hostile}.
 */
@Timeout(300)
final class HostileRun {
  private static final long SEED = Long.getLong("chaincore.seed", 1);
  private static final int ATTACK_SECONDS = Integer.getInteger("chaincore.attack.seconds", 60);
  private static final int QUIET_SECONDS = 6;

  /** For who asks for the status while all of this goes on. */
  private static final long P99_MILLIS = 250;

  private static final List<String> JVM =
      List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxDirectMemorySize=64m");

  /** The heap, what Netty may have beside it, and the JVM's own with its compiled code. */
  private static final long RESIDENT_MEGABYTES = 256 + 64 + 180;

  private static final int BLOCK_SECONDS = 1;
  private static final long ASK_MILLIS = 20;
  private static final long STEP_SECONDS = 60;

  @TempDir private Path directory;

  private final List<NodeProcess> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(NodeProcess::close);
  }

  private NodeProcess start(String name, List<String> jvm, String... arguments) {
    NodeProcess process =
        NodeProcess.start(directory.resolve(name + ".log"), jvm, List.of(arguments));
    processes.add(process);
    return process;
  }

  private static int height(NodeProcess node) throws IOException {
    return node.http().get("/chain/info").at("/chain_info/latest_index").asInt();
  }

  private static void awaitHeight(NodeProcess node, int height) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STEP_SECONDS);
    Object nobody = new Object();
    synchronized (nobody) {
      while (height(node) < height) {
        assertThat(System.nanoTime()).as("height " + height).isLessThan(deadline);
        nobody.wait(100);
      }
    }
  }

  /** What an honest client waits for its answers, sorted, in microseconds. */
  private static long[] ask(NodeProcess node, int seconds) throws Exception {
    HttpCalls calls = node.http();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Long> micros = new ArrayList<>();
    Object nobody = new Object();
    synchronized (nobody) {
      while (System.nanoTime() < end) {
        long begun = System.nanoTime();
        // Every other request comes over a connection of its own.
        assertThat(calls.get("/status", micros.size() % 2 == 0).has("node_id")).isTrue();
        micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
        nobody.wait(ASK_MILLIS);
      }
    }
    return micros.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private static double millis(long[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * part))] / 1_000.0;
  }

  private static void say(String when, long[] sorted) {
    System.out.printf(
        "%s: %d answers, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
        when, sorted.length, millis(sorted, 0.5), millis(sorted, 0.99), millis(sorted, 1));
  }

  @Test
  void node_attackedFromAllSides_servesWhoIsHonest() throws Exception {
    Premined chain = Premined.withCoins(5);
    NodeProcess friend = start("friend", NodeProcess.SMALL_JVM);
    NodeProcess node =
        start(
            "node",
            JVM,
            "--connect",
            "127.0.0.1:" + friend.p2pPort(),
            "--mine",
            Premined.payerAddress(),
            "--block-interval",
            String.valueOf(BLOCK_SECONDS));
    String address = "127.0.0.1:" + node.p2pPort();
    chain.submitTo(node.http());
    NodeProcess guest = start("guest", NodeProcess.SMALL_JVM, "--connect", address);
    awaitHeight(guest, chain.height());
    ask(node, QUIET_SECONDS);
    say("before", ask(node, QUIET_SECONDS));

    int before = height(node);
    long cpuBefore = node.cpuMillis();
    int httpPort = Integer.parseInt(node.httpAddress().replaceAll(".*:", ""));
    try (HostileSockets peers = new HostileSockets(node.p2pPort());
        HostileSockets clients = new HostileSockets(httpPort)) {
      new HostilePeers(chain).begin(peers, SEED);
      HostileClients.begin(clients, SEED);
      long[] waited = ask(node, ATTACK_SECONDS);
      int after = height(node);
      int ofFriend = height(friend);
      int ofGuest = height(guest);
      say("under attack", waited);
      System.out.printf(
          "the node mined %d blocks meanwhile, its peers are %d and %d behind; resident %d MB, at"
              + " most %d MB; %d ms of CPU%n",
          after - before,
          after - ofFriend,
          after - ofGuest,
          node.residentKilobytes() / 1024,
          node.mostResidentKilobytes() / 1024,
          node.cpuMillis() - cpuBefore);
      System.out.println("attacks of peers: " + peers.attempts());
      System.out.println("attacks of clients: " + clients.attempts());

      assertThat(node.isAlive()).isTrue();
      assertThat(millis(waited, 0.99)).isLessThanOrEqualTo(P99_MILLIS);
      assertThat(waited.length).isGreaterThan(10 * ATTACK_SECONDS);
      assertThat(after - before).isGreaterThan(ATTACK_SECONDS / (4 * BLOCK_SECONDS));
      assertThat(after - ofFriend).as("the friend's lag").isLessThan(5);
      assertThat(after - ofGuest).as("the guest's lag").isLessThan(5);
      assertThat(node.mostResidentKilobytes() / 1024).isLessThan(RESIDENT_MEGABYTES);
      assertThat(peers.attempts().values()).allMatch(count -> count.get() > 0);
      assertThat(clients.attempts().values()).allMatch(count -> count.get() > 0);
      assertThat(clients.successes()).isEmpty();
    }
    NodeProcess newcomer = start("newcomer", NodeProcess.SMALL_JVM, "--connect", address);
    awaitHeight(newcomer, height(node));
  }
}
