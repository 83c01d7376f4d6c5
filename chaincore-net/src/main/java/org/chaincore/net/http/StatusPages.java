package org.chaincore.net.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.lock.LockStats;
import org.chaincore.core.mempool.MempoolStats;
import org.chaincore.core.orphan.OrphanStats;
import org.chaincore.core.value.Target;
import org.chaincore.net.journal.ChainJournal;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.protocol.MempoolSyncCounters;
import org.chaincore.sync.protocol.PeerStats;
import org.chaincore.sync.protocol.PeerStatus;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.chaincore.sync.statistics.NetworkStatistics;

/** How the node is, in numbers. Thread-safe. */
final class StatusPages {
  private static final double NANOS_A_SECOND = 1e9;

  /** Two periods of Bitcoin's rule, the longest of all. */
  private static final int MAX_LOOK_BACK = 4_032;

  private final NodeDesk node;

  StatusPages(NodeDesk node) {
    this.node = node;
  }

  ApiResponse status(Call call) {
    SyncStatus status = node.status();
    ChainView view = node.view();
    OperationalSettings settings = node.sources().driver().settings();
    JsonWriter out =
        JsonWriter.object()
            .put("node_id", node.nodeId())
            .put("blockchain_length", view.height() + 1)
            .put("pending_transactions", pending())
            .put("peers", status.connections().stats().connected())
            .put("target_difficulty", BlockJson.level(view.tip().header().bits()))
            .seconds("uptime", node.uptimeMillis())
            .put("thread_safe", true)
            .put("api_calls", node.calls())
            .seconds("time", node.sources().nowMillis())
            .put("latest_hash", view.tip().hash().toString())
            .put("network", node.params().name())
            .put("version", node.sources().self().software())
            .put("p2p_address", node.sources().self().p2pAddress())
            .put("why", status.why())
            .put("caught_up", status.chain().isCaughtUp());
    peerDiscovery(status, settings, out);
    chainTask(status, settings, out);
    task("mempool_sync", SyncTask.MEMPOOL, status, settings, out);
    task("network_stats_sync", SyncTask.STATISTICS, status, settings, out);
    networkWide(status, out);
    return ApiResponse.ok(out.end());
  }

  int pending() {
    return node.engine().mempoolStats(node.sources().nowSeconds()).transactions();
  }

  private static void peerDiscovery(
      SyncStatus status, OperationalSettings settings, JsonWriter out) {
    PeerLimits limits = settings.peers();
    out.object("peer_discovery")
        .put("total_peers", status.connections().stats().knownAddresses())
        .put("active_peers", status.connections().stats().connected())
        .put("continuous_discovery_enabled", settings.isEnabled(SyncTask.DISCOVERY))
        .put("discovery_interval", settings.interval(SyncTask.DISCOVERY))
        .object("peer_limits")
        .put("min_peers", limits.min())
        .put("target_peers", limits.target())
        .put("max_peers", limits.max())
        .end()
        .end();
  }

  private static void chainTask(SyncStatus status, OperationalSettings settings, JsonWriter out) {
    Optional<TaskCounters> counters = counters(status, SyncTask.CHAIN);
    out.object("blockchain_sync")
        .put("auto_sync_enabled", settings.isEnabled(SyncTask.CHAIN))
        .put("sync_interval", settings.interval(SyncTask.CHAIN))
        .put("successful_syncs", counters.map(TaskCounters::successes).orElse(0L))
        .put("failed_syncs", counters.map(TaskCounters::failures).orElse(0L))
        .seconds(
            "last_sync_time", Math.max(0, counters.map(TaskCounters::lastSuccessMillis).orElse(0L)))
        .end();
  }

  private static void task(
      String name, SyncTask task, SyncStatus status, OperationalSettings settings, JsonWriter out) {
    Optional<TaskCounters> counters = counters(status, task);
    out.object(name)
        .put("enabled", settings.isEnabled(task))
        .put("interval", settings.interval(task))
        .put("syncs_completed", counters.map(TaskCounters::successes).orElse(0L))
        .put("syncs_failed", counters.map(TaskCounters::failures).orElse(0L))
        .end();
  }

  private static Optional<TaskCounters> counters(SyncStatus status, SyncTask task) {
    return Optional.ofNullable(status.tasks().counters().get(task));
  }

  /** What the node knows of the network; of itself alone before it has heard of others. */
  private void networkWide(SyncStatus status, JsonWriter out) {
    out.object("network_wide_stats");
    Optional<NetworkStatistics> heard = status.networkStatistics();
    if (heard.isPresent()) {
      heard(heard.get(), out);
    } else {
      alone(status, out);
    }
    out.end();
  }

