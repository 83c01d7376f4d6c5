package org.chaincore.net.http;

/** The larger shapes that clients of the first version rely on, see {@link Shape}. */
final class Contracts {
  static final String STATUS =
      "{node_id:string,blockchain_length:int,pending_transactions:int,peers:int,"
          + "target_difficulty:int,uptime:number,thread_safe:bool,api_calls:int,"
          + "peer_discovery:{total_peers:int,active_peers:int,continuous_discovery_enabled:bool,"
          + "discovery_interval:int,"
          + "peer_limits:{min_peers:int,target_peers:int,max_peers:int}},"
          + "blockchain_sync:{auto_sync_enabled:bool,sync_interval:int,successful_syncs:int,"
          + "failed_syncs:int,last_sync_time:number},"
          + "mempool_sync:{enabled:bool,interval:int,syncs_completed:int},"
          + "network_stats_sync:{enabled:bool,interval:int,syncs_completed:int},"
          + "network_wide_stats:NetworkWide}";

  static final String STATS =
      "{node_stats:{node_id:string,uptime:number,api_calls:int,blocks_processed:int,"
          + "transactions_processed:int},"
          + "blockchain_stats:{blocks_processed:int,transactions_processed:int,utxo_count:int,"
          + "chain_length:int},"
          + "peer_stats:{total_peers:int,active_peers:int,discovery_attempts:int,"
          + "successful_connections:int,failed_connections:int,peer_timeouts:int,"
          + "network_status:string},"
          + "lock_stats:map({acquisitions:int,contentions:int,max_wait_time:number,"
          + "deadlock_attempts:int}),"
          + "network_wide_stats:NetworkWide,"
          + "orphan_pool:{size:int,capacity:int,bytes:int,received:int,recovered:int,expired:int,"
          + "evicted:int,rejected_pow:int},"
          + "mempool_sync:{rounds:int,sketch_failures:int,fallback_inv:int,bytes:int,"
          + "duplicates:int},"
          + "peer_features:map([string]),"
          + "difficulty:{rule:string,level:int,bits:string,last_adjustment_height:int}}";

  static final String CONFIG =
      "{block_reward:number,blockchain_difficulty:int,current_difficulty:int,"
          + "deadlock_detection_enabled:bool,default_api_port:int,default_p2p_port:int,"
          + "default_transaction_fee:number,difficulty_adjustment_enabled:bool,"
          + "difficulty_adjustment_interval:int,lock_timeout:number,max_block_size:int,"
          + "mining_timeout:int,peer_discovery_range:[int],target_block_time:int,"
          + "min_difficulty:int,max_difficulty:int,max_difficulty_change:int,"
          + "coinbase_maturity:int,max_peers:int,min_peers:int,target_peers:int,"
          + "network_magic:string,protocol_version:int}";

  private Contracts() {}
}
