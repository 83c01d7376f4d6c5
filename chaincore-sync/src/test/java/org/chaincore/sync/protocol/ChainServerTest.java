package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.Locator;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetBlocks;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** What peers ask of our chain, and in which order and how fast they get it. */
final class ChainServerTest {
  private static final String[] ANSWERS = {
    "headers", "inv", "block", "tx", "notfound", "cmpctblock", "blocktxn", "pong", "merkleblock"
  };

  private final RelayStage stage = RelayStage.withBlocks(20);
  private final PeerId alice = client(stage);

  private static PeerId client(RelayStage of) {
    PeerId peer = of.talk.greets("alice", ConnectionKind.INBOUND, Greeting.bitcoinj());
    of.forget();
    of.talk.heardBy(peer);
    return peer;
  }

  private Block at(int height) {
    return at(stage, height);
  }

  private static Block at(RelayStage of, int height) {
    Hash256 hash = of.chain.engine().view().at(height).orElseThrow().hash();
    return of.chain.engine().block(hash).orElseThrow();
  }

  private static InventoryItem block(Block block) {
    return new InventoryItem(InventoryType.BLOCK, block.hash());
  }

  private static GetData get(InventoryItem... items) {
    return new GetData(List.of(items));
  }

  private static Locator locator(Block... blocks) {
    return new Locator(List.of(blocks).stream().map(Block::hash).toList());
  }

  private List<Message> told(Message question) {
    stage.talk.heardBy(alice);
    stage.talk.says(alice, question);
    return stage.talk.heardBy(alice);
  }

  @Test
  void getHeaders_fromALocator_givesWhatFollowsUpToTheStop() {
    assertThat(told(new GetHeaders(locator(at(18)), Hash256.ZERO)))
        .containsExactly(RelayStage.headers(at(19), at(20)));
    assertThat(told(new GetHeaders(locator(at(15)), at(17).hash())))
        .containsExactly(RelayStage.headers(at(16), at(17)));
    assertThat(told(new GetHeaders(locator(at(20)), Hash256.ZERO)))
        .containsExactly(new Headers(List.of()));
    Headers all =
        (Headers) told(new GetHeaders(new Locator(List.of(Hash256.ZERO)), Hash256.ZERO)).get(0);
    assertThat(all.headers()).hasSize(20);
  }

  @Test
  void getHeaders_withoutALocator_givesTheOneNamed() {
    Locator none = new Locator(List.of());

    assertThat(told(new GetHeaders(none, at(7).hash()))).containsExactly(RelayStage.headers(at(7)));
    assertThat(told(new GetHeaders(none, Hash256.ZERO))).containsExactly(new Headers(List.of()));
  }

  @Test
  void getBlocks_givesInventoryOfWhatFollows() {
    assertThat(told(new GetBlocks(locator(at(18)), Hash256.ZERO)))
        .containsExactly(new Inventory(List.of(block(at(19)), block(at(20)))));
    assertThat(told(new GetBlocks(locator(at(20)), Hash256.ZERO))).isEmpty();
  }

  @Test
  void getData_ofEverything_isAnsweredInOrder() {
    Transaction payment = stage.payment();
    stage.chain.offer(payment);
    stage.wake();
    stage.talk.says(alice, new MempoolRequest());
    stage.forget();
    InventoryItem unknown = new InventoryItem(InventoryType.BLOCK, Hash256.ZERO);
    InventoryItem odd = new InventoryItem(new InventoryType(77), payment.txid());
    InventoryItem filtered = new InventoryItem(InventoryType.FILTERED_BLOCK, at(3).hash());

    stage.talk.says(
        alice,
        get(
            new InventoryItem(InventoryType.TRANSACTION, payment.txid()),
            unknown,
            block(at(20)),
            odd,
            new InventoryItem(InventoryType.COMPACT_BLOCK, at(15).hash()),
            new InventoryItem(InventoryType.COMPACT_BLOCK, at(14).hash()),
            filtered,
            new InventoryItem(InventoryType.WTX, payment.wtxid()),
            new InventoryItem(InventoryType.WITNESS_BLOCK, at(1).hash())));
    stage.talk.says(alice, new Ping(5));

    assertThat(stage.said(ANSWERS))
        .isEqualTo(
            """
            0.000 alice < tx
            0.000 alice < block
            0.000 alice < cmpctblock
            0.000 alice < block
            0.000 alice < tx
            0.000 alice < block
            0.000 alice < notfound 3
            0.000 alice < pong
            """);
    List<Message> heard = stage.talk.heardBy(alice);
    assertThat(heard)
        .contains(new NotFound(List.of(unknown, odd, filtered)))
        .contains(new TransactionMessage(payment, false), new TransactionMessage(payment, true))
        .contains(new BlockMessage(at(20), false), new BlockMessage(at(1), true))
        .contains(CompactBlock.of(at(15), 0));
  }