  private static void heard(NetworkStatistics heard, JsonWriter out) {
    out.put("total_nodes", heard.nodes().total())
        .put("max_chain_length", Math.round(heard.chainLength().max()) + 1)
        .put("min_chain_length", Math.round(heard.chainLength().min()) + 1)
        .put("avg_chain_length", heard.chainLength().mean() + 1)
        .put("avg_peers_per_node", heard.peers().mean())
        .seconds("last_aggregation", heard.asOfSeconds() * 1_000)
        .put("total_hash_rate", heard.mining().hashesPerSecond())
        .put("average_block_time", heard.mining().blockSeconds())
        .put("network_difficulty", heard.mining().difficulty())
        .put("claimed_hash_rate", heard.mining().claimedHashesPerSecond())
        .put("mining_nodes", heard.mining().miningNodes())
        .put("standing_forks", heard.forks().standing())
        .put("sample", heard.nodes().sources().sample())
        .put("relative_error", heard.nodes().relativeError());
  }

  private void alone(SyncStatus status, JsonWriter out) {
    ChainView view = node.view();
    long length = view.height() + 1L;
    out.put("total_nodes", 1)
        .put("max_chain_length", length)
        .put("min_chain_length", length)
        .put("avg_chain_length", (double) length)
        .put("avg_peers_per_node", (double) status.connections().stats().connected())
        .seconds("last_aggregation", 0)
        .put("total_hash_rate", (double) node.sources().self().hashesPerSecond())
        .put("average_block_time", 0.0)
        .put("network_difficulty", workOf(view.tip()))
        .put("claimed_hash_rate", (double) node.sources().self().hashesPerSecond())
        .put("mining_nodes", 0)
        .put("standing_forks", 0)
        .put("sample", 1)
        .put("relative_error", 0.0);
  }

  private static double workOf(HeaderNode header) {
    return Target.ofBits(header.header().bits()).work().toDouble();
  }

  ApiResponse stats(Call call) {
    SyncStatus status = node.status();
    ChainView view = node.view();
    ChainJournal.Counts counts = node.journal().counts();
    JsonWriter out =
        JsonWriter.object()
            .object("node_stats")
            .put("node_id", node.nodeId())
            .seconds("uptime", node.uptimeMillis())
            .put("api_calls", node.calls())
            .put("blocks_processed", counts.blocks())
            .put("transactions_processed", counts.transactions())
            .end()
            .object("blockchain_stats")
            .put("blocks_processed", counts.blocks())
            .put("transactions_processed", counts.transactions())
            .put("utxo_count", node.engine().coinCount())
            .put("chain_length", view.height() + 1)
            .put("reorganisations", counts.reorganisations())
            .put("blocks_rejected", counts.refusedBlocks())
            .end();
    peers(status.connections().stats(), out);
    locks(out);
    networkWide(status, out);
    orphans(out);
    mempool(status.tasks().mempoolSync(), out);
    features(status, out);
    difficulty(view, out);
    return ApiResponse.ok(out.end());
  }

  private static void peers(PeerStats stats, JsonWriter out) {
    out.object("peer_stats")
        .put("total_peers", stats.knownAddresses())
        .put("active_peers", stats.connected())
        .put("discovery_attempts", stats.counters().discoveryAttempts())
        .put("successful_connections", stats.counters().successfulConnections())
        .put("failed_connections", stats.counters().failedConnections())
        .put("peer_timeouts", stats.counters().peerTimeouts())
        .put("network_status", stats.status().toString())
        .put("inbound", stats.inbound())
        .put("outbound", stats.outbound())
        .end();
  }

  private void locks(JsonWriter out) {
    out.object("lock_stats");
    for (Map.Entry<String, LockStats> lock :
        new TreeMap<>(node.sources().locks().stats()).entrySet()) {
      LockStats stats = lock.getValue();
      long longest = Math.max(stats.waits().maxReadNanos(), stats.waits().maxWriteNanos());
      out.object(lock.getKey())
          .put("acquisitions", stats.acquisitions())
          .put("contentions", stats.contentions())
          .put("max_wait_time", longest / NANOS_A_SECOND)
          .put("deadlock_attempts", stats.waits().deadlocks() + stats.inversions())
          .end();
    }
    out.end();
  }

