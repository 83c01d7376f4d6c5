package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleProof;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ApiSubmissionTest {
  private final TestApi api = TestApi.begin();

  @AfterEach
  void close() {
    api.close();
  }

  private static String hexBody(Transaction transaction) {
    return "{\"hex\":\"" + Bytes.of(transaction.toWire()).toHex() + "\"}";
  }

  private Transaction payment() {
    api.chain().mine(5);
    return api.chain().pay(api.chain().coin(), 10_000, 20_000);
  }

  @Test
  void mineBlock_thenSubmitMemberByMember_growsChain() {
    JsonNode answer = api.mineOver();

    assertThat(answer.get("status").asText()).isEqualTo("accepted");
    assertThat(answer.get("chain_length").asInt()).isEqualTo(2);
    assertThat(answer.get("block_hash").asText())
        .isEqualTo(api.chain().engine().view().tip().hash().toString());
  }

  @Test
  void mineBlock_withWaitingPayment_isSolvedWithItsWitness() {
    Transaction payment = payment();
    assertThat(api.post("/add_transaction", hexBody(payment)).status()).isEqualTo(200);

    api.mineOver();

    assertThat(api.chain().tip().transactions()).contains(payment);
  }

  @Test
  void submitBlock_orphanAndBadAndKnown_sayWhichTheyAre() {
    List<Block> branch = api.chain().branch(api.chain().tip(), 2);
    Block bad = api.chain().draftOn(api.chain().tip()).reward(ChainFixture.REWARD + 1).make();

    ApiResponse orphaned = api.post("/submit_block", TestApi.hex(branch.get(1)));
    ApiResponse refused = api.post("/submit_block", TestApi.hex(bad));
    ApiResponse accepted = api.post("/submit_block", TestApi.hex(branch.get(0)));

    assertThat(orphaned.status()).isEqualTo(202);
    assertThat(TestApi.json(orphaned).get("missing_parent").asText())
        .isEqualTo(branch.get(0).hash().toString());
    assertThat(refused.status()).isEqualTo(400);
    assertThat(TestApi.json(refused).get("status").asText()).isEqualTo("rejected");
    assertThat(TestApi.json(refused).get("error").asText()).isEqualTo("bad-cb-amount");
    assertThat(accepted.status()).isEqualTo(200);
    assertThat(TestApi.json(accepted).get("chain_length").asInt()).isEqualTo(3);
  }

  @Test
  void addTransaction_writtenAsTheApiWritesIt_isTheSameTransaction() {
    Transaction payment = payment();
    JsonNode written =
        TestApi.json(
            JsonWriterOf.transaction(
                payment, new BlockJson(api.chain().engine().params().addresses())));

    ApiResponse response = api.post("/receive_transaction", written.toString());

    assertThat(response.status()).isEqualTo(200);
    assertThat(TestApi.json(response).get("tx_id").asText()).isEqualTo(payment.txid().toString());
    assertThat(api.getJson("/transaction_pool").get("transactions").get(0).get("tx_id").asText())
        .isEqualTo(payment.txid().toString());
  }

  /** Writes one transaction. */
  private static final class JsonWriterOf {
    static String transaction(Transaction transaction, BlockJson json) {
      return json.transaction(JsonWriter.object(), transaction).end().toString();
    }
  }

  @Test
  void addTransaction_thatSpendsNothingKnown_isRejectedWithCode() {
    Transaction payment = payment();
    Transaction child = api.chain().pay(payment.outPoint(0), 5_000);

    JsonNode refused = TestApi.json(api.post("/broadcast_transaction", hexBody(child)));

    assertThat(refused.get("status").asText()).isEqualTo("rejected");
    assertThat(refused.get("error").asText()).isEqualTo("bad-txns-inputs-missingorspent");
    assertThat(refused.get("missing").get(0).asText()).isEqualTo(payment.txid() + ":0");
  }

  @Test
  void proof_ofMinedTransaction_leadsToMerkleRoot() {
    Transaction payment = payment();
    Block block = api.chain().mineWith(payment);

    JsonNode proof = api.getJson("/proof/" + payment.txid());

    List<Hash256> siblings = new ArrayList<>();
    proof.get("siblings").forEach(sibling -> siblings.add(Hash256.parse(sibling.asText())));
    MerkleProof read = new MerkleProof(proof.get("index").asInt(), siblings);
    assertThat(read.proves(payment.txid(), block.header().merkleRoot())).isTrue();
    assertThat(proof.get("merkle_root").asText()).isEqualTo(block.header().merkleRoot().toString());
    assertThat(api.get("/proof/" + "00".repeat(32)).status()).isEqualTo(404);
  }

  @Test
  void explain_ofEverything_saysWhyAndWhatIsMissing() {
    Transaction payment = payment();
    List<Block> branch = api.chain().branch(api.chain().tip(), 3);
    Block bad = api.chain().draftOn(api.chain().tip()).reward(ChainFixture.REWARD + 1).make();
    api.post("/submit_block", TestApi.hex(branch.get(1)));
    api.post("/submit_block", TestApi.hex(branch.get(2)));
    api.post("/submit_block", TestApi.hex(bad));
    api.post("/add_transaction", hexBody(payment));

    JsonNode orphan = api.getJson("/explain/" + branch.get(2).hash());
    JsonNode refused = api.getJson("/explain/" + bad.hash());
    JsonNode pending = api.getJson("/explain/" + payment.txid());
    JsonNode onChain = api.getJson("/explain/" + api.chain().tip().hash());

    assertThat(orphan.get("state").asText()).isEqualTo("orphan");
    assertThat(orphan.get("from").asText()).isEqualTo("api");
    assertThat(orphan.get("missing").asText()).isEqualTo(branch.get(0).hash().toString());
    assertThat(refused.get("state").asText()).isEqualTo("rejected");
    assertThat(refused.get("rule").asText()).isEqualTo("bad-cb-amount");
    assertThat(refused.get("from").asText()).isEqualTo("127.0.0.1:1");
    assertThat(pending.get("state").asText()).isEqualTo("pending");
    assertThat(onChain.get("state").asText()).isEqualTo("on_chain");
    api.chain().mineWith(payment);
    assertThat(api.getJson("/explain/" + payment.txid()).get("state").asText())
        .isEqualTo("confirmed");
    assertThat(api.get("/explain/" + "11".repeat(32)).status()).isEqualTo(404);
  }

  @Test
  void explain_ofTransactions_knowsBothNamesAndThoseThatWait() {
    Transaction payment = payment();
    Transaction child = api.chain().pay(new OutPoint(payment.txid(), 0), 4_000);
    api.post("/add_transaction", hexBody(child));

    JsonNode orphan = api.getJson("/explain/" + child.wtxid());
    assertThat(orphan.get("kind").asText()).isEqualTo("transaction");
    assertThat(orphan.get("state").asText()).isEqualTo("orphan");
    assertThat(orphan.get("hash").asText()).isEqualTo(child.txid().toString());
    assertThat(orphan.get("from").asText()).isEqualTo("api");
    assertThat(orphan.get("missing").asText()).isEqualTo(payment.txid().toString());
    assertThat(orphan.get("missing_coins").get(0).asText()).isEqualTo(payment.txid() + ":0");

    api.post("/add_transaction", hexBody(payment));
    assertThat(api.getJson("/explain/" + payment.wtxid()).get("state").asText())
        .isEqualTo("pending");
  }

  @Test
  void explain_ofBlockThatPeerSent_namesThePeer() {
    Block bad = api.chain().draftOn(api.chain().tip()).reward(ChainFixture.REWARD + 1).make();
    api.chain().engine().accept(bad, 7, api.chain().now());
    api.handler()
        .heard(
            new SyncEvent.PeerMisbehaved(
                new PeerId(7), Misbehaviour.INVALID_BLOCK, "block " + bad.hash() + ": bad"));

    JsonNode refused = api.getJson("/explain/" + bad.hash());

    assertThat(refused.get("rule").asText()).isEqualTo("bad-cb-amount");
    assertThat(refused.get("from").asText()).startsWith("peer 7");
  }

  @Test
  void balance_withWaitingPayment_tellsWhatItWouldChange() {
    for (int i = 0; i < 4; i++) {
      api.mineOver();
    }
    JsonNode coin = api.getJson("/utxos/" + api.address()).get("utxos").get(0);
    String body =
        "{\"version\":2,\"inputs\":[{\"tx_id\":"
            + coin.get("tx_id")
            + ",\"output_index\":"
            + coin.get("output_index")
            + ",\"witness\":[\"00\"]}],\"outputs\":[{\"amount\":\"0.0003\",\"recipient_address\":\""
            + api.address()
            + "\"}]}";

    ApiResponse response = api.post("/add_transaction", body);

    // The fixture's marked signatures judge the witness; either way nothing breaks.
    if (response.status() == 200) {
      JsonNode balance = api.getJson("/balance/" + api.address());
      assertThat(balance.get("pending").decimalValue()).isEqualByComparingTo("-0.0002");
      assertThat(
              api.getJson("/utxos/" + api.address())
                  .get("utxos")
                  .get(0)
                  .get("spent_in_pool")
                  .asBoolean())
          .isTrue();
    } else {
      assertThat(TestApi.json(response).get("status").asText()).isEqualTo("rejected");
    }
  }

  @Test
  void syncNow_withPeerAhead_catchesUp() throws InterruptedException {
    MemoryNetwork network = MemoryNetwork.immediate();
    try (TestApi behind = TestApi.on(network, 3);
        TestApi ahead = TestApi.on(network, 4)) {
      ahead.chain().mine(8);
      ApiResponse added = behind.post("/addpeer", "{\"peer_url\":\"10.4.0.1:8333\"}");
      behind.await(SyncEvent.PeerReady.class);
      behind.await(SyncEvent.CaughtUp.class);

      assertThat(TestApi.json(added).get("status").asText()).isEqualTo("success");
      JsonNode synced = TestApi.json(behind.post("/sync_now", ""));
      assertThat(synced.get("status").asText()).isEqualTo("no_sync_needed");
      assertThat(synced.get("current_length").asInt()).isEqualTo(9);
      assertThat(synced.get("peer_length").asInt()).isEqualTo(9);
      JsonNode peers = behind.getJson("/peers");
      assertThat(peers.get("peers").get(0).asText()).isEqualTo("10.4.0.1:8333");
      assertThat(peers.get("peer_count").asInt()).isEqualTo(1);
      JsonNode details = peers.get("peer_details").get("10.4.0.1:8333");
      assertThat(details.get("is_active").asBoolean()).isTrue();
      assertThat(details.get("last_seen").isFloatingPointNumber()).isTrue();
      assertThat(behind.getJson("/getpeers").get("count").asInt()).isEqualTo(1);
      assertThat(behind.getJson("/stats").get("peer_features").get("10.4.0.1:8333")).isNotEmpty();
      assertThat(
              TestApi.json(behind.post("/addpeer", "{\"peer_url\":\"10.4.0.1:8333\"}"))
                  .get("status")
                  .asText())
          .isEqualTo("exists");
      assertThat(TestApi.text(behind.get("/status/human"))).contains("10.4.0.1:8333");
    }
  }

  @Test
  void configRefresh_operational_changesAndConsensusConflicts() {
    ApiResponse changed =
        api.post("/config/refresh", "{\"sync.mempool.interval_seconds\":20,\"max_peers\":30}");
    ApiResponse consensus = api.post("/config/refresh", "{\"block_reward\":100}");
    ApiResponse difficulty = api.post("/difficulty/set", "{\"difficulty\":3}");
    ApiResponse unknown = api.post("/config/refresh", "{\"colour\":\"green\"}");
    ApiResponse outside = api.post("/config/refresh", "{\"max_peers\":1}");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(api.getJson("/status").get("mempool_sync").get("interval").asInt()).isEqualTo(20);
    assertThat(api.getJson("/network_config").get("max_peers").asInt()).isEqualTo(30);
    assertThat(consensus.status()).isEqualTo(409);
    assertThat(TestApi.json(consensus).get("error").asText()).contains("block_reward");
    assertThat(difficulty.status()).isEqualTo(409);
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(outside.status()).isEqualTo(400);
    ApiResponse empty = api.post("/config/refresh", "");
    assertThat(empty.status()).isEqualTo(200);
    assertThat(((ObjectNode) TestApi.json(empty)).get("status").asText()).isEqualTo("success");
  }

  @Test
  void configRefresh_aMemberBesideSettings_isRefusedAndChangesNothing() {
    ApiResponse alone = api.post("/config/refresh", "{\"settings\":{\"max_peers\":31}}");
    ApiResponse consensus =
        api.post("/config/refresh", "{\"settings\":{\"max_peers\":32},\"block_reward\":5}");
    ApiResponse other =
        api.post("/config/refresh", "{\"settings\":{\"max_peers\":33},\"min_peers\":[1]}");

    assertThat(alone.status()).isEqualTo(200);
    assertThat(consensus.status()).isEqualTo(409);
    assertThat(TestApi.json(consensus).get("error").asText()).contains("block_reward");
    assertThat(other.status()).isEqualTo(400);
    assertThat(TestApi.json(other).get("error").asText()).startsWith("min_peers stands beside");
    assertThat(api.getJson("/network_config").get("max_peers").asInt()).isEqualTo(31);
  }

  @Test
  void configRefresh_aDocumentThatIsNone_isTheCallersMistake() {
    ApiResponse noHex = api.post("/config/refresh", "{\"document\":\"xy\"}");
    ApiResponse noDocument = api.post("/config/refresh", "{\"document\":\"00ff\"}");
    ApiResponse notAlone = api.post("/config/refresh", "{\"document\":\"00\",\"max_peers\":30}");

    assertThat(noHex.status()).isEqualTo(400);
    assertThat(noDocument.status()).isEqualTo(400);
    assertThat(TestApi.json(noDocument).get("error").asText()).startsWith("document is none: ");
    assertThat(notAlone.status()).isEqualTo(400);
    assertThat(TestApi.json(notAlone).get("error").asText()).startsWith("document stands alone");
  }

  @Test
  void configRefresh_aConsensusName_conflictsWhateverElseIsWrong() {
    assertThat(
            Stream.of(
                    "{\"document\":\"00\",\"block_reward\":5}",
                    "{\"block_reward\":5,\"document\":\"xy\",\"colour\":[1]}",
                    "{\"settings\":{\"colour\":[1],\"block_reward\":[5]}}",
                    "{\"block_reward\":{\"coins\":5}}")
                .map(body -> api.post("/config/refresh", body)))
        .allSatisfy(
            refused -> {
              assertThat(refused.status()).isEqualTo(409);
              assertThat(TestApi.json(refused).get("error").asText()).startsWith("block_reward is");
            });
  }

  @Test
  void difficultySet_besideAReportInterval_changesNeither() {
    ApiResponse both = api.post("/difficulty/set", "{\"report_interval\":77,\"difficulty\":3}");

    assertThat(both.status()).isEqualTo(409);
    assertThat(TestApi.json(api.post("/config/refresh", "")).get("settings").toString())
        .doesNotContain(":\"77\"");
  }

  @Test
  void metrics_always_arePrometheusText() {
    api.chain().mine(2);

    ApiResponse metrics = api.get("/metrics");

    assertThat(metrics.headers().get("Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(TestApi.text(metrics)).contains("\nchaincore_chain_height 2\n");
    for (String line : TestApi.text(metrics).lines().toList()) {
      assertThat(line)
          .matches(
              "# (HELP|TYPE) chaincore_[a-z_]+ .+"
                  + "|chaincore_[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})?"
                  + " -?[0-9.]+(E-?[0-9]+)?");
    }
  }
}
