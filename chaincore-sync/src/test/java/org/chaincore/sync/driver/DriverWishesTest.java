package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;
import org.chaincore.sync.protocol.TaskFigures;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.Test;

/** What a host can want of a node that runs, in virtual time. */
final class DriverWishesTest {
  private static final NetworkAddress A = Conversation.addressOf(1);
  private static final NetworkAddress B = Conversation.addressOf(2);

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryNetwork network = MemoryNetwork.immediate();
  private final TestNode nodeOfA = TestNode.on(ChainFixture.begin(), 1);
  private final VirtualNode a = VirtualNode.start(nodeOfA, network.transportAt(A), executor);

  private VirtualNode connectedB() {
    VirtualNode b =
        VirtualNode.start(TestNode.on(ChainFixture.begin(), 2), network.transportAt(B), executor);
    a.driver().connect(B);
    executor.pass(Duration.ofSeconds(1));
    assertThat(a.driver().connections()).isOne();
    return b;
  }

  private void endSoon(VirtualNode node) {
    executor.pass(Duration.ofSeconds(10));
    assertThat(node.driver().connections()).isZero();
  }

  @Test
  void disconnect_aPeer_endsTheConnectionAndTheWishForIt() {
    connectedB();
    a.driver().disconnect(a.events(SyncEvent.PeerReady.class).get(0).peer());
    endSoon(a);
  }

  @Test
  void ban_thenForgive_refusesTheConnectionUntilItIsForgiven() {
    connectedB();
    a.driver().ban(B, nodeOfA.chain().now() + 3_600);
    endSoon(a);
    a.driver().connect(B);
    executor.run();
    assertThat(a.events(SyncEvent.ConnectionRefused.class)).hasSize(1);

    a.driver().forgive(B);
    a.driver().connect(B);
    executor.pass(Duration.ofSeconds(1));
    assertThat(a.driver().connections()).isOne();
  }

  @Test
  void mines_isToldToTheNetwork() {
    VirtualNode b = connectedB();
    a.driver().mines(1_234);
    executor.pass(Duration.ofMinutes(5));

    var status = b.driver().currentStatus();
    executor.run();
    assertThat(Objects.requireNonNull(status.join().tasks().network()).mining().miningNodes())
        .isOne();
    assertThatThrownBy(() -> a.driver().mines(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void peersToKeep_handedInAtTheNextStart_stillKnowsWhomItMetAndBanned() {
    connectedB();
    NetworkAddress banned = Conversation.addressOf(9);
    a.driver().ban(banned, nodeOfA.chain().now() + 3_600);
    CompletableFuture<Bytes> kept = a.driver().peersToKeep();
    executor.run();

    PeerMemory memory =
        PeerMemory.restore(kept.join(), GroupingRule.BY_PREFIX, nodeOfA.chain().now());
    assertThat(memory.bans().isBanned(banned, nodeOfA.chain().now())).isTrue();
    VirtualNode again =
        VirtualNode.start(
            nodeOfA.with(memory), network.transportAt(Conversation.addressOf(3)), executor);
    again.driver().connect(banned);
    executor.run();
    assertThat(again.events(SyncEvent.ConnectionRefused.class)).hasSize(1);
  }

  @Test
  void request_ofATask_saysWhetherItSucceeded() {
    CompletableFuture<TaskFinished> alone = a.driver().request(SyncTask.CHAIN);
    executor.run();
    assertThat(alone.join().succeeded()).isTrue();
    assertThat(alone.join().figures()).isEqualTo(TaskFigures.NONE);

    connectedB().driver().close(Duration.ZERO);
    CompletableFuture<TaskFinished> first = a.driver().request(SyncTask.MEMPOOL);
    executor.pass(Duration.ofSeconds(1));
    assertThat(first).isDone();
  }

  @Test
  void request_moreOftenThanMayWait_isAnsweredAsFailed() {
    CompletableFuture<TaskFinished> last = a.driver().request(SyncTask.MEMPOOL);
    for (int i = 0; i < 100; i++) {
      last = a.driver().request(SyncTask.MEMPOOL);
    }
    executor.run();

    assertThat(last.join().succeeded()).isFalse();
  }

  @Test
  void wishes_moreThanMayWait_areRefusedAndTheirReceiptsForgotten() {
    for (int i = 0; i < Inbox.MAX_WISHES; i++) {
      a.driver().forgive(B);
    }
    assertThatThrownBy(() -> a.driver().useOwn(OperationalSettings.DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("too much waits");

    executor.run();
    CompletableFuture<Bytes> kept = a.driver().peersToKeep();
    executor.run();
    assertThat(kept).isCompleted();
  }

  @Test
  void wishes_ofAClosedDriver_areCancelledOrDoNothing() {
    CompletableFuture<Bytes> pending = a.driver().peersToKeep();
    a.driver().close(Duration.ZERO);

    assertThat(pending).isCancelled();
    assertThat(a.driver().settingsToKeep()).isCancelled();
    assertThat(a.driver().request(SyncTask.CHAIN)).isCancelled();
    for (int i = 0; i <= Inbox.MAX_WISHES; i++) {
      a.driver().ban(B, Long.MAX_VALUE);
    }
  }

  @Test
  void receipts_thatAreOver_areForgotten() {
    Receipts receipts = new Receipts();
    CompletableFuture<TaskFinished> done = receipts.issue();
    long number = receipts.number(done);
    CompletableFuture<Bytes> cancelled = receipts.issue();
    assertThat(receipts.size()).isEqualTo(2);

    receipts.finished(new TaskFinished(SyncTask.CHAIN, number, TaskFigures.NONE, true));
    receipts.finished(new TaskFinished(SyncTask.CHAIN, number, TaskFigures.NONE, false));
    cancelled.cancel(true);

    assertThat(done.join().succeeded()).isTrue();
    assertThat(receipts.size()).isZero();
    receipts.close();
    assertThat(receipts.issue()).isCancelled();
  }
}
