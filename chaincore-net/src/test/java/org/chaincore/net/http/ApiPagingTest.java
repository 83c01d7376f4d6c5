package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that begin beyond the end, end in the middle, or are asked for wrongly. */
@Timeout(60)
final class ApiPagingTest {
  private final TestApi api = TestApi.begin();

  @AfterEach
  void close() {
    api.close();
  }

  private static String hexBody(Transaction transaction) {
    return "{\"hex\":\"" + Bytes.of(transaction.toWire()).toHex() + "\"}";
  }

  private void offerPayments(int count) {
    api.chain().mine(ChainFixture.MATURITY + count);
    for (int i = 0; i < count; i++) {
      Transaction payment = api.chain().pay(api.chain().coin(), 10_000, 20_000);
      assertThat(api.post("/add_transaction", hexBody(payment)).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "start=0&limit=2,2,2",
    "start=4&limit=5,2,-1",
    "start=5,1,-1",
    "start=6,0,-1",
    "start=2147483647&limit=100,0,-1",
  })
  void blockchain_fromAnywhere_tellsWhereItGoesOn(String query, int count, int next) {
    api.chain().mine(5);

    JsonNode page = api.getJson("/blockchain?" + query);

    assertThat(page.get("chain")).hasSize(count);
    assertThat(page.get("length").asInt()).isEqualTo(6);
    assertThat(page.get("next").isNull()).isEqualTo(next < 0);
    assertThat(page.get("next").asInt(-1)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(strings = {"start=-1", "start=x", "limit=0", "limit=-5", "start=2147483648"})
  void blockchain_askedWrongly_isTheCallersMistake(String query) {
    assertThat(api.get("/blockchain?" + query).status()).isEqualTo(400);
    assertThat(api.get("/blockchain/headers?" + query).status()).isEqualTo(400);
  }

  @Test
  void range_beyondTheChainOrBackwards_isEmptyOrTheCallersMistake() {
    api.chain().mine(3);

    assertThat(api.getJson("/blocks/range?start=1&end=3").get("blocks")).hasSize(2);
    assertThat(api.getJson("/blocks/range?start=9&end=12").get("actual_count").asInt()).isZero();
    assertThat(api.get("/blocks/range?start=3&end=1").status()).isEqualTo(400);
  }

  @Test
  void transactionPool_pageByPage_tellsAllOnce() {
    offerPayments(3);

    JsonNode first = api.getJson("/transaction_pool?limit=2");
    JsonNode second = api.getJson("/transaction_pool?start=2&limit=2");
    JsonNode beyond = api.getJson("/transaction_pool?start=9");

    assertThat(first.get("transactions")).hasSize(2);
    assertThat(first.get("next").asInt()).isEqualTo(2);
    assertThat(second.get("transactions")).hasSize(1);
    assertThat(second.get("next").isNull()).isTrue();
    assertThat(beyond.get("transactions")).isEmpty();
  }

  @Test
  void orphans_moreThanAPage_areCutAtItsLimit() {
    List<Block> branch = api.chain().branch(api.chain().tip(), 4);
    for (Block orphan : branch.subList(1, 4)) {
      assertThat(api.post("/submit_block", TestApi.hex(orphan)).status()).isEqualTo(202);
    }

    JsonNode two = api.getJson("/orphaned_blocks?limit=2");
    JsonNode rest = api.getJson("/orphaned_blocks?start=2");
    JsonNode beyond = api.getJson("/orphaned_blocks?start=99");

    assertThat(two.get("count").asInt()).isEqualTo(2);
    assertThat(two.get("total").asInt()).isEqualTo(3);
    assertThat(rest.get("orphaned_blocks")).hasSize(1);
    assertThat(rest.get("orphaned_blocks").get(0).get("kind").asText()).isEqualTo("orphan");
    assertThat(beyond.get("count").asInt()).isZero();
  }

  @Test
  void stale_thatIsBackOnTheChain_isListedNoMore() {
    ChainFixture.Fork fork = api.chain().fork(1, 2);
    api.chain().deliver(fork.left());
    api.chain().deliver(fork.right());
    assertThat(api.getJson("/orphaned_blocks").get("count").asInt()).isEqualTo(1);
    assertThat(api.getJson("/explain/" + fork.left().get(0).hash()).get("state").asText())
        .isEqualTo("stale");

    api.chain().deliver(api.chain().branch(fork.left().get(0), 3));

    JsonNode stale = api.getJson("/orphaned_blocks");
    assertThat(stale.get("count").asInt()).isEqualTo(2);
    stale
        .get("orphaned_blocks")
        .forEach(
            block ->
                assertThat(block.get("hash").asText())
                    .isNotEqualTo(fork.left().get(0).hash().toString()));
  }

  @Test
  void addresses_pageByPage_tellAllAndEnd() {
    for (int i = 0; i < 5; i++) {
      api.mineOver();
    }
    String coins = "/utxos/" + api.address();
    String history = "/transactions/" + api.address();

    assertThat(api.getJson(coins + "?limit=2").get("next").asInt()).isEqualTo(2);
    assertThat(api.getJson(coins + "?start=2&limit=3").get("next").isNull()).isTrue();
    assertThat(api.getJson(coins + "?start=9").get("utxos")).isEmpty();
    assertThat(api.getJson(history + "?limit=2").get("next").asInt()).isEqualTo(2);
    assertThat(api.getJson(history + "?start=2").get("next").isNull()).isTrue();
    assertThat(api.getJson(history + "?start=9").get("count").asInt()).isZero();
    assertThat(api.getJson(history + "?start=9&limit=1").get("next").isNull()).isTrue();
    JsonNode coin = api.getJson(coins).get("utxos").get(4);
    assertThat(coin.get("mature").asBoolean()).isFalse();
    assertThat(api.getJson(coins).get("utxos").get(0).get("mature").asBoolean()).isTrue();
    assertThat(api.get("/balance/nobody").status()).isEqualTo(400);
  }

  @Test
  void history_withAWaitingPayment_hasItLast() {
    offerPayments(1);
    JsonNode pool = api.getJson("/transaction_pool").get("transactions").get(0);
    String to = pool.get("outputs").get(0).get("recipient_address").asText();

    JsonNode history = api.getJson("/transactions/" + to);
    JsonNode last = history.get("transactions").get(history.get("count").asInt() - 1);

    assertThat(last.get("tx_id")).isEqualTo(pool.get("tx_id"));
    assertThat(last.get("block_index").isNull()).isTrue();
    assertThat(last.get("confirmations").asInt()).isZero();
  }

  @Test
  void explain_ofAPaymentThatLeft_saysWhy() {
    api.chain().mine(5);
    Transaction first = api.chain().pay(api.chain().coin(), 10_000, 20_000);
    assertThat(api.post("/add_transaction", hexBody(first)).status()).isEqualTo(200);
    Transaction conflict = api.chain().pay(first.inputs().get(0).previousOutput(), 5_000, 6_000);
    api.chain().mineWith(conflict);

    JsonNode why = api.getJson("/explain/" + first.txid());

    assertThat(why.get("state").asText()).isEqualTo("removed");
    assertThat(why.get("rule").asText()).isEqualTo("conflict");
  }

  private JsonNode template() {
    return TestApi.json(api.post("/mine_block", "{\"miner_address\":\"" + api.address() + "\"}"))
        .get("block_template");
  }

  private ApiResponse submit(Consumer<ObjectNode> change) {
    ObjectNode block = (ObjectNode) template();
    block.remove("hash");
    change.accept(block);
    return api.post("/submit_block", block.toString());
  }

  private static void assertRefused(ApiResponse answer, String why) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(TestApi.text(answer)).contains(why);
  }

  @Test
  void submitBlock_withAMemberThatIsWrong_namesIt() {
    assertRefused(submit(block -> block.put("hash", "00".repeat(32))), "hash is not that");
    assertRefused(submit(block -> block.put("bits", "7fffff")), "bits is not 8 hex digits");
    assertRefused(submit(block -> block.put("bits", "zzzzzzzz")), "bits is not 8 hex digits");
    assertRefused(submit(block -> block.put("nonce", -1)), "nonce is outside");
    assertRefused(submit(block -> block.remove("merkle_root")), "merkle_root is missing");
    assertRefused(submit(block -> block.put("transactions", "x")), "transactions is not an array");
    assertRefused(
        submit(
            block -> ((ObjectNode) block.get("transactions").get(0)).put("tx_id", "11".repeat(32))),
        "tx_id is not that");
    assertRefused(api.post("/submit_block", "{\"hex\":\"00\"}"), "hex: ");
    assertRefused(api.post("/submit_block", "{\"block\":{\"hex\":\"00\"}}"), "hex: ");
  }

  @Test
  void submitBlock_insideABlockMember_isTakenToo() {
    Block next = api.chain().branch(api.chain().tip(), 1).get(0);

    ApiResponse answer = api.post("/submit_block", "{\"block\":" + TestApi.hex(next) + "}");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void addTransaction_insideATransactionMember_isJudgedToo() {
    api.chain().mine(5);
    Transaction payment = api.chain().pay(api.chain().coin(), 10_000, 20_000);

    assertThat(api.post("/add_transaction", "{\"transaction\":" + hexBody(payment) + "}").status())
        .isEqualTo(200);
    assertRefused(api.post("/add_transaction", "{\"inputs\":[],\"outputs\":[]}"), "error");
    assertRefused(
        api.post(
            "/add_transaction",
            "{\"inputs\":[{\"tx_id\":\""
                + "11".repeat(32)
                + "\",\"output_index\":0,\"script_sig\":\"00\",\"sequence\":4294967296}],"
                + "\"outputs\":[]}"),
        "sequence is outside");
    assertRefused(
        api.post(
            "/add_transaction",
            "{\"inputs\":[{\"tx_id\":\""
                + "11".repeat(32)
                + "\",\"output_index\":0,\"script_sig\":\"00\"}],"
                + "\"outputs\":[{\"amount\":1,\"script_pubkey\":\"6a\"},"
                + "{\"amount\":1,\"recipient_address\":\"me\"}]}"),
        "not an address of this network");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "99999999999999999999", "1.5"})
  void events_fromNoCursor_areRefused(String id) {
    assertThat(api.ask(api.request("GET", "/events", "", "Last-Event-ID", id)).status())
        .isEqualTo(400);
    assertThat(api.get("/events?from=" + id).status()).isEqualTo(400);
  }

  @Test
  void events_withAnEmptyId_beginNow() {
    ApiResponse answer = api.ask(api.request("GET", "/events", "", "Last-Event-ID", ""));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.stream()).isNotNull();
  }

  @Test
  void withoutAnIndex_whatNeedsOneIs503() {
    try (TestApi poor = TestApi.withoutIndex()) {
      assertThat(poor.get("/balance/" + poor.address()).status()).isEqualTo(503);
      assertThat(poor.get("/proof/" + "11".repeat(32)).status()).isEqualTo(503);
      assertThat(poor.get("/explain/" + "11".repeat(32)).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "fifteen-letters",
        "with a space in it",
        "with\ttab-in-the-text",
        "späte-umlaute-im-text",
        "LONG"
      })
  void token_thatIsNone_isRefused(String text) {
    String token = text.equals("LONG") ? "x".repeat(1_025) : text;

    assertThatThrownBy(() -> ApiToken.of(token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 to 1024");
  }
}
