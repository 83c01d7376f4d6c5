package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/** What a node says that it is at, and waits for. */
final class SyncStatusTest {
  private final ChainFixture chain = ChainFixture.on(InMemoryChainStore.create(), 3);
  private final Conversation conversation = TestNode.on(chain, 1).converse();

  private SyncStatus status() {
    return conversation.protocol().status(conversation.nowMillis());
  }

  private PeerId greets(String name, int height) {
    return conversation.greets(
        name, ConnectionKind.OUTBOUND, Greeting.full().withStartHeight(height));
  }

  private static Headers headersOf(List<Block> blocks) {
    return new Headers(blocks.stream().map(Block::header).toList());
  }

  /** Blocks on genesis that the node does not have. */
  private List<Block> blocks(int count) {
    return chain.branch(chain.genesis(), count);
  }

  @Test
  void why_withoutPeers_saysThatThereIsNothingToSyncFrom() {
    assertThat(status().why()).isEqualTo("no peers: nothing to sync from");

    conversation.connects("alice", ConnectionKind.INBOUND);

    assertThat(status().why()).isEqualTo("no peers: nothing to sync from");
    assertThat(status().chain().isCaughtUp()).isFalse();
  }

  @Test
  void why_beforeTheFirstAnswer_namesThePeerThatIsAsked() {
    greets("alice", 10);

    assertThat(status().why()).isEqualTo("waiting for headers from peer 1");
  }

  @Test
  void why_whileBodiesCome_saysWhichAndFromHowManyPeers() {
    List<Block> blocks = blocks(100);
    PeerId alice = greets("alice", 100);
    PeerId bob = greets("bob", 100);
    conversation.says(alice, headersOf(blocks));
    conversation.says(bob, headersOf(blocks));

    assertThat(status().why()).isEqualTo("downloading blocks 1..100 of 100 from 2 peers");
    assertThat(status().chain().tip().height()).isZero();
    assertThat(status().chain().bestHeader()).isEqualTo(new BlockRef(100, blocks.get(99).hash()));

    conversation.leaves(bob);

    assertThat(status().why()).endsWith("of 100 from 1 peer");
  }

  @Test
  void why_whenAllIsHere_saysThatItIsCaughtUp() {
    List<Block> blocks = blocks(2);
    PeerId alice = greets("alice", 2);
    conversation.says(alice, headersOf(blocks));
    blocks.forEach(block -> conversation.says(alice, new BlockMessage(block)));

    assertThat(status().why()).isEqualTo("caught up at height 2");
    assertThat(status().chain().isCaughtUp()).isTrue();
  }

  @Test
  void why_whenNobodyHasABody_saysWhichIsMissing() {
    List<Block> blocks = blocks(5);
    PeerId alice = greets("alice", 5);
    conversation.says(alice, headersOf(blocks));
    conversation
        .heardBy(alice, GetData.class)
        .forEach(request -> conversation.says(alice, new NotFound(request.items())));

    assertThat(status().why()).isEqualTo("no peer serves block 1 of 5");
  }

  @Test
  void why_whenOnlyClientsAreThere_saysWhichBlockIsMissing() {
    List<Block> blocks = blocks(5);
    PeerId alice = greets("alice", 5);
    conversation.says(alice, headersOf(blocks));
    conversation.greets("client", ConnectionKind.INBOUND, Greeting.bitcoinj().withServices(0));
    conversation.leaves(alice);

    assertThat(status().why()).isEqualTo("no peer serves block 1 of 5");
  }

  @Test
  void why_whenABetterChainNeedsADeepReorganisation_saysThatTheHostDecides() {
    List<Block> other = blocks(8);
    chain.mine(5);
    PeerId alice = greets("alice", 8);
    conversation.says(alice, headersOf(other));
    other.forEach(block -> conversation.says(alice, new BlockMessage(block)));
    String decision =
        "a chain of more work needs a reorganisation of 5 blocks, more than the limit of 3:"
            + " the host decides";

    assertThat(status().why()).isEqualTo(decision);

    conversation.leaves(alice);

    assertThat(status().why()).isEqualTo(decision);
  }

