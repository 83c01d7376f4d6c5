package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** The disk is full, and nobody but this node suffers from it. */
final class StoreFailureTest {
  private final BreakingStore store = new BreakingStore(InMemoryChainStore.create());
  private final RelayStage stage = RelayStage.of(TestNode.on(chainOn(store), 1));

  private int goodCommits = Integer.MAX_VALUE;

  private static ChainFixture chainOn(BreakingStore store) {
    ChainFixture chain = ChainFixture.on(store, 100);
    chain.mine(5);
    return chain;
  }

  private void fillDisk(int commitsLeft) {
    goodCommits = commitsLeft;
    store.onCommit(
        () -> {
          if (goodCommits-- <= 0) {
            throw new StoreException("no space left");
          }
        },
        () -> {});
  }

  private void clearDisk() {
    store.onCommit(() -> {}, () -> {});
  }

  private long failures() {
    return stage.talk.others().stream()
        .filter(
            output ->
                output instanceof Output.Emit emit && emit.event() instanceof SyncEvent.StoreFailed)
        .count();
  }

  private int height() {
    return stage.chain.engine().view().height();
  }

  @Test
  void block_thatCannotBeStored_cutsNobodyAndIsAskedForAgainAfterAPause() {
    PeerId alice = stage.peer("alice", ConnectionKind.OUTBOUND);
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 2);
    stage.talk.says(alice, RelayStage.headers(blocks));
    assertThat(stage.askedOf(alice)).hasSize(2);
    fillDisk(0);

    stage.talk.says(alice, new BlockMessage(blocks.get(0)));
    stage.talk.says(alice, new BlockMessage(blocks.get(1)));
    stage.talk.pass(Duration.ofMillis(StoreWatch.PAUSE_MILLIS - 1));
    assertThat(failures()).isEqualTo(1);
    assertThat(stage.askedOf(alice)).isEmpty();

    clearDisk();
    stage.talk.pass(Duration.ofMillis(1));
    assertThat(stage.askedOf(alice)).contains(blocks.get(0).hash());
    stage.talk.says(alice, new BlockMessage(blocks.get(0)));
    stage.talk.says(alice, new BlockMessage(blocks.get(1)));
    assertThat(height()).isEqualTo(7);
    assertThat(stage.talk.transcript()).doesNotContain(" cut ");
  }

  @Test
  void headers_thatCannotBeStored_cutNobodyAndAreAskedForAgain() {
    PeerId alice = stage.peer("alice", ConnectionKind.OUTBOUND);
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 2);
    fillDisk(0);
    stage.talk.says(alice, RelayStage.headers(blocks));
    assertThat(failures()).isEqualTo(1);

    clearDisk();
    stage.talk.says(alice, RelayStage.headers(blocks));
    stage.talk.pass(Duration.ofMillis(StoreWatch.PAUSE_MILLIS));
    assertThat(stage.askedOf(alice)).hasSize(2);
    assertThat(stage.talk.transcript()).doesNotContain(" cut ");
  }

  @Test
  void expiry_thatTheStoreEnds_comesAgainAMinuteLater() {
    stage.wake();
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 2);
    stage.chain.deliver(blocks.get(1));
    fillDisk(1);
    assertThatThrownBy(() -> stage.chain.deliver(blocks.get(0))).isInstanceOf(StoreException.class);

    stage.talk.pass(Duration.ofMillis(Schedule.EXPIRY_MILLIS));
    assertThat(failures()).as("the orphan cannot be stored yet").isEqualTo(1);
    assertThat(height()).isEqualTo(6);
    clearDisk();
    stage.talk.pass(Duration.ofMillis(Schedule.EXPIRY_MILLIS));

    assertThat(height()).isEqualTo(7);
  }

  @Test
  void failures_ofAQuarterOfAnHour_areToldOnceAMinute() {
    PeerId alice = stage.peer("alice", ConnectionKind.INBOUND);
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 1);
    fillDisk(0);
    for (int i = 0; i < 900; i += 5) {
      stage.talk.says(alice, RelayStage.headers(blocks));
      stage.talk.says(alice, new Ping(i));
      stage.talk.pass(Duration.ofSeconds(5));
    }
    assertThat(failures()).isBetween(14L, 16L);
  }

  @Test
  void event_thatCannotBeFollowed_losesNoOther() {
    Greeting compact = Greeting.plain();
    PeerId alice = stage.peer("alice", ConnectionKind.OUTBOUND, compact);
    stage.talk.says(alice, new SendCompact(true, 2));
    Block mined = stage.chain.mineWith();
    Transaction payment = stage.payment();
    stage.chain.offer(payment);
    stage.forget();
    store.breakAfter(0);
    stage.wake();
    assertThat(failures()).as("block " + mined.hash() + " cannot be read").isEqualTo(1);

    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.talk.says(
        bob, new Inventory(List.of(new InventoryItem(InventoryType.TRANSACTION, payment.txid()))));
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(stage.askedOf(bob)).isEmpty();
  }

  @Test
  void request_forABlockThatCannotBeRead_isAnsweredAndSoIsWhatFollows() {
    PeerId alice = stage.peer("alice", ConnectionKind.INBOUND);
    InventoryItem item = new InventoryItem(InventoryType.WITNESS_BLOCK, stage.chain.tip().hash());
    store.breakAfter(0);
    stage.talk.says(alice, new GetData(List.of(item)));
    stage.talk.says(alice, new Ping(1));
    stage.talk.pass(Duration.ofSeconds(1));

    assertThat(stage.talk.heardBy(alice))
        .containsSubsequence(new NotFound(List.of(item)), new Pong(1));
  }
}