  @Test
  void getData_ofBlocksThatLeftTheChain_isAnsweredForAWhile() {
    Block fork = stage.chain.tip();
    Block lost = stage.chain.mine(1).get(0);
    stage.chain.deliver(stage.chain.branch(fork, 2));
    Block invalid = stage.chain.mine(1).get(0);
    stage.chain.engine().invalidate(invalid.hash(), stage.chain.now());

    assertThat(told(get(block(lost)))).contains(new BlockMessage(lost, false));
    assertThat(told(get(block(invalid)))).contains(new NotFound(List.of(block(invalid))));
    stage.chain.mine(ChainServer.STALE_DEPTH_BLOCKS);
    assertThat(told(get(block(lost)))).contains(new NotFound(List.of(block(lost))));
  }

  @Test
  void getBlockTransactions_givesThoseOrTheWholeBlock() {
    Transaction payment = stage.payment();
    Block mined = stage.chain.mineWith(payment);

    assertThat(told(new GetBlockTransactions(mined.hash(), List.of(1))))
        .contains(new BlockTransactions(mined.hash(), List.of(payment)));
    assertThat(told(new GetBlockTransactions(mined.hash(), List.of())))
        .containsExactly(new BlockTransactions(mined.hash(), List.of()));
    assertThat(told(new GetBlockTransactions(Hash256.ZERO, List.of(0)))).isEmpty();
    assertThat(told(new GetBlockTransactions(at(10).hash(), List.of(0))))
        .containsExactly(new BlockMessage(at(10), true));
    assertThat(stage.faults()).isEmpty();
    told(new GetBlockTransactions(mined.hash(), List.of(0, 2)));
    assertThat(stage.faults()).containsExactly(Misbehaviour.BAD_REQUEST);
  }

  @Test
  void answers_toAPeerThatDoesNotRead_waitUntilItDoes() {
    stage.talk.happens(new Input.SendQueue(alice, SyncProtocol.SEND_QUEUE_BYTES + 1));
    stage.talk.says(alice, get(block(at(1))));
    stage.talk.says(alice, new GetHeaders(locator(at(18)), Hash256.ZERO));
    stage.talk.says(alice, new GetBlocks(locator(at(18)), Hash256.ZERO));
    stage.talk.says(alice, new Ping(1));
    stage.talk.pass(Duration.ofSeconds(1));
    assertThat(stage.said(ANSWERS)).isEmpty();

    stage.talk.happens(new Input.SendQueue(alice, 0));

    assertThat(stage.said(ANSWERS))
        .isEqualTo(
            """
            1.000 alice < block
            1.000 alice < headers 2
            1.000 alice < inv 2
            1.000 alice < pong
            """);
  }

  @Test
  void questions_withoutReading_areAFlood() {
    stage.talk.happens(new Input.SendQueue(alice, SyncProtocol.SEND_QUEUE_BYTES + 1));
    GetData most = new GetData(items(InventoryItem.MAX_IN_MESSAGE));
    stage.talk.says(alice, most);
    assertThat(stage.faults()).isEmpty();

    stage.talk.says(alice, most);
    assertThat(stage.faults()).containsExactly(Misbehaviour.FLOOD);
    int places = CompactBlock.MAX_TRANSACTIONS;
    stage.talk.says(
        alice, new GetBlockTransactions(at(1).hash(), IntStream.range(0, places).boxed().toList()));
    assertThat(stage.faults()).containsExactly(Misbehaviour.FLOOD);
  }

  @Test
  void asker_whoDoesNotRead_isCutWhenItWasGivenTime() {
    stage.talk.happens(new Input.SendQueue(alice, SyncProtocol.SEND_QUEUE_BYTES + 1));
    stage.talk.says(alice, new GetData(items(10)));
    stage.talk.pass(Duration.ofMillis(ChainServer.SLOWEST_READING_MILLIS - 1_000));
    assertThat(stage.faults()).isEmpty();
    stage.talk.pass(Duration.ofSeconds(2));
    assertThat(stage.faults()).containsExactly(Misbehaviour.SLOW_READER);
  }