  @Test
  void sentence_ofHeadersThatAreWeighed_saysInWhichPass() {
    PeerId peer = new PeerId(5);

    assertThat(new FetchState.WeighingHeaders(peer, 4_000, false).sentence())
        .isEqualTo("weighing the work of 4000 headers of peer 5");
    assertThat(new FetchState.WeighingHeaders(peer, 2_000, true).sentence())
        .isEqualTo("downloading again 2000 headers of peer 5");
  }

  @Test
  void peers_beforeAndAfterTheHandshake_areToldAsFarAsTheyAreKnown() {
    conversation.connects("alice", ConnectionKind.INBOUND);
    conversation.pass(Duration.ofSeconds(3));
    PeerId bob = greets("bob", 2);
    List<Block> blocks = blocks(2);
    conversation.says(bob, headersOf(blocks));

    List<PeerStatus> peers = status().connections().peers();

    assertThat(peers).hasSize(2);
    PeerStatus alice = peers.get(0);
    assertThat(alice.isEstablished()).isFalse();
    assertThat(alice.introduction()).isNull();
    assertThat(alice.best()).isNull();
    assertThat(alice.contact().latencyMillis()).isEqualTo(PeerStatus.Contact.NOT_MEASURED);
    PeerStatus known = peers.get(1);
    assertThat(known.end())
        .isEqualTo(new PeerStatus.End(Conversation.addressOf(2), ConnectionKind.OUTBOUND));
    assertThat(known.introduction())
        .isEqualTo(
            new PeerStatus.Introduction(
                70_017,
                Services.NETWORK | Services.WITNESS,
                "/full:1.0/",
                2,
                java.util.EnumSet.allOf(Extension.class)));
    assertThat(known.contact().connectedAtMillis()).isEqualTo(conversation.nowMillis());
    assertThat(known.best()).isEqualTo(new BlockRef(2, blocks.get(1).hash()));
    assertThat(status().connections().stats().connected()).isOne();
  }

  @Test
  void peers_thatAnswerPings_showTheirLatency() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    conversation.pass(Duration.ofMinutes(1));
    Ping ping = conversation.heardBy(bob, Ping.class).get(0);
    conversation.pass(Duration.ofMillis(40));
    conversation.says(bob, new Pong(ping.nonce()));

    PeerStatus.Contact contact = status().connections().peers().get(0).contact();

    assertThat(contact.latencyMillis()).isEqualTo(40);
    assertThat(contact.minLatencyMillis()).isEqualTo(40);
    assertThat(contact.lastHeardMillis()).isEqualTo(conversation.nowMillis());
  }

  @Test
  void messages_inAndOut_areCountedByCommand() {
    PeerId bob = conversation.greets("bob", ConnectionKind.INBOUND);
    conversation.says(bob, new Ping(1), 32);
    conversation.says(bob, new Ping(2), 32);
    conversation.protocol().sent(new Pong(1), 32);

    SyncStatus status = status();

    assertThat(status.messages(Ping.COMMAND)).isEqualTo(new MessageCounts(2, 64, 0, 0));
    assertThat(status.messages(Pong.COMMAND)).isEqualTo(new MessageCounts(0, 0, 1, 32));
    assertThat(status.messages("nothing")).isEqualTo(MessageCounts.NONE);
    assertThat(new ArrayList<>(status.messages().keySet())).isSorted().contains("version");
  }

  @Test
  void tasks_beforeAndAfterTheyRan_areCounted() {
    assertThat(status().tasks().counters()).isEmpty();
    assertThat(status().networkStatistics()).isEmpty();

    greets("alice", 0);
    conversation.pass(Duration.ofMinutes(2));
    SyncStatus status = status();

    assertThat(status.tasks().counters()).containsOnlyKeys(SyncTask.values());
    assertThat(status.tasks().counters().get(SyncTask.STATISTICS))
        .satisfies(counters -> assertThat(counters.attempts()).isPositive());
    assertThat(status.networkStatistics()).isPresent();
    assertThat(status.tasks().mempoolSync().rounds()).isPositive();
    assertThat(status.atMillis()).isEqualTo(conversation.nowMillis());
  }
}
