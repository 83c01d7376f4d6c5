package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.ShortIds;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** Blocks that come in compact form, from honest peers and others. */
final class CompactBlockRelayTest {
  private static final String[] BLOCKS = {"cmpctblock", "getblocktxn", "blocktxn", "getdata"};

  private final RelayStage stage = RelayStage.withBlocks(12);
  private final PeerId alice = stage.peer("alice", ConnectionKind.INBOUND);
  private final Transaction first = stage.payment();
  private final Transaction second = stage.payment();
  private final Block block = stage.chain.blockOn(stage.chain.tip(), first, second);
  private final CompactBlock compact = CompactBlock.of(block, 7);

  CompactBlockRelayTest() {
    stage.forget();
    stage.talk.heardBy(alice);
  }

  private BlockTransactions answer(Transaction... transactions) {
    return new BlockTransactions(block.hash(), List.of(transactions));
  }

  @Test
  void compactBlock_ofTransactionsThatWeHave_needsNoRoundTrip() {
    stage.chain.offer(first);
    stage.chain.offer(second);

    stage.talk.says(alice, compact);

    assertThat(stage.tip()).isEqualTo(block.hash());
    assertThat(stage.said(BLOCKS)).isEqualTo("0.000 alice > cmpctblock\n");
  }

  @Test
  void compactBlock_ofTransactionsThatWeLack_isCompletedByThem() {
    stage.chain.offer(second);

    stage.talk.says(alice, compact);
    assertThat(stage.talk.heardBy(alice, GetBlockTransactions.class))
        .containsExactly(new GetBlockTransactions(block.hash(), List.of(1)));
    stage.talk.says(alice, answer(first));
    assertThat(stage.tip()).isEqualTo(block.hash());
    stage.talk.says(alice, answer(first));
    stage.talk.says(alice, answer());

    assertThat(stage.said(BLOCKS))
        .isEqualTo(
            """
            0.000 alice > cmpctblock
            0.000 alice < getblocktxn
            0.000 alice > blocktxn
            0.000 alice > blocktxn
            0.000 alice > blocktxn
            """);
    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void blockTransactions_ofAnotherBlock_areNotLookedAt() {
    stage.talk.says(alice, compact);
    stage.talk.says(alice, new BlockTransactions(Hash256.ZERO, List.of(first, second)));
    assertThat(stage.faults()).isEmpty();

    stage.talk.says(alice, answer(first, second));

    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void blockTransactions_thatAreOthers_blameTheirSenderAndNobodyElse() {
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    preferred(bob);
    Block next = stage.chain.blockOn(stage.chain.tip(), first, second);
    CompactBlock form = CompactBlock.of(next, 9);
    stage.talk.says(alice, form);
    stage.talk.says(bob, form);
    stage.forget();

    stage.talk.says(alice, new BlockTransactions(next.hash(), List.of(second, first)));

    assertThat(stage.faults()).containsExactly(Misbehaviour.BAD_COMPACT_BLOCK);
    stage.talk.says(bob, new BlockTransactions(next.hash(), List.of(first, second)));
    assertThat(stage.tip()).isEqualTo(next.hash());
    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void blockTransactions_tooFew_blameTheirSenderAndTheBlockIsFetched() {
    PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);
    stage.talk.says(alice, compact);
    stage.talk.says(bob, RelayStage.headers(block));
    stage.forget();

    stage.talk.says(alice, answer(first));

    assertThat(stage.said(BLOCKS))
        .isEqualTo(
            """
            0.000 alice > blocktxn
            0.000 alice cut MISBEHAVING (BAD_COMPACT_BLOCK: transactions that were not asked for in block %s)
            0.000 bob < getdata 1
            """
                .formatted(block.hash()));
    assertThat(stage.askedOf(bob)).contains(block.hash());
  }

  /** Asked for compact blocks, after a block that it brought. */
  private void preferred(PeerId peer) {
    stage.talk.says(peer, new SendCompact(false, 2));
    Block brought = stage.chain.blockOn(stage.chain.tip());
    stage.talk.says(peer, RelayStage.headers(brought));
    stage.talk.says(peer, new BlockMessage(brought));
    assertThat(stage.talk.heardBy(peer, SendCompact.class)).endsWith(new SendCompact(true, 2));
    stage.forget();
  }

  @Test
  void compactBlock_whoseIdsNameOthersOfOurs_isFetchedWholeAndNobodyIsBlamed() {
    stage.chain.offer(first);
    stage.chain.offer(second);
    ShortIds swapped = ShortIds.of(compact.key(), List.of(second.wtxid(), first.wtxid()));

    stage.talk.says(
        alice, new CompactBlock(compact.header(), compact.nonce(), swapped, compact.prefilled()));

    assertThat(stage.said(BLOCKS))
        .isEqualTo(
            """
            0.000 alice > cmpctblock
            0.000 alice < getdata 1
            """);
    assertThat(stage.faults()).isEmpty();
    stage.talk.says(alice, new BlockMessage(block));
    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void compactBlock_completedToAnotherBlock_isFetchedWhole() {
    stage.chain.offer(first);
    ShortIds odd = ShortIds.of(compact.key(), List.of(second.wtxid(), first.wtxid()));
    stage.talk.says(
        alice, new CompactBlock(compact.header(), compact.nonce(), odd, compact.prefilled()));
    stage.talk.says(alice, answer(second));

    assertThat(stage.said(BLOCKS))
        .isEqualTo(
            """
            0.000 alice > cmpctblock
            0.000 alice < getblocktxn
            0.000 alice > blocktxn
            0.000 alice < getdata 1
            """);
    assertThat(stage.faults()).isEmpty();
  }

  @Test
  void compactBlock_withOneIdTwice_isFetchedWhole() {
    ShortIds twice = ShortIds.of(compact.key(), List.of(first.wtxid(), first.wtxid()));

    stage.talk.says(
        alice, new CompactBlock(compact.header(), compact.nonce(), twice, compact.prefilled()));

    assertThat(stage.said(BLOCKS))
        .isEqualTo(
            """
            0.000 alice > cmpctblock
            0.000 alice < getdata 1
            """);
  }

  @Test
  void compactBlock_withoutTransactions_isBlamed() {
    ShortIds none = ShortIds.ofWire(Bytes.EMPTY);

    stage.talk.says(alice, new CompactBlock(compact.header(), 0, none, List.of()));

    assertThat(stage.faults()).containsExactly(Misbehaviour.BAD_COMPACT_BLOCK);
  }

  @Test
  void compactBlock_thatIsMutatedInItsWitness_isNobodysFaultAndFetchedWhole() {
    Transaction malleated =
        first.withInputs(
            first.inputs().stream()
                .map(input -> input.withWitness(MarkedSignatures.bad()))
                .toList());
    ShortIds ids = ShortIds.of(compact.key(), List.of(malleated.wtxid(), second.wtxid()));
    stage.talk.says(
        alice, new CompactBlock(compact.header(), compact.nonce(), ids, compact.prefilled()));

    stage.talk.says(alice, answer(malleated, second));

    assertThat(stage.tip()).isNotEqualTo(block.hash());
    assertThat(stage.faults()).isEmpty();
    assertThat(stage.askedOf(alice)).contains(block.hash());
    stage.talk.says(alice, new BlockMessage(block));
    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void sender_thatFallsSilent_isWaitedForFiveSeconds() {
    PeerId bob = stage.peer("bob", ConnectionKind.INBOUND);
    stage.talk.says(alice, compact);
    stage.talk.says(bob, RelayStage.headers(block));
    stage.forget();

    stage.talk.pass(Duration.ofSeconds(6));

    assertThat(stage.said(BLOCKS)).isEqualTo("5.000 bob < getdata 1\n");
    stage.talk.says(alice, answer(first, second));
    assertThat(stage.tip()).as("too late").isNotEqualTo(block.hash());
    stage.talk.says(bob, new BlockMessage(block));
    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void sender_thatFellSilent_doesNotHoldUpTheNextBlock() {
    PeerId bob = stage.peer("bob", ConnectionKind.INBOUND);
    stage.talk.says(alice, compact);
    stage.talk.says(bob, RelayStage.headers(block));
    stage.talk.pass(Duration.ofSeconds(5));
    stage.talk.says(bob, new BlockMessage(block));
    Block next = stage.chain.blockOn(block, stage.payment());
    stage.forget();

    stage.talk.says(alice, CompactBlock.of(next, 1));
    stage.talk.says(bob, RelayStage.headers(next));

    assertThat(stage.said("getblocktxn")).isEmpty();
    assertThat(stage.tip()).isEqualTo(block.hash());
    assertThat(stage.askedOf(bob)).contains(next.hash());
  }

  private List<InventoryItem> itemsAskedOf(PeerId peer) {
    return stage.talk.heardBy(peer, GetData.class).stream()
        .flatMap(request -> request.items().stream())
        .toList();
  }

  private static InventoryItem item(InventoryType type, Block block) {
    return new InventoryItem(type, block.hash());
  }

  @Test
  void block_announcedByItsHeader_isAskedForInCompactForm() {
    stage.chain.offer(first);
    stage.chain.offer(second);
    stage.talk.says(alice, new SendCompact(false, 2));
    stage.talk.heardBy(alice);

    stage.talk.says(alice, RelayStage.headers(block));

    assertThat(itemsAskedOf(alice)).containsExactly(item(InventoryType.COMPACT_BLOCK, block));
    stage.talk.says(alice, compact);
    assertThat(stage.tip()).isEqualTo(block.hash());
    assertThat(stage.faults()).isEmpty();
    assertThat(stage.said("getblocktxn")).isEmpty();
  }

  @Test
  void block_announcedByItsHeaderOfWhichTransactionsLack_isCompleted() {
    stage.talk.says(alice, new SendCompact(false, 2));
    stage.talk.says(alice, RelayStage.headers(block));

    stage.talk.says(alice, compact);
    stage.talk.says(alice, answer(first, second));

    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void block_whoseCompactFormIsOfNoUse_isAskedForWhole() {
    stage.talk.says(alice, new SendCompact(false, 2));
    stage.talk.says(alice, RelayStage.headers(block));
    stage.talk.heardBy(alice);
    ShortIds twice = ShortIds.of(compact.key(), List.of(first.wtxid(), first.wtxid()));

    stage.talk.says(
        alice, new CompactBlock(compact.header(), compact.nonce(), twice, compact.prefilled()));

    assertThat(itemsAskedOf(alice)).containsExactly(item(InventoryType.WITNESS_BLOCK, block));
    stage.talk.says(alice, new BlockMessage(block));
    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void blocks_severalOrFromAPeerWithoutCompactBlocks_areAskedForWhole() {
    stage.talk.says(alice, RelayStage.headers(block));
    assertThat(itemsAskedOf(alice)).containsExactly(item(InventoryType.WITNESS_BLOCK, block));
    PeerId bob = stage.peer("bob", ConnectionKind.INBOUND);
    stage.talk.says(bob, new SendCompact(false, 2));
    stage.talk.heardBy(bob);
    List<Block> branch = stage.chain.branch(stage.chain.tip(), 2);

    stage.talk.says(bob, RelayStage.headers(branch));

    assertThat(itemsAskedOf(bob))
        .containsExactly(
            item(InventoryType.WITNESS_BLOCK, branch.get(0)),
            item(InventoryType.WITNESS_BLOCK, branch.get(1)));
  }

  @Test
  void sender_thatLeaves_isForgotten() {
    PeerId bob = stage.peer("bob", ConnectionKind.INBOUND);
    stage.talk.says(alice, compact);
    stage.talk.says(bob, RelayStage.headers(block));
    stage.forget();

    stage.talk.leaves(alice);

    assertThat(stage.said(BLOCKS)).isEqualTo("0.000 bob < getdata 1\n");
  }

  @Test
  void sender_ofOneBlockTwice_isHeardOnce() {
    stage.talk.says(alice, compact);
    stage.talk.says(alice, CompactBlock.of(block, 8));
    stage.talk.says(alice, answer(first, second));
    stage.talk.says(alice, compact);

    assertThat(stage.tip()).isEqualTo(block.hash());
    assertThat(stage.said("getblocktxn")).isEqualTo("0.000 alice < getblocktxn\n");
  }

  @Test
  void block_thatComesFromElsewhere_endsTheRebuilding() {
    PeerId bob = stage.peer("bob", ConnectionKind.INBOUND);
    stage.talk.says(alice, compact);
    stage.talk.says(bob, new BlockMessage(block));
    assertThat(stage.tip()).isEqualTo(block.hash());
    stage.forget();

    stage.talk.says(alice, answer(first, second));

    assertThat(stage.faults()).isEmpty();
    assertThat(stage.said(BLOCKS)).isEqualTo("0.000 alice > blocktxn\n");
  }

  @Test
  void next_compactBlockOfTheSamePeer_takesThePlaceOfTheOneBefore() {
    Block rival = stage.chain.blockOn(stage.chain.tip(), second, first);
    stage.talk.says(alice, compact);
    stage.talk.says(alice, CompactBlock.of(rival, 1));
    stage.talk.says(alice, answer(first, second));
    assertThat(stage.tip()).isNotEqualTo(block.hash());

    stage.talk.says(alice, new BlockTransactions(rival.hash(), List.of(second, first)));

    assertThat(stage.tip()).isEqualTo(rival.hash());
  }

  @Test
  void senders_besideTheFirst_areThoseThatWereAskedAndOneThatWeChose() {
    List<PeerId> inbound = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      inbound.add(stage.peer(name, ConnectionKind.INBOUND));
    }
    PeerId chosen = stage.peer("chosen", ConnectionKind.OUTBOUND);
    inbound.forEach(this::preferred);
    preferred(chosen);
    Block next = stage.chain.blockOn(stage.chain.tip(), first);
    CompactBlock form = CompactBlock.of(next, 3);
    PeerId stranger = stage.peer("stranger", ConnectionKind.OUTBOUND);

    for (PeerId peer : List.of(alice, stranger, inbound.get(0), inbound.get(1), chosen)) {
      stage.talk.says(peer, form);
    }

    assertThat(stage.said("getblocktxn"))
        .isEqualTo(
            """
            0.000 alice < getblocktxn
            0.000 a < getblocktxn
            0.000 chosen < getblocktxn
            """);
  }

  @Test
  void compactBlock_thatIsNoNews_isNotLookedAt() {
    Block below = stage.chain.tip();
    stage.chain.mine(1);
    Block rival = stage.chain.blockOn(below, first);
    List<Block> ahead = stage.chain.branch(stage.chain.tip(), 4);
    stage.talk.says(alice, CompactBlock.of(rival, 1));
    stage.talk.says(alice, CompactBlock.of(stage.chain.tip(), 1));
    assertThat(stage.said("getblocktxn", "getdata")).isEmpty();

    stage.talk.says(alice, RelayStage.headers(ahead));
    stage.talk.heardBy(alice);
    stage.talk.says(alice, CompactBlock.of(ahead.get(3), 1));
    stage.talk.says(alice, CompactBlock.of(ahead.get(1), 1));

    assertThat(stage.said("getblocktxn")).isEmpty();
  }

  @Test
  void compactBlock_onAnUnknownParent_makesUsAskForHeaders() {
    List<Block> ahead = stage.chain.branch(stage.chain.tip(), 2);

    stage.talk.says(alice, CompactBlock.of(ahead.get(1), 1));

    assertThat(stage.said("getheaders", "getblocktxn")).isEqualTo("0.000 alice < getheaders\n");
  }

  @Test
  void compactBlock_ofAPeerThatServesNoBlocks_isPutTogetherToo() {
    PeerId client = stage.talk.greets("client", ConnectionKind.INBOUND, Greeting.bitcoinj());
    stage.talk.says(client, compact);

    stage.talk.says(client, answer(first, second));

    assertThat(stage.tip()).isEqualTo(block.hash());
  }

  @Test
  void compactBlock_ofABlockThatIsAskedForWhole_isPutTogetherBesideThat() {
    stage.talk.says(alice, RelayStage.headers(block));
    assertThat(stage.askedOf(alice)).contains(block.hash());

    stage.talk.says(alice, compact);
    stage.talk.says(alice, answer(first, second));

    assertThat(stage.tip()).isEqualTo(block.hash());
    stage.forget();
    stage.talk.says(alice, new BlockMessage(block));
    assertThat(stage.faults()).isEmpty();
  }
}
