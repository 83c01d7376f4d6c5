package org.chaincore.net.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.fixture.Faults;
import org.chaincore.net.fixture.FaultyProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty nodes in twenty processes that hear of each other over bad connections only: some mine,
 * some keep their chain on disk, one of these is killed and comes back, and payments come in all
 * over. When the network is good again all have one tip and all payments, within a deadline.
 *
 * <p>Not among the tests of every build, as it needs the examples' jar and minutes: {@code .ci/run
 * processes}. {@code -Dchaincore.seed=S} chooses faults, peers and payments.
 */
@Timeout(400)
final class TwentyProcessesRun {
  private static final long SEED = Long.getLong("chaincore.seed", 1);
  private static final int NODES = Integer.getInteger("chaincore.processes", 20);
  private static final int MINERS = 4;
  private static final int ON_DISK = 5;

  /** Mines, and keeps the chain on disk. */
  private static final int KILLED = 2;

  private static final int PAYMENTS = 20;
  private static final long FAULT_SECONDS = 30;
  private static final long STEP_SECONDS = 90;

  /** So long after the last fault all have one tip. */
  private static final long CONVERGE_SECONDS = 60;

  /** As the command promises. */
  private static final long STOP_SECONDS = 5;

  private static final int TERMINATED = 128 + 15;

  @TempDir private Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<FaultyProxy> proxies = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<List<String>> arguments = new ArrayList<>();

  @AfterEach
  void endAll() {
    nodes.forEach(NodeProcess::close);
    proxies.forEach(FaultyProxy::close);
  }

  private List<String> plan(int number) {
    List<String> plan = new ArrayList<>();
    // A ring, so that there is a way from each to each, and chords.
    for (int peer : List.of((number + 1) % NODES, random.nextInt(NODES))) {
      if (peer != number) {
        plan.addAll(List.of("--connect", proxies.get(peer).address()));
      }
    }
    if (number < MINERS) {
      // Not in step, or each would find its own block before it hears of another's, for ever.
      plan.addAll(
          List.of(
              "--mine", Premined.payerAddress(), "--block-interval", String.valueOf(3 + number)));
    }
    if (number < ON_DISK) {
      plan.addAll(List.of("--data-dir", directory.resolve("node" + number).toString()));
    }
    return plan;
  }

  private NodeProcess start(int number) {
    return NodeProcess.start(
        directory.resolve("node" + number + ".log"), NodeProcess.SMALL_JVM, arguments.get(number));
  }

  private void startAll() {
    for (int i = 0; i < NODES; i++) {
      proxies.add(FaultyProxy.start(Faults.BAD, random.nextLong()));
    }
    for (int i = 0; i < NODES; i++) {
      arguments.add(plan(i));
      nodes.add(start(i));
    }
    for (int i = 0; i < NODES; i++) {
      proxies.get(i).passTo(nodes.get(i).p2pPort());
    }
  }

