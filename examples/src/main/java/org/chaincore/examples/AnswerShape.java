package org.chaincore.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What clients of a node read in its answers: names and types, as the contract of the HTTP
 * interface has them. Fields may be added to an answer; none may be missing, or of another type.
 */
final class AnswerShape {
  private static final String NETWORK_WIDE =
      "total_nodes:int max_chain_length:int min_chain_length:int avg_chain_length:number"
          + " avg_peers_per_node:number last_aggregation:number total_hash_rate:number"
          + " average_block_time:number network_difficulty:number";

  /** Paths of the interface, and what is read of each. A dot leads into an object. */
  static final Map<String, String> CONTRACT =
      Map.of(
          "/status",
          "node_id:string blockchain_length:int pending_transactions:int peers:int"
              + " target_difficulty:int uptime:number thread_safe:bool api_calls:int"
              + " peer_discovery.total_peers:int peer_discovery.active_peers:int"
              + " peer_discovery.continuous_discovery_enabled:bool"
              + " peer_discovery.discovery_interval:int"
              + " peer_discovery.peer_limits.min_peers:int"
              + " peer_discovery.peer_limits.target_peers:int"
              + " peer_discovery.peer_limits.max_peers:int"
              + " blockchain_sync.auto_sync_enabled:bool blockchain_sync.sync_interval:int"
              + " blockchain_sync.successful_syncs:int blockchain_sync.failed_syncs:int"
              + " blockchain_sync.last_sync_time:number mempool_sync.enabled:bool"
              + " mempool_sync.interval:int mempool_sync.syncs_completed:int"
              + " network_stats_sync.enabled:bool network_stats_sync.interval:int"
              + " network_stats_sync.syncs_completed:int"
              + within("network_wide_stats", NETWORK_WIDE),
          "/stats",
          "node_stats.node_id:string node_stats.uptime:number node_stats.api_calls:int"
              + " node_stats.blocks_processed:int node_stats.transactions_processed:int"
              + " blockchain_stats.blocks_processed:int"
              + " blockchain_stats.transactions_processed:int blockchain_stats.utxo_count:int"
              + " blockchain_stats.chain_length:int peer_stats.total_peers:int"
              + " peer_stats.active_peers:int peer_stats.discovery_attempts:int"
              + " peer_stats.successful_connections:int peer_stats.failed_connections:int"
              + " peer_stats.peer_timeouts:int peer_stats.network_status:string"
              + " lock_stats:object"
              + within("network_wide_stats", NETWORK_WIDE),
          "/network_config",
          "block_reward:number blockchain_difficulty:int current_difficulty:int"
              + " deadlock_detection_enabled:bool default_api_port:int default_p2p_port:int"
              + " default_transaction_fee:number difficulty_adjustment_enabled:bool"
              + " difficulty_adjustment_interval:int lock_timeout:number max_block_size:int"
              + " mining_timeout:int peer_discovery_range:array target_block_time:int"
              + " min_difficulty:int max_difficulty:int max_difficulty_change:int"
              + " coinbase_maturity:int max_peers:int min_peers:int target_peers:int"
              + " network_magic:string protocol_version:int",
          "/peers",
          "peers:array active_peers:array peer_count:int peer_details:object",
          "/chain/info",
          "status:string chain_info.length:int chain_info.genesis_hash:hash"
              + " chain_info.latest_hash:hash chain_info.latest_timestamp:number"
              + " chain_info.latest_index:int node_id:string api_port:int",
          "/orphaned_blocks",
          "orphaned_blocks:array count:int");

  /** At most so many faults of one answer are told. */
  private static final int MAX_FAULTS = 5;

  private AnswerShape() {}

  private static String within(String object, String fields) {
    return " " + object + "." + fields.replace(" ", " " + object + ".");
  }

  /** What is wrong with an answer; empty if nothing is. */
  static List<String> faults(String path, JsonNode answer) {
    List<String> faults = new ArrayList<>();
    for (String field : CONTRACT.getOrDefault(path, "").split(" ", -1)) {
      int colon = field.indexOf(':');
      String type = field.substring(colon + 1);
      JsonNode value = at(answer, field.substring(0, colon));
      if (!isOf(value, type) && faults.size() < MAX_FAULTS) {
        String found = value.isMissingNode() ? "missing" : value.getNodeType().toString();
        faults.add(field.substring(0, colon) + " is " + found + ", not " + type);
      }
    }
    return faults;
  }

  /** Follows names with dots between them. */
  static JsonNode at(JsonNode from, String names) {
    JsonNode value = from;
    for (String name : names.split("\\.", -1)) {
      value = value.path(name);
    }
    return value;
  }

  private static boolean isOf(JsonNode value, String type) {
    return switch (type) {
      case "int" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "string" -> value.isTextual();
      case "hash" -> value.isTextual() && value.textValue().matches("[0-9a-f]{64}");
      case "bool" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