  @Test
  void asker_whoReadsInBetween_isNotCut() {
    for (int i = 0; i < 3; i++) {
      stage.talk.happens(new Input.SendQueue(alice, SyncProtocol.SEND_QUEUE_BYTES + 1));
      stage.talk.says(alice, new GetData(items(10)));
      stage.talk.pass(Duration.ofMillis(ChainServer.SLOWEST_READING_MILLIS / 2));
      stage.talk.happens(new Input.SendQueue(alice, 0));
    }
    assertThat(stage.faults()).isEmpty();
  }

  private static List<InventoryItem> items(int count) {
    List<InventoryItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new InventoryItem(InventoryType.BLOCK, Hash256.ofWords(i, 0, 0, 9)));
    }
    return items;
  }

  @Test
  void answers_toManyQuestions_comeInPieces() {
    stage.talk.says(alice, new GetData(items(InventoryItem.MAX_IN_MESSAGE)));
    stage.talk.says(alice, new Ping(1));
    assertThat(stage.said(ANSWERS)).isEmpty();

    stage.talk.pass(Duration.ofMillis(10));

    assertThat(stage.said(ANSWERS))
        .isEqualTo(
            """
            0.002 alice < notfound 50000
            0.002 alice < pong
            """);
  }

  @Test
  void answers_toAPeerThatLeft_areForgotten() {
    stage.talk.says(alice, new GetData(items(InventoryItem.MAX_IN_MESSAGE)));

    stage.talk.leaves(alice);
    stage.talk.pass(Duration.ofMillis(10));

    assertThat(stage.said(ANSWERS)).isEmpty();
  }

  /** In header mode bitcoinj asks for 2,000 headers a time and then is told by headers or inv. */
  @Test
  void bitcoinj_inHeaderMode_getsTheChainAndThenTheNews() {
    RelayStage longer = RelayStage.withBlocks(2_100);
    PeerId client = client(longer);
    longer.talk.says(client, new GetHeaders(locator(at(longer, 0)), Hash256.ZERO));
    longer.talk.says(client, new GetHeaders(locator(at(longer, 2_000)), Hash256.ZERO));
    longer.talk.says(client, new GetHeaders(locator(at(longer, 2_100)), Hash256.ZERO));
    longer.chain.deliver(longer.chain.draftOn(longer.chain.tip()).reward(1).make());
    longer.wake();

    assertThat(longer.said(ANSWERS))
        .isEqualTo(
            """
            0.000 alice < headers 2000
            0.000 alice < headers 100
            0.000 alice < headers 0
            0.000 alice < inv 1
            """);
  }

  /** In full-block mode it counts on an inv of the tip behind the last block of a batch. */
  @Test
  void bitcoinj_inFullBlockMode_isToldOfTheTipBehindEachBatch() {
    RelayStage longer = RelayStage.withBlocks(1_100);
    PeerId client = client(longer);
    Block top = at(longer, 0);
    StringBuilder batches = new StringBuilder();
    for (int batch = 0; batch < 3; batch++) {
      longer.talk.says(client, new GetBlocks(locator(top), Hash256.ZERO));
      Inventory told = longer.talk.heardBy(client, Inventory.class).get(0);
      longer.talk.says(client, new GetData(told.items()));
      longer.talk.says(client, new Ping(batch));
      longer.talk.pass(Duration.ofSeconds(1));
      List<Message> heard = longer.talk.heardBy(client);
      List<Hash256> blocks = new ArrayList<>();
      for (Message message : heard) {
        if (message instanceof BlockMessage block) {
          blocks.add(block.block().hash());
        } else {
          batches.append(message.command()).append(' ');
        }
        if (message instanceof Inventory tip) {
          assertThat(tip.items()).extracting(InventoryItem::hash).containsExactly(longer.tip());
        }
      }
      assertThat(blocks).isEqualTo(told.items().stream().map(InventoryItem::hash).toList());
      batches.append(blocks.size()).append('\n');
      top = longer.chain.engine().block(blocks.get(blocks.size() - 1)).orElseThrow();
    }

    assertThat(batches.toString()).isEqualTo("inv pong 500\ninv pong 500\npong 100\n");
    assertThat(top.hash()).isEqualTo(longer.tip());
  }
}
