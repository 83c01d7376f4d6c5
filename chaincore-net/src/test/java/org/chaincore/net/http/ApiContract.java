package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and types that clients rely on, written down apart from the code that makes them. */
@Timeout(60)
abstract class ApiContract {
  private static final String BLOCK_NAMES =
      "index:int hash:hash previous_hash:hash merkle_root:hash timestamp:float nonce:int bits:string"
          + " target_difficulty:int version:int transaction_count:int block_size:int"
          + " transactions:array";
  private static final String NETWORK_WIDE =
      "total_nodes:int max_chain_length:int min_chain_length:int avg_chain_length:float"
          + " avg_peers_per_node:float last_aggregation:float total_hash_rate:float"
          + " average_block_time:float network_difficulty:float";

  private final TestApi api;

  ApiContract(TestApi api) {
    this.api = api;
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static void check(JsonNode object, String names) {
    for (String name : names.split(" ", -1)) {
      String[] pair = name.split(":", -1);
      JsonNode value = object.get(pair[0]);
      assertThat(value).as(pair[0] + " of " + TestApi.names(object)).isNotNull();
      assertThat(isOf(value, pair[1])).as(pair[0] + " is " + pair[1] + ": " + value).isTrue();
    }
  }

  private static boolean isOf(JsonNode value, String type) {
    return switch (type) {
      case "int" -> value.isIntegralNumber();
      case "float" -> value.isFloatingPointNumber();
      case "string" -> value.isTextual();
      case "hash" -> value.isTextual() && value.textValue().matches("[0-9a-f]{64}");
      case "bool" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> throw new IllegalArgumentException(type);
    };
  }

  @Test
  void status_ofFreshNode_hasContractsNamesTypesAndDefaults() {
    api.chain().mine(3);

    JsonNode status = api.getJson("/status");

    check(
        status,
        "node_id:string blockchain_length:int pending_transactions:int peers:int"
            + " target_difficulty:int uptime:float thread_safe:bool api_calls:int"
            + " peer_discovery:object blockchain_sync:object mempool_sync:object"
            + " network_stats_sync:object network_wide_stats:object");
    check(
        status.get("peer_discovery"),
        "total_peers:int active_peers:int continuous_discovery_enabled:bool discovery_interval:int"
            + " peer_limits:object");
    check(
        status.get("peer_discovery").get("peer_limits"),
        "min_peers:int target_peers:int max_peers:int");
    check(
        status.get("blockchain_sync"),
        "auto_sync_enabled:bool sync_interval:int successful_syncs:int failed_syncs:int"
            + " last_sync_time:float");
    check(status.get("mempool_sync"), "enabled:bool interval:int syncs_completed:int");
    check(status.get("network_stats_sync"), "enabled:bool interval:int syncs_completed:int");
    check(status.get("network_wide_stats"), NETWORK_WIDE);
    assertThat(status.get("blockchain_length").asInt()).isEqualTo(4);
    assertThat(status.get("blockchain_sync").get("sync_interval").asInt()).isEqualTo(30);
    assertThat(status.get("mempool_sync").get("interval").asInt()).isEqualTo(15);
    assertThat(status.get("network_stats_sync").get("interval").asInt()).isEqualTo(60);
    assertThat(status.get("peer_discovery").get("discovery_interval").asInt()).isEqualTo(60);
  }

  @Test
  void stats_ofFreshNode_hasContractsNamesAndTypes() {
    api.chain().mine(2);

    JsonNode stats = api.getJson("/stats");

    check(
        stats.get("node_stats"),
        "node_id:string uptime:float api_calls:int blocks_processed:int"
            + " transactions_processed:int");
    check(
        stats.get("blockchain_stats"),
        "blocks_processed:int transactions_processed:int utxo_count:int chain_length:int");
    check(
        stats.get("peer_stats"),
        "total_peers:int active_peers:int discovery_attempts:int successful_connections:int"
            + " failed_connections:int peer_timeouts:int network_status:string");
    for (String lock : List.of("chain", "utxo", "mempool")) {
      check(
          stats.get("lock_stats").get(lock),
          "acquisitions:int contentions:int max_wait_time:float deadlock_attempts:int");
    }
    check(stats.get("network_wide_stats"), NETWORK_WIDE);
    check(
        stats.get("orphan_pool"),
        "size:int capacity:int bytes:int received:int recovered:int expired:int evicted:int"
            + " rejected_pow:int");
    check(
        stats.get("mempool_sync"),
        "rounds:int sketch_failures:int fallback_inv:int bytes:int duplicates:int");
    assertThat(stats.get("peer_features").isObject()).isTrue();
    check(stats.get("difficulty"), "rule:string level:int bits:string last_adjustment_height:int");
    assertThat(stats.get("blockchain_stats").get("chain_length").asInt()).isEqualTo(3);
    assertThat(stats.get("blockchain_stats").get("blocks_processed").asInt()).isEqualTo(2);
    assertThat(stats.get("peer_stats").get("network_status").asText()).isEqualTo("isolated");
  }

  @Test
  void networkConfig_always_isFlatWithContractsNames() {
    JsonNode config = api.getJson("/network_config");

    check(
        config,
        "block_reward:float blockchain_difficulty:int current_difficulty:int"
            + " deadlock_detection_enabled:bool default_api_port:int default_p2p_port:int"
            + " default_transaction_fee:float difficulty_adjustment_enabled:bool"
            + " difficulty_adjustment_interval:int lock_timeout:float max_block_size:int"
            + " mining_timeout:int peer_discovery_range:array target_block_time:int"
            + " min_difficulty:int max_difficulty:int max_difficulty_change:int"
            + " coinbase_maturity:int max_peers:int min_peers:int target_peers:int"
            + " network_magic:string protocol_version:int");
    config.forEach(value -> assertThat(value.isObject()).isFalse());
    assertThat(config.get("peer_discovery_range")).hasSize(2);
    assertThat(config.get("max_peers").asInt()).isEqualTo(20);
  }

  @Test
  void orphanedBlocks_orphanAndStale_saysWhichIsWhich() {
    api.chain().mine(1);
    ChainFixture.Fork fork = api.chain().fork(1, 2);
    api.chain().deliver(fork.left());
    api.chain().deliver(fork.right());
    Block parentless = api.chain().branch(api.chain().tip(), 2).get(1);
    api.chain().deliver(parentless);

    JsonNode orphaned = api.getJson("/orphaned_blocks");

    assertThat(orphaned.get("count").asInt()).isEqualTo(2);
    JsonNode stale = orphaned.get("orphaned_blocks").get(0);
    JsonNode orphan = orphaned.get("orphaned_blocks").get(1);
    check(stale, BLOCK_NAMES + " kind:string");
    check(orphan, BLOCK_NAMES + " kind:string");
    assertThat(stale.get("kind").asText()).isEqualTo("stale");
    assertThat(stale.get("hash").asText()).isEqualTo(fork.left().get(0).hash().toString());
    assertThat(orphan.get("kind").asText()).isEqualTo("orphan");
    assertThat(orphan.get("index").asInt()).isEqualTo(5);
  }

  @Test
  void syncTriggers_withoutPeers_sayInitiatedAndGiveReceipt() {
    for (String[] expected :
        new String[][] {
          {"/sync_mempool", "Mempool synchronization initiated"},
          {"/sync_network_stats", "Network statistics synchronization initiated"}
        }) {
      ApiResponse response = api.post(expected[0], "");

      assertThat(response.status()).isEqualTo(200);
      JsonNode answer = TestApi.json(response);
      assertThat(answer.get("status").asText()).isEqualTo("sync_triggered");
      assertThat(answer.get("message").asText()).isEqualTo(expected[1]);
      check(
          answer.get("receipt"),
          "peers_asked:int offered:int wanted:int received:int duplicates:int bytes:int");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/blockchain | length:int chain:array",
        "/blockchain/headers | headers:array count:int",
        "/blocks/range | status:string blocks:array start_index:int end_index:int actual_count:int",
        "/chain/info | status:string chain_info:object node_id:string api_port:int",
        "/transaction_pool | transactions:array count:int",
        "/peers | peers:array active_peers:array peer_count:int peer_details:object",
        "/getpeers | status:string node_id:string peers:array count:int timestamp:float",
        "/nodes | nodes:array count:int",
        "/nodes/active | nodes:array count:int",
        "/nodes/stats | heard:bool",
        "/status/detailed | genesis_difficulty:int mining_difficulty:int chain_length:int",
        "/health/live | status:string",
        "/health/ready | status:string",
        "/openapi.json | openapi:string paths:object"
      })
  void reads_ofAnyNode_haveContractsNames(String path, String names) {
    api.chain().mine(2);

    check(api.getJson(path), names);
  }

  @Test
  void blocksAndHeaders_ofChain_haveContractsNames() {
    api.chain().mine(4);
    api.chain().mineWith(api.chain().pay(api.chain().coin(), 1_000, 2_000));

    JsonNode block = api.getJson("/blockchain?start=5").get("chain").get(0);

    check(block, BLOCK_NAMES);
    JsonNode payment = block.get("transactions").get(1);
    check(payment, "tx_id:hash version:int inputs:array outputs:array lock_time:int");
    check(
        payment.get("inputs").get(0), "tx_id:hash output_index:int script_sig:string sequence:int");
    check(
        payment.get("outputs").get(0),
        "amount:float recipient_address:string script_pubkey:string");
    assertThat(payment.get("outputs").get(0).get("amount").decimalValue())
        .isEqualByComparingTo("0.00001");
    check(
        api.getJson("/blockchain/headers").get("headers").get(0),
        "index:int hash:hash previous_hash:hash timestamp:float target_difficulty:int nonce:int"
            + " merkle_root:hash");
    check(
        api.getJson("/chain/info").get("chain_info"),
        "length:int genesis_hash:hash latest_hash:hash latest_timestamp:float latest_index:int");
  }

  @Test
  void blockchain_longerThanPage_isReadPageByPage() {
    api.chain().mine(230);

    JsonNode first = api.getJson("/blockchain");
    JsonNode second = api.getJson("/blockchain?start=" + first.get("next").asInt());
    JsonNode last = api.getJson("/blockchain?limit=1000&start=" + second.get("next").asInt());

    assertThat(first.get("length").asInt()).isEqualTo(231);
    assertThat(first.get("chain")).hasSize(100);
    assertThat(second.get("chain")).hasSize(100);
    assertThat(last.get("chain")).hasSize(31);
    assertThat(last.get("next").isNull()).isTrue();
    assertThat(last.get("chain").get(30).get("index").asInt()).isEqualTo(230);
    assertThat(api.getJson("/blockchain?start=5000").get("chain")).isEmpty();
  }

  @Test
  void blocksRange_beyondBounds_isCut() {
    api.chain().mine(150);

    JsonNode range = api.getJson("/blocks/range?start=10&end=149");

    assertThat(range.get("actual_count").asInt()).isEqualTo(100);
    assertThat(range.get("start_index").asInt()).isEqualTo(10);
    assertThat(range.get("end_index").asInt()).isEqualTo(149);
    assertThat(range.get("blocks").get(99).get("index").asInt()).isEqualTo(109);
    assertThat(api.get("/blocks/range?start=5&end=4").status()).isEqualTo(400);
  }

  @Test
  void balanceUtxosTransactions_ofMiner_addUp() {
    String address = null;
    for (int i = 0; i < 5; i++) {
      address = api.address();
      api.mineOver();
    }

    JsonNode balance = api.getJson("/balance/" + address);
    JsonNode coins = api.getJson("/utxos/" + address + "?limit=2");
    JsonNode history = api.getJson("/transactions/" + address);

    check(balance, "balance:float address:string mature:float immature:float");
    assertThat(balance.get("balance").decimalValue()).isEqualByComparingTo("0.0025");
    assertThat(balance.get("mature").decimalValue()).isEqualByComparingTo("0.0015");
    check(coins, "utxos:array count:int");
    assertThat(coins.get("utxos")).hasSize(2);
    assertThat(coins.get("next").asInt()).isEqualTo(2);
    check(coins.get("utxos").get(0), "tx_id:hash output_index:int amount:float");
    assertThat(history.get("transactions")).hasSize(5);
    check(
        history.get("transactions").get(0),
        "tx_id:hash amount:float block_index:int block_hash:hash timestamp:float"
            + " confirmations:int");
  }

  @Test
  void balance_ofUnknownOrInvalidAddress_isEmptyOr400() {
    assertThat(api.getJson("/balance/" + api.address()).get("balance").decimalValue())
        .isEqualByComparingTo("0");
    assertThat(api.getJson("/utxos/" + api.address()).get("utxos")).isEmpty();
    assertThat(api.getJson("/transactions/" + api.address()).get("transactions")).isEmpty();
    for (String path : List.of("/balance/", "/utxos/", "/transactions/")) {
      ApiResponse response = api.get(path + "nonsense");
      assertThat(response.status()).isEqualTo(400);
      assertThat(TestApi.json(response).get("status").asText()).isEqualTo("error");
    }
  }

  @Test
  void balance_withoutIndex_isUnavailable() {
    try (TestApi plain = TestApi.withoutIndex()) {
      ApiResponse response = plain.get("/balance/" + plain.address());

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.headers()).containsKey("Retry-After");
    }
  }
}
