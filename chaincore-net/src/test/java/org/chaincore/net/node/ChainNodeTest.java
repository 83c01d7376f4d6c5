package org.chaincore.net.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.HttpURLConnection;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.Networks;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.tcp.NetworkThreads;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.SyncEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChainNodeTest {
  private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);

  private static final KeyPair BOB =
      KeyPair.ofSeed("bob".repeat(11).substring(1).getBytes(US_ASCII));

  private static NodeBuilder regtest() {
    return ChainNode.builder().network(Networks.regtest());
  }

  private static NodeBuilder miner() {
    return regtest().mineTo(ALICE.payToWitnessPubkeyHash());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(ChainNode node, int height) throws Exception {
    node.whenHeight(height).get(30, TimeUnit.SECONDS);
  }

  @Test
  void start_withoutPeers_mines() throws Exception {
    try (ChainNode node = miner().start()) {
      await(node, 5);
      assertThat(node.tip().height()).isGreaterThanOrEqualTo(5);
      assertThat(node.status().why()).isNotEmpty();
      assertThat(node.p2pAddress()).isEmpty();
    }
  }

  @Test
  void seed_ofAMiner_isNotInItsBlocks() throws Exception {
    try (ChainNode node = miner().seed(0x1234567890abcdefL).start()) {
      await(node, 1);
      Hash256 first = node.engine().view().at(1).orElseThrow().hash();
      Transaction coinbase = node.engine().block(first).orElseThrow().transactions().get(0);
      assertThat(coinbase.inputs().get(0).scriptSig().toString()).doesNotContain("9078563412");
    }
  }

  @Test
  void connect_overTcp_syncsAndPassesOn() throws Exception {
    try (ChainNode first = miner().listen("127.0.0.1:0").blockInterval(1).start()) {
      String at = first.p2pAddress().orElseThrow().toString();
      try (ChainNode second = regtest().connectTo(at).start()) {
        await(second, 2);
        assertThat(second.sync().connections()).isEqualTo(1);
        assertThat(second.syncNow().get(30, TimeUnit.SECONDS).succeeded()).isTrue();
      }
    }
  }

  @Test
  void key_ofTheHost_namesTheNode() {
    NodeKey key = NodeKey.ofSeed(new byte[NodeKey.SEED_BYTES]);
    try (ChainNode named = regtest().key(key).start();
        ChainNode other = regtest().start()) {
      assertThat(named.id()).isEqualTo(key.id());
      assertThat(other.id()).isNotEqualTo(key.id());
    }
  }

  @Test
  void close_stopsEverythingAndMayBeCalledAgain() throws Exception {
    ChainNode node = miner().listen("127.0.0.1:0").start();
    await(node, 1);
    assertThat(node.close(Duration.ofSeconds(10))).isEmpty();
    int height = node.tip().height();
    assertThat(node.close(Duration.ofSeconds(1))).isEmpty();
    node.close();
    assertThat(node.tip().height()).isEqualTo(height);
    assertThat(node.whenHeight(height + 1)).isCancelled();
  }

  @Test
  void whenHeight_withTooManyListeners_isRefusedUntilOneHasGone() {
    try (ChainNode node = regtest().start()) {
      List<NodeEvents.Subscription> all = new ArrayList<>();
      for (int i = 0; i < NodeEvents.MAX_LISTENERS; i++) {
        all.add(node.events().listen(event -> {}));
      }
      assertThatThrownBy(() -> node.whenHeight(1)).isInstanceOf(IllegalStateException.class);
      all.get(0).close();
      assertThat(node.whenHeight(1)).isNotDone();
    }
  }

  @Test
  void start_thatFailsWithAnError_leavesNoThreadAndThrowsIt() {
    AssertionError broken = new AssertionError("broken clock");
    List<Thread> before = threads();

    assertThatThrownBy(
            () ->
                regtest()
                    .clock(
                        () -> {
                          throw broken;
                        })
                    .start())
        .isSameAs(broken);

    assertThat(threads()).filteredOn(thread -> !before.contains(thread)).isEmpty();
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("chaincore") && thread.isAlive())
        .toList();
  }

  @Test
  void start_again_onTheSameStore_goesOn() throws Exception {
    InMemoryChainStore store = InMemoryChainStore.create();
    ChainNode node = miner().store(store).start();
    await(node, 3);
    node.close();
    int height = node.tip().height();
    try (ChainNode again = regtest().store(store).start()) {
      assertThat(again.tip().height()).isEqualTo(height);
    }
  }

  @Test
  void listen_aListenerThatBlocksOrThrows_harmsNobody() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Queue<Long> cursors = new ConcurrentLinkedQueue<>();
    CountDownLatch heard = new CountDownLatch(20);
    try (ChainNode node = miner().start()) {
      NodeEvents.Subscription blocked = node.events().listen(event -> awaitQuietly(release));
      NodeEvents.Subscription throwing =
          node.events()
              .listen(
                  event -> {
                    throw new IllegalStateException("broken listener");
                  });
      NodeEvents.Subscription good =
          node.events()
              .listen(
                  0,
                  event -> {
                    cursors.add(event.cursor());
                    heard.countDown();
                  });
      assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
      release.countDown();
      good.close();
      throwing.close();
      blocked.close();
    }
    List<Long> inOrder = new ArrayList<>(cursors);
    for (int i = 0; i < inOrder.size(); i++) {
      assertThat(inOrder.get(i)).isEqualTo(i);
    }
  }

  @Test
  void subscribe_asFastAsTheSubscriberAsks() throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    Queue<NodeEvent<ChainEvent>> received = new ConcurrentLinkedQueue<>();
    try (ChainNode node = miner().start()) {
      await(node, 3);
      node.events()
          .subscribe(
              0,
              new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                  subscription.request(2);
                }

                @Override
                public void onNext(NodeEvent<ChainEvent> event) {
                  received.add(event);
                  two.countDown();
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
              });
      assertThat(two.await(30, TimeUnit.SECONDS)).isTrue();
      await(node, node.tip().height() + 3);
    }
    assertThat(received).extracting(NodeEvent::cursor).containsExactly(0L, 1L);
    assertThat(received)
        .extracting(NodeEvent::event)
        .hasOnlyElementsOfType(ChainEvent.TipChanged.class);
  }

  /** Writes down what a subscriber is told. */
  private static final class Recorder<E> implements Flow.Subscriber<NodeEvent<E>> {
    final Queue<Object> told = new ConcurrentLinkedQueue<>();
    final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(NodeEvent<E> event) {
      told.add(event.event());
    }

    @Override
    public void onError(Throwable failure) {
      told.add(failure);
      over.countDown();
    }

    @Override
    public void onComplete() {
      told.add("complete");
      over.countDown();
    }
  }

  @Test
  void subscribe_nodeIsClosed_completesAfterTheLastEvent() throws Exception {
    Recorder<ChainEvent> recorder = new Recorder<>();
    ChainNode node = miner().start();
    node.events().subscribe(0, recorder);
    await(node, 20);
    assertThat(node.close(Duration.ofSeconds(10))).isEmpty();
    assertThat(recorder.over.getCount()).isZero();
    List<Object> told = new ArrayList<>(recorder.told);
    assertThat(told).hasSize((int) node.events().cursor() + 1).endsWith("complete");
    assertThat(told).filteredOn("complete"::equals).hasSize(1);
  }

  @Test
  void syncEvents_ofAPeerThatComesAndGoes_areToldInOrder() throws Exception {
    Recorder<SyncEvent> recorder = new Recorder<>();
    CountDownLatch gone = new CountDownLatch(1);
    try (ChainNode first = miner().blockInterval(1).listen("127.0.0.1:0").start()) {
      first.syncEvents().subscribe(recorder);
      var unused =
          first
              .syncEvents()
              .listen(
                  event -> {
                    if (event.event() instanceof SyncEvent.PeerGone) {
                      gone.countDown();
                    }
                  });
      String at = first.p2pAddress().orElseThrow().toString();
      try (ChainNode second = regtest().userAgent("/visitor:1/").connectTo(at).start()) {
        await(second, 1);
        assertThat(first.syncNow().get(30, TimeUnit.SECONDS).succeeded()).isTrue();
      }
      assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(recorder.over.getCount()).isZero();
    List<Object> told = new ArrayList<>(recorder.told);
    SyncEvent.PeerReady ready =
        (SyncEvent.PeerReady)
            told.stream().filter(SyncEvent.PeerReady.class::isInstance).findFirst().orElseThrow();
    assertThat(ready.userAgent()).isEqualTo("/visitor:1/");
    assertThat(told)
        .containsSubsequence(ready, new SyncEvent.PeerGone(ready.peer()), "complete")
        .hasAtLeastOneElementOfType(SyncEvent.TaskFinished.class);
  }

  @Test
  void executor_lentToManyNodes_isNotClosed() throws Exception {
    ScheduledExecutorService lent = Executors.newScheduledThreadPool(3);
    List<ChainNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        nodes.add(regtest().executor(lent).seed(i).start());
      }
      nodes.add(miner().executor(lent).start());
      await(nodes.get(20), 3);
      for (ChainNode node : nodes) {
        assertThat(node.close(Duration.ofSeconds(10))).isEmpty();
      }
      assertThat(lent.isShutdown()).isFalse();
    } finally {
      lent.shutdownNow();
    }
  }

  @Test
  void start_inTheOnlyThreadOfItsExecutor_waitsForNoOther() throws Exception {
    ScheduledExecutorService lent = Executors.newSingleThreadScheduledExecutor();
    try {
      ChainNode node =
          lent.submit(
                  () -> regtest().executor(lent).listen("127.0.0.1:0").http("127.0.0.1:0").start())
              .get(30, TimeUnit.SECONDS);
      assertThat(node.close(Duration.ofSeconds(10))).isEmpty();
    } finally {
      lent.shutdownNow();
    }
  }

  @Test
  void networkThreads_lent_serveHttpToo_andAreNotClosed() throws Exception {
    List<Thread> before = threads();
    try (NetworkThreads lent = NetworkThreads.start(1)) {
      try (ChainNode node =
          regtest().networkThreads(lent).listen("127.0.0.1:0").http("127.0.0.1:0").start()) {
        URL page = new URL("http:/" + node.httpAddress().orElseThrow() + "/health/live");
        assertThat(((HttpURLConnection) page.openConnection()).getResponseCode()).isEqualTo(200);
        assertThat(threads())
            .filteredOn(thread -> thread.getName().startsWith("chaincore-net"))
            .filteredOn(thread -> !before.contains(thread))
            .hasSize(1);
      }
      assertThat(lent.executor().isShutdown()).isFalse();
    }
  }

  @Test
  void p2pAddress_afterClose_isStillTold() {
    ChainNode node = regtest().listen("127.0.0.1:0").start();
    NetworkAddress at = node.p2pAddress().orElseThrow();
    node.close();
    assertThat(node.p2pAddress()).contains(at);
  }

  @Test
  void payments_ofAMinedCoin_areAccepted() throws Exception {
    try (ChainNode node = miner().start()) {
      await(node, 102);
      Transaction coinbase =
          node.engine()
              .block(node.engine().view().at(1).orElseThrow().hash())
              .orElseThrow()
              .transactions()
              .get(0);
      TransactionOutput reward = coinbase.outputs().get(0);
      Payments.Coin coin = new Payments.Coin(new OutPoint(coinbase.txid(), 0), reward);
      TransactionOutput toBob = Payments.output(Amount.ofCoins(1), BOB.payToTaproot());
      Transaction payment =
          Payments.by(ALICE).pay(List.of(coin), List.of(toBob), Amount.of(10_000));
      assertThat(node.submit(payment)).isInstanceOf(MempoolOutcome.Accepted.class);
      assertThat(payment.outputs()).hasSize(2);
      assertThatThrownBy(
              () -> Payments.by(ALICE).pay(List.of(coin), List.of(toBob), Amount.ofCoins(100)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("do not pay");
    }
  }

  @Test
  void start_whereSomebodyListens_saysSo() {
    try (ChainNode first = regtest().listen("127.0.0.1:0").start()) {
      String taken = first.p2pAddress().orElseThrow().toString();
      assertThatThrownBy(() -> regtest().listen(taken).start())
          .isInstanceOfSatisfying(
              NodeStartException.class,
              failed -> assertThat(failed.reason()).isEqualTo(NodeStartException.Reason.ADDRESS));
    }
  }

  @Test
  void mineTo_anAddressOfAnotherNetwork_isRefused() {
    assertThatThrownBy(() -> regtest().mineTo("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no address of regtest");
  }
}
