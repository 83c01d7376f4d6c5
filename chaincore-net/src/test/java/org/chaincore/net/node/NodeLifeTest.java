package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.chaincore.core.config.Networks;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.script.KeyPair;
import org.chaincore.net.tcp.NetworkThreads;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That nodes come and go without a trace, and come again where they left off. */
@Timeout(180)
final class NodeLifeTest {
  private static final KeyPair MINER = KeyPair.ofSeed(new byte[32]);
  private static final int MANY = 100;
  private static final int BLOCKS = 5;
  private static final Duration CLOSE_TIME = Duration.ofSeconds(20);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir private Path directory;

  private static NodeBuilder regtest() {
    return ChainNode.builder().network(Networks.regtest());
  }

  private NodeBuilder stored() {
    return regtest().dataDirectory(directory.resolve("data"));
  }

  private static NodeBuilder mining(NodeBuilder builder) {
    return builder.mineTo(MINER.payToWitnessPubkeyHash());
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Object nobody = new Object();
    synchronized (nobody) {
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).as(what).isLessThan(deadline);
        nobody.wait(50);
      }
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("chaincore"))
        .toList();
  }

  /** Sockets, selectors and the like; what the JVM opens of files and jars is its own. */
  private static List<String> descriptors() {
    List<String> open = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path one : all) {
        String target = targetOf(one);
        if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
          open.add(target);
        }
      }
      return open;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String targetOf(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private static void liveTogether(int count) throws Exception {
    List<ChainNode> nodes = new ArrayList<>();
    try {
      nodes.add(
          mining(regtest()).blockInterval(1).listen("127.0.0.1:0").http("127.0.0.1:0").start());
      for (int i = 1; i < count; i++) {
        NetworkAddress before = nodes.get((i - 1) / 2).p2pAddress().orElseThrow();
        nodes.add(regtest().connectTo(before).listen("127.0.0.1:0").http("127.0.0.1:0").start());
      }
      List<CompletableFuture<BlockRef>> heights =
          nodes.stream().map(node -> node.whenHeight(BLOCKS)).toList();
      for (CompletableFuture<BlockRef> height : heights) {
        height.get(60, TimeUnit.SECONDS);
      }
    } finally {
      for (ChainNode node : nodes) {
        assertThat(node.close(CLOSE_TIME)).isEmpty();
      }
    }
  }

  @Test
  void nodes_byTheHundred_leaveNoThreadAndNoDescriptor() throws Exception {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "needs " + DESCRIPTORS);
    liveTogether(2); // What the JVM and its libraries open once is open from then on.
    int before = descriptors().size();

    liveTogether(MANY);

    await("no thread is left", () -> threads().isEmpty());
    await("no descriptor is left of " + descriptors(), () -> descriptors().size() <= before);
  }

  @Test
  void node_startedAgainOnItsDirectory_isWhoItWasAndGoesOn() throws Exception {
    NodeId id;
    BlockRef tip;
    try (ChainNode first = mining(stored()).start()) {
      first.whenHeight(BLOCKS).get(60, TimeUnit.SECONDS);
      id = first.id();
      assertThat(first.close(CLOSE_TIME)).isEmpty();
      tip = first.tip();
    }

    try (ChainNode again = stored().start()) {
      assertThat(again.id()).isEqualTo(id);
      assertThat(again.tip()).isEqualTo(tip);
    }
    try (ChainNode mining = mining(stored()).start()) {
      mining.whenHeight(tip.height() + 1).get(60, TimeUnit.SECONDS);
      assertThat(mining.engine().view().at(tip.height()).orElseThrow().hash())
          .isEqualTo(tip.hash());
    }
  }

  @Test
  void node_onADirectoryThatIsInUse_isRefusedAndHarmsNobody() throws Exception {
    try (ChainNode first = mining(stored()).start()) {
      assertThatThrownBy(() -> stored().start())
          .isInstanceOfSatisfying(
              NodeStartException.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(NodeStartException.Reason.DIRECTORY_IN_USE));
      first.whenHeight(first.tip().height() + 1).get(60, TimeUnit.SECONDS);
      assertThat(threads()).isNotEmpty();
    }
    await("no thread is left", () -> threads().isEmpty());
  }

  @Test
  void networkThreads_thatAreLent_serveTcpAndHttpAndStay() throws Exception {
    await("other tests' threads have ended", () -> threads().isEmpty());
    try (NetworkThreads lent = NetworkThreads.start(1)) {
      ChainNode node =
          regtest().networkThreads(lent).listen("127.0.0.1:0").http("127.0.0.1:0").start();
      InetSocketAddress at = node.httpAddress().orElseThrow();
      try (InputStream answer =
          URI.create("http://127.0.0.1:" + at.getPort() + "/health/live").toURL().openStream()) {
        assertThat(answer.readAllBytes()).isNotEmpty();
      }

      assertThat(threads()).filteredOn(name -> name.startsWith("chaincore-net")).hasSize(1);
      assertThat(node.close(CLOSE_TIME)).isEmpty();
      try (ServerSocket again = new ServerSocket()) {
        again.bind(at); // The address is free as soon as the node is closed.
      }
      assertThat(lent.executor().isShutdown()).isFalse();
      assertThat(threads()).filteredOn(name -> name.startsWith("chaincore-net")).hasSize(1);
    }
  }

  @Test
  void http_onThreadsThatAreClosed_isRefused() throws Exception {
    NetworkThreads closed = NetworkThreads.start(1);
    closed.close();

    assertThatThrownBy(() -> regtest().networkThreads(closed).http("127.0.0.1:0").start())
        .isInstanceOf(IllegalStateException.class);
    await("no thread is left", () -> threads().isEmpty());
  }

  @Test
  void node_thatCannotListen_leavesNoThread() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      assertThatThrownBy(() -> regtest().listen(address).start())
          .isInstanceOf(NodeStartException.class);
      await("no thread is left", () -> threads().isEmpty());
      assertThatThrownBy(() -> regtest().listen("127.0.0.1:0").http(address).start())
          .isInstanceOf(NodeStartException.class);
      await("no thread is left", () -> threads().isEmpty());
    }
  }

  @Test
  void node_onADirectoryOfAnotherNetwork_isRefused() {
    stored().start().close();

    assertThatThrownBy(() -> stored().network(Networks.chaincore()).start())
        .isInstanceOfSatisfying(
            NodeStartException.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(NodeStartException.Reason.OTHER_NETWORK));
  }

  @Test
  void node_whoseKeyFileHoldsNoKey_isRefusedAndLeavesNothing() throws Exception {
    stored().start().close();
    Files.writeString(directory.resolve("data").resolve(NodeIdentity.FILE), "no key");

    assertThatThrownBy(() -> stored().listen("127.0.0.1:0").start())
        .isInstanceOfSatisfying(
            NodeStartException.class,
            refused -> assertThat(refused.reason()).isEqualTo(NodeStartException.Reason.DIRECTORY))
        .hasMessageContaining("holds no key");
    await("no thread is left", () -> threads().isEmpty());
  }

  @Test
  void close_whileAListenerBlocks_saysWhatDidNotStop() throws Exception {
    CompletableFuture<Void> blocked = new CompletableFuture<>();
    CompletableFuture<Void> release = new CompletableFuture<>();
    ChainNode node = mining(regtest()).start();
    var unused =
        node.events()
            .listen(
                0,
                event -> {
                  blocked.complete(null);
                  boolean isOver = false;
                  while (!isOver) { // It does not even heed that its thread is interrupted.
                    Thread.interrupted();
                    isOver = release.isDone();
                    Thread.onSpinWait();
                  }
                });
    blocked.get(30, TimeUnit.SECONDS);

    List<String> left = node.close(Duration.ofMillis(300));
    List<String> stillLeft = node.close(Duration.ofMillis(100));
    release.complete(null);

    assertThat(left).containsExactly("events", "threads");
    assertThat(stillLeft).containsExactly("events", "threads");
    assertThat(node.close(CLOSE_TIME)).isEmpty();
    await("no thread is left", () -> threads().isEmpty());
  }
}