  /** Something that may fail for a while, as when a node is not there. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  /** Looks again and again; how long it took, in milliseconds. */
  private static long await(String what, long seconds, Condition condition)
      throws InterruptedException {
    long begun = System.nanoTime();
    Object nobody = new Object();
    synchronized (nobody) {
      while (!holds(condition)) {
        assertThat(System.nanoTime() - begun)
            .as(what)
            .isLessThan(TimeUnit.SECONDS.toNanos(seconds));
        nobody.wait(200);
      }
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static boolean isAt(NodeProcess node, int height) throws IOException {
    return node.http().get("/chain/info").at("/chain_info/latest_index").asInt() >= height;
  }

  private boolean areAt(int height) throws IOException {
    for (NodeProcess node : nodes) {
      if (!isAt(node, height)) {
        return false;
      }
    }
    return true;
  }

  /** Tips and payments of all. */
  private boolean haveConverged() throws IOException {
    String tip = null;
    for (NodeProcess node : nodes) {
      JsonNode chain = node.http().get("/chain/info").path("chain_info");
      String hash = chain.path("latest_hash").asText();
      if (tip != null && !tip.equals(hash)) {
        return false;
      }
      tip = hash;
    }
    for (NodeProcess node : nodes) {
      JsonNode account = node.http().get("/balance/" + Premined.payeeAddress());
      if (account.path("balance").decimalValue().compareTo(BigDecimal.valueOf(PAYMENTS)) != 0) {
        return false;
      }
    }
    return true;
  }

  private void submit(Transaction payment, NodeProcess to) throws IOException {
    JsonNode answer =
        to.http()
            .post(
                "/broadcast_transaction",
                "{\"hex\":\"" + Bytes.of(payment.toWire()).toHex() + "\"}");
    assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("accepted");
  }

  @Test
  void twentyProcesses_afterABadTime_haveOneTip() throws Exception {
    long begun = System.nanoTime();
    Premined chain = Premined.withCoins(PAYMENTS);
    startAll();
    long startedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    chain.submitTo(nodes.get(0).http());
    long spreadMillis = await("all have the chain", STEP_SECONDS, () -> areAt(chain.height()));

    long faultsUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(FAULT_SECONDS);
    NodeProcess killed = nodes.get(KILLED);
    killed.kill();
    for (int i = 0; i < PAYMENTS / 2; i++) {
      submit(chain.payment(i), nodes.get(MINERS + random.nextInt(NODES - MINERS)));
    }
    NodeProcess again = start(KILLED);
    nodes.set(KILLED, again);
    proxies.get(KILLED).passTo(again.p2pPort());
    assertThat(again.firstHeight()).isGreaterThanOrEqualTo(chain.height());
    await("the bad time is over", STEP_SECONDS, () -> System.nanoTime() > faultsUntil);
    for (int i = PAYMENTS / 2; i < PAYMENTS; i++) {
      submit(chain.payment(i), nodes.get(MINERS + random.nextInt(NODES - MINERS)));
    }
    proxies.forEach(FaultyProxy::heal);
    long convergedMillis = await("one tip", CONVERGE_SECONDS, this::haveConverged);

    System.out.printf(
        "%d processes of seed %d: ready after %d ms, the first %d blocks everywhere after %d ms,"
            + " one tip with all %d payments %d ms after the last fault; height %d%n",
        NODES,
        SEED,
        startedMillis,
        chain.height(),
        spreadMillis,
        PAYMENTS,
        convergedMillis,
        nodes.get(0).http().get("/chain/info").at("/chain_info/latest_index").asInt());
    sayFaults();
    sayMemory();
    stopAll();
  }

  private void sayFaults() {
    int connections = 0;
    int dropped = 0;
    int cut = 0;
    int doubled = 0;
    int split = 0;
    for (FaultyProxy proxy : proxies) {
      FaultyProxy.Figures figures = proxy.figures();
      connections += figures.connections();
      dropped += figures.dropped();
      cut += figures.cut();
      doubled += figures.doubled();
      split += figures.split();
    }
    System.out.printf(
        "%d connections: %d dropped, %d cut, %d doubled, %d reads split%n",
        connections, dropped, cut, doubled, split);
    assertThat(List.of(dropped, cut, doubled, split)).as("faults").allMatch(count -> count > 0);
  }

  private void sayMemory() {
    List<Long> kilobytes = new ArrayList<>();
    nodes.forEach(node -> kilobytes.add(node.mostResidentKilobytes()));
    System.out.printf(
        "resident memory of a process at most %d MB%n", Collections.max(kilobytes) / 1024);
  }

  /** One after the other, so that each is given the time that the command promises. */
  private void stopAll() throws InterruptedException {
    long longest = 0;
    for (NodeProcess node : nodes) {
      long begun = System.nanoTime();
      node.terminate();
      assertThat(node.exitCode(STOP_SECONDS)).isEqualTo(TERMINATED);
      longest = Math.max(longest, System.nanoTime() - begun);
    }
    System.out.printf(
        "each ended at a signal within %d ms%n", TimeUnit.NANOSECONDS.toMillis(longest));
  }
}
