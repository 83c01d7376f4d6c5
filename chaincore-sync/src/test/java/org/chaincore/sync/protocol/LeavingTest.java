package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/**
 * What the machines do when a peer is told to go: the transport is not done with it in any of
 * these, so whatever happens comes of the cut alone.
 */
final class LeavingTest {
  private final RelayStage stage = RelayStage.withBlocks(6);
  private final Conversation talk = stage.talk;

  private PeerId outbound(String name) {
    return stage.peer(name, ConnectionKind.OUTBOUND, Greeting.full());
  }

  /** The node cuts a peer, and all that it does then is done before this returns. */
  private void cut(PeerId peer) {
    stage.forget();
    talk.happens(new Input.DisconnectRequested(peer));
  }

  private static Inventory wtx(Transaction transaction) {
    return new Inventory(List.of(new InventoryItem(InventoryType.WTX, transaction.wtxid())));
  }

  private long failures(SyncTask task) {
    return Objects.requireNonNull(talk.protocol().tasks().get(task)).failures();
  }

  @Test
  void transaction_thatOneWhoIsCutWasAskedFor_isAskedOfTheNextAtOnce() {
    PeerId alice = outbound("alice");
    PeerId bob = outbound("bob");
    Transaction payment = stage.payment();
    talk.says(alice, wtx(payment));
    talk.says(bob, wtx(payment));

    cut(alice);

    assertThat(stage.said("getdata"))
        .isEqualTo(
            """
            0.000 alice cut REQUESTED
            0.000 bob < getdata 1
            """);
  }

  @Test
  void transaction_whoseAnnouncersAreCutTogether_isAskedOfWhoStays() {
    PeerId alice = talk.greets("alice", Conversation.addressOf(50), ConnectionKind.OUTBOUND);
    PeerId twin = talk.greets("twin", Conversation.addressOf(50), ConnectionKind.INBOUND);
    PeerId bob = outbound("bob");
    Transaction payment = stage.payment();
    for (PeerId peer : List.of(alice, twin, bob)) {
      talk.says(peer, wtx(payment));
    }
    stage.forget();

    long soon = talk.nowMillis() / 1_000 + 60;
    talk.happens(new Input.BanRequested(Conversation.addressOf(50), soon));

    assertThat(stage.said("getdata"))
        .isEqualTo(
            """
            0.000 alice cut BANNED
            0.000 twin cut BANNED
            0.000 bob < getdata 1
            """);
  }

  @Test
  void block_thatOneWhoMisbehavesWasAskedFor_isAskedOfTheNextAtOnce() {
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 2);
    PeerId alice = outbound("alice");
    PeerId bob = outbound("bob");
    talk.says(alice, RelayStage.headers(blocks));
    talk.says(bob, RelayStage.headers(blocks));
    stage.forget();
    talk.heardBy(bob);

    talk.happens(new Input.Malformed(alice, Input.Malformed.Reason.NO_FRAME, "nonsense"));

    assertThat(stage.askedOf(bob))
        .containsExactlyElementsOf(blocks.stream().map(Block::hash).toList());
  }

  @Test
  void block_ofOneWhoseFaultComesToLightLast_isAskedOfTheNextAtOnce() {
    List<Block> blocks = stage.chain.branch(stage.chain.tip(), 2);
    Block parent = blocks.get(0);
    Block bad = BlockDraft.on(parent.header(), 8).coinbaseHeight(9).make();
    PeerId alice = outbound("alice");
    PeerId bob = outbound("bob");
    talk.says(alice, RelayStage.headers(blocks));
    talk.says(bob, RelayStage.headers(blocks));
    talk.says(alice, new BlockMessage(bad));
    stage.forget();
    talk.heardBy(bob);

    stage.chain.deliver(parent);
    stage.wake();

    assertThat(stage.said("getdata")).contains("alice cut MISBEHAVING").contains("bob < getdata");
    assertThat(stage.askedOf(bob)).containsExactly(blocks.get(1).hash());
  }

  @Test
  void headers_thatOneWhoIsCutWasSendingAlone_areAskedOfTheNextAtOnce() {
    PeerId alice = talk.greets("alice", ConnectionKind.OUTBOUND, longChain());
    PeerId bob = talk.greets("bob", ConnectionKind.OUTBOUND, longChain());
    assertThat(talk.heardBy(alice, GetHeaders.class)).hasSize(1);
    assertThat(talk.heardBy(bob, GetHeaders.class)).isEmpty();

    cut(alice);

    assertThat(talk.heardBy(bob, GetHeaders.class)).hasSize(1);
  }

  private static Greeting longChain() {
    return Greeting.full().withStartHeight(9_000);
  }

  @Test
  void tasks_thatWaitForOneWhoIsCut_areOver() {
    PeerId alice = outbound("alice");
    long receipt = 1;
    for (SyncTask task : List.of(SyncTask.CHAIN, SyncTask.MEMPOOL, SyncTask.STATISTICS)) {
      talk.happens(new Input.TaskRequested(task, receipt++));
    }

    cut(alice);

    assertThat(stage.said("TaskFinished").lines().filter(line -> line.contains("TaskFinished")))
        .hasSize(3);
    assertThat(failures(SyncTask.STATISTICS)).isOne();
    assertThat(failures(SyncTask.MEMPOOL)).isOne();
  }

  @Test
  void peer_thatIsCut_isInNoFigureAndIsNotHeard() {
    PeerId alice = outbound("alice");
    talk.says(alice, wtx(stage.payment()));
    cut(alice);
    talk.heardBy(alice);
    stage.forget();

    talk.says(alice, wtx(stage.payment()));
    talk.says(alice, new Ping(7));
    talk.happens(new Input.Malformed(alice, Input.Malformed.Reason.NO_FRAME, "nonsense"));
    talk.happens(new Input.SendQueue(alice, 0));
    talk.happens(new Input.DisconnectRequested(alice));
    talk.pass(Duration.ofMinutes(10));

    assertThat(talk.heardBy(alice)).isEmpty();
    assertThat(stage.faults()).isEmpty();
    assertThat(stage.said("cut")).isEmpty();
    assertThat(talk.protocol().status(talk.nowMillis()).connections().peers()).isEmpty();
    ProtocolSizes sizes = ProtocolSizes.of(talk.protocol());
    assertThat(sizes.peers()).isZero();
    assertThat(sizes.wanted()).isZero();
  }

  @Test
  void connection_thatWasCut_isToldToTheHostWhenItIsOver() {
    PeerId alice = outbound("alice");
    cut(alice);
    assertThat(stage.said("PeerGone")).isEqualTo("0.000 alice cut REQUESTED\n");

    talk.leaves(alice);
    talk.leaves(alice);

    assertThat(stage.said("PeerGone")).isEqualTo("0.000 . PeerGone\n");
    assertThat(talk.protocol().context().peers().endingCount()).isZero();
  }

  @Test
  void name_ofAConnectionThatIsNotOver_isNotGivenAgain() {
    PeerId alice = outbound("alice");
    cut(alice);

    Input again = new Input.Connected(alice, Conversation.addressOf(9), ConnectionKind.INBOUND);

    assertThatThrownBy(() -> talk.happens(again))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is connected already");
  }

  @Test
  void slot_ofOneWhoIsCut_isFree() {
    PeerId alice = outbound("alice");
    cut(alice);
    talk.greets("bob", Conversation.addressOf(1), ConnectionKind.OUTBOUND);

    assertThat(stage.said("cut")).as("bob is no duplicate of alice").doesNotContain("bob");
    assertThat(talk.protocol().peerStats().outbound()).isOne();
  }
}