  private void orphans(JsonWriter out) {
    OrphanStats stats = node.engine().orphanStats();
    out.object("orphan_pool")
        .put("size", stats.size())
        .put("capacity", stats.capacity())
        .put("bytes", stats.bytes())
        .put("received", stats.received())
        .put("recovered", stats.recovered())
        .put("expired", stats.expired())
        .put("evicted", stats.evicted())
        .put("rejected_pow", stats.rejectedPow())
        .put("dropped", stats.dropped())
        .end();
  }

  private static void mempool(MempoolSyncCounters counters, JsonWriter out) {
    out.object("mempool_sync")
        .put("rounds", counters.rounds())
        .put("sketch_failures", counters.sketchFailures())
        .put("fallback_inv", counters.fallbackInventories())
        .put("bytes", counters.bytes())
        .put("duplicates", counters.duplicates())
        .end();
  }

  /** By peer; two connections with one address, which only a proxy has, are told apart by id. */
  private static void features(SyncStatus status, JsonWriter out) {
    Map<String, PeerStatus> peers = new TreeMap<>();
    for (PeerStatus peer : status.connections().peers()) {
      String address = peer.end().address().toString();
      if (peers.putIfAbsent(address, peer) != null) {
        peers.put(address + "#" + peer.id().value(), peer);
      }
    }
    out.object("peer_features");
    peers.forEach(
        (name, peer) -> {
          PeerStatus.Introduction said = peer.introduction();
          if (said != null) {
            out.array(name);
            for (Extension extension : said.extensions()) {
              out.element(extension.featureId());
            }
            out.end();
          }
        });
    out.end();
  }

  private void difficulty(ChainView view, JsonWriter out) {
    int bits = view.tip().header().bits();
    out.object("difficulty")
        .put("rule", node.params().work().difficulty().canonical())
        .put("level", BlockJson.level(bits))
        .put("bits", BlockJson.bits(bits))
        .put("last_adjustment_height", lastAdjustment(view))
        .end();
  }

  /** Steps back at most as far as one adjustment can lie; a rule that never adjusts says 0. */
  private static int lastAdjustment(ChainView view) {
    HeaderNode at = view.tip();
    int bits = at.header().bits();
    for (int steps = 0; steps < MAX_LOOK_BACK; steps++) {
      HeaderNode parent = at.parent();
      if (parent == null) {
        return 0;
      }
      if (parent.header().bits() != bits) {
        return at.height();
      }
      at = parent;
    }
    return at.height();
  }

  ApiResponse detailed(Call call) {
    ChainView view = node.view();
    SyncStatus status = node.status();
    MempoolStats mempool = node.engine().mempoolStats(node.sources().nowSeconds());
    int now = BlockJson.level(view.tip().header().bits());
    int next =
        BlockJson.level(
            view.nextBits(node.sources().nowSeconds()).orElse(view.tip().header().bits()));
    JsonWriter out =
        JsonWriter.object()
            .put("genesis_difficulty", BlockJson.level(node.params().genesis().header().bits()))
            .put("mining_difficulty", next)
            .put("current_target_difficulty", now)
            .put("config_in_sync", next == now)
            .put("difficulty_adjustment_enabled", ConfigPages.isAdjusted(node.params()))
            .put("chain_length", view.height() + 1)
            .put("pending_transactions", mempool.transactions())
            .put("why", status.why())
            .object("mempool")
            .put("transactions", mempool.transactions())
            .put("virtual_bytes", mempool.virtualBytes())
            .coins("fees", mempool.feeUnits())
            .put("min_fee_per_kvb_units", mempool.minFeePerKilobyte())
            .end()
            .object("tasks");
    for (Map.Entry<SyncTask, TaskCounters> task : status.tasks().counters().entrySet()) {
      TaskCounters counters = task.getValue();
      out.object(task.getKey().name().toLowerCase(Locale.ROOT))
          .put("attempts", counters.attempts())
          .put("successes", counters.successes())
          .put("failures", counters.failures())
          .seconds("last_attempt", Math.max(0, counters.lastMillis()))
          .seconds("last_success", Math.max(0, counters.lastSuccessMillis()))
          .end();
    }
    out.end().object("messages");
    status
        .messages()
        .forEach(
            (command, counts) ->
                out.object(command)
                    .put("received", counts.received())
                    .put("received_bytes", counts.receivedBytes())
                    .put("sent", counts.sent())
                    .put("sent_bytes", counts.sentBytes())
                    .end());
    return ApiResponse.ok(out.end().end());
  }
}
