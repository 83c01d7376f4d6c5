package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.PartialMerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.filter.BloomFilter;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.FilterAdd;
import org.chaincore.sync.message.FilterClear;
import org.chaincore.sync.message.FilterLoad;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.MerkleBlock;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.junit.jupiter.api.Test;

/** Peers that want to hear of some transactions only. */
final class FilteredRelayTest {
  private final RelayStage stage = offering();
  private final PeerId wallet =
      stage.peer("wallet", ConnectionKind.INBOUND, Greeting.bitcoinj().withRelay(false));
  private final Transaction mine = stage.payment();
  private final Transaction other = stage.payment();

  /** A node that serves filters. */
  private static RelayStage offering() {
    ChainFixture chain = ChainFixture.begin();
    chain.mine(12);
    TestNode plain = TestNode.on(chain, 1);
    NodeDescription description =
        new NodeDescription(
            NodeDescription.PROTOCOL_VERSION,
            Services.NETWORK | Services.WITNESS | Services.BLOOM,
            "/chaincore:test/");
    LocalNode self = new LocalNode(plain.setup().self().key(), description, Set.of());
    return RelayStage.of(plain.with(self));
  }

  private static FilterLoad filterOf(Transaction... transactions) {
    BloomFilter filter = BloomFilter.ofSize(10, 0.000_001, 1, 1);
    for (Transaction transaction : transactions) {
      filter.add(Bytes.of(transaction.txid().toWire()));
    }
    return FilterLoad.of(filter);
  }

  private List<InventoryItem> announced() {
    stage.wake();
    stage.talk.pass(Duration.ofSeconds(10));
    List<InventoryItem> items = new ArrayList<>();
    stage.talk.heardBy(wallet, Inventory.class).forEach(inv -> items.addAll(inv.items()));
    return items;
  }

  private static InventoryItem tx(Transaction transaction) {
    return new InventoryItem(InventoryType.TRANSACTION, transaction.txid());
  }

  @Test
  void filterMessages_toANodeThatOffersNone_endTheConnection() {
    for (Message message :
        List.of(filterOf(), new FilterAdd(Bytes.of((byte) 1)), new FilterClear())) {
      RelayStage plain = RelayStage.withBlocks(1);
      PeerId peer = plain.peer("peer", ConnectionKind.INBOUND);

      plain.talk.says(peer, message);

      assertThat(plain.said())
          .isEqualTo("0.000 peer cut UNSUITABLE (wants filters, which are not offered)\n");
      assertThat(plain.faults()).isEmpty();
    }
  }

  @Test
  void transactions_toAPeerWithAFilter_areTheMatchingOnes() {
    stage.chain.offer(other);
    assertThat(announced()).as("it wants none before its filter").isEmpty();

    stage.talk.says(wallet, filterOf(mine));
    stage.chain.offer(mine);
    stage.chain.offer(stage.payment());

    assertThat(announced()).containsExactly(tx(mine));
  }

  @Test
  void transactions_thatSpendAMatch_matchToo() {
    BloomFilter filter = BloomFilter.ofSize(10, 0.000_001, 1, 1);
    filter.add(mine.outputs().get(0).script().slice(2, 34));
    stage.talk.says(wallet, FilterLoad.of(filter));
    Transaction child = stage.chain.pay(mine.outPoint(0), 5);
    stage.chain.offer(mine);
    stage.chain.offer(child);

    assertThat(announced()).containsExactly(tx(mine), tx(child));
  }

  @Test
  void filter_grownByAnElement_matchesItToo() {
    stage.talk.says(wallet, filterOf());
    stage.talk.says(wallet, new FilterAdd(Bytes.of(mine.txid().toWire())));
    stage.chain.offer(mine);
    stage.chain.offer(other);

    assertThat(announced()).containsExactly(tx(mine));
  }

  @Test
  void filter_takenAway_letsEverythingThrough() {
    stage.talk.says(wallet, filterOf());
    stage.talk.says(wallet, new FilterClear());
    stage.chain.offer(mine);
    assertThat(announced()).containsExactly(tx(mine));

    stage.talk.says(wallet, filterOf());
    stage.chain.offer(other);
    assertThat(announced()).isEmpty();
  }

  @Test
  void element_forNoFilter_isABadRequest() {
    stage.talk.says(wallet, new FilterAdd(Bytes.of((byte) 1)));

    assertThat(stage.faults()).containsExactly(Misbehaviour.BAD_REQUEST);
  }

  @Test
  void mempoolRequest_isAnsweredByTheMatchingOnes() {
    stage.chain.offer(mine);
    stage.chain.offer(other);
    stage.wake();
    stage.talk.says(wallet, filterOf(mine));

    stage.talk.says(wallet, new MempoolRequest());

    assertThat(stage.talk.heardBy(wallet, Inventory.class))
        .containsExactly(new Inventory(List.of(tx(mine))));
  }

  @Test
  void filteredBlock_isProofAndMatchesAndThenThePong() {
    Block block = stage.chain.mineWith(other, mine);
    stage.talk.says(wallet, filterOf(mine));
    stage.talk.heardBy(wallet);
    stage.talk.says(wallet, filtered(block, InventoryType.FILTERED_BLOCK));
    stage.talk.says(wallet, new Ping(3));

    List<Message> heard = stage.talk.heardBy(wallet);

    assertThat(heard).extracting(Message::command).containsSubsequence("merkleblock", "tx", "pong");
    MerkleBlock proof =
        heard.stream()
            .filter(MerkleBlock.class::isInstance)
            .map(MerkleBlock.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(proof.tree().extract(block.header().merkleRoot()))
        .contains(List.of(new PartialMerkleTree.Match(2, mine.txid())));
    assertThat(heard).contains(new TransactionMessage(mine, false));
    stage.talk.says(wallet, filtered(block, InventoryType.WITNESS_FILTERED_BLOCK));
    assertThat(stage.talk.heardBy(wallet)).contains(new TransactionMessage(mine, true));
  }

  @Test
  void filteredBlock_withoutAFilter_isNotFound() {
    GetData question = filtered(stage.chain.tip(), InventoryType.FILTERED_BLOCK);
    stage.talk.says(wallet, question);

    assertThat(stage.talk.heardBy(wallet)).contains(new NotFound(question.items()));
  }

  @Test
  void filter_ofAPeerThatLeft_isForgotten() {
    stage.talk.says(wallet, filterOf(mine));
    stage.talk.leaves(wallet);
    stage.chain.offer(mine);

    assertThat(announced()).isEmpty();
  }

  private static GetData filtered(Block block, InventoryType type) {
    return new GetData(List.of(new InventoryItem(type, block.hash())));
  }
}
