package org.chaincore.net.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.lock.LockStats;
import org.chaincore.core.mempool.MempoolStats;
import org.chaincore.core.orphan.OrphanStats;
import org.chaincore.core.value.Target;
import org.chaincore.net.journal.ChainJournal;
import org.chaincore.sync.protocol.MessageCounts;
import org.chaincore.sync.protocol.PeerStats;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;

/** Figures for monitors, in Prometheus' text format 0.0.4. Thread-safe. */
final class MetricsPage {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double NANOS_A_SECOND = 1e9;
  private static final double MILLIS_A_SECOND = 1e3;

  private final NodeDesk node;

  MetricsPage(NodeDesk node) {
    this.node = node;
  }

  /** A page that grows. Labels are names that the node itself chose: none needs an escape. */
  private static final class Page {
    private final StringBuilder out = new StringBuilder(8_192);

    Page gauge(String name, String help, double value) {
      return head(name, help, "gauge").sample(name, "", value);
    }

    Page gauge(String name, String help, long value) {
      return head(name, help, "gauge").sample(name, "", value);
    }

    Page counter(String name, String help, long value) {
      return head(name, help, "counter").sample(name, "", value);
    }

    Page head(String name, String help, String type) {
      out.append("# HELP chaincore_").append(name).append(' ').append(help).append('\n');
      out.append("# TYPE chaincore_").append(name).append(' ').append(type).append('\n');
      return this;
    }

    Page sample(String name, String labels, double value) {
      return sample(name, labels, Double.toString(value));
    }

    Page sample(String name, String labels, long value) {
      return sample(name, labels, Long.toString(value));
    }

    private Page sample(String name, String labels, String value) {
      out.append("chaincore_").append(name).append(labels).append(' ').append(value).append('\n');
      return this;
    }
  }

  ApiResponse metrics(Call call) {
    Page page = new Page();
    SyncStatus status = node.status();
    self(page);
    chain(page, status);
    mempool(page);
    orphans(page);
    peers(page, status);
    tasks(page, status);
    messages(page, status);
    locks(page);
    return ApiResponse.text(200, CONTENT_TYPE, page.out.toString());
  }

  private void self(Page page) {
    page.gauge("up", "1 as long as the node answers.", 1)
        .gauge(
            "uptime_seconds",
            "Seconds since the interface began.",
            node.uptimeMillis() / MILLIS_A_SECOND)
        .counter("api_requests_total", "Requests that found a route.", node.calls())
        .gauge(
            "hash_rate",
            "Hashes a second of this node's own miner.",
            node.sources().self().hashesPerSecond());
  }

  private void chain(Page page, SyncStatus status) {
    ChainView view = node.view();
    ChainJournal.Counts counts = node.journal().counts();
    int bits = view.tip().header().bits();
    page.gauge("chain_height", "Height of the tip.", view.height())
        .gauge(
            "best_header_height", "Height of the heaviest header.", view.heaviestHeader().height())
        .gauge("chain_work", "Work of the chain in expected hashes.", view.work().toDouble())
        .gauge("difficulty_level", "log16 of the work of the tip.", BlockJson.level(bits))
        .gauge(
            "difficulty_work", "Expected hashes of the tip.", Target.ofBits(bits).work().toDouble())
        .gauge("tip_time_seconds", "Time in the tip's header.", view.tip().header().time())
        .gauge("caught_up", "1 if nothing is known to be missing.", isCaughtUp(status))
        .gauge("utxo_count", "Unspent outputs.", node.engine().coinCount())
        .counter("blocks_processed_total", "Blocks that were kept.", counts.blocks())
        .counter("blocks_rejected_total", "Blocks that broke a rule.", counts.refusedBlocks())
        .counter("reorganisations_total", "Reorganisations.", counts.reorganisations());
  }

  private static int isCaughtUp(SyncStatus status) {
    return status.chain().isCaughtUp() ? 1 : 0;
  }

  private void mempool(Page page) {
    MempoolStats stats = node.engine().mempoolStats(node.sources().nowSeconds());
    page.gauge("mempool_transactions", "Transactions in the mempool.", stats.transactions())
        .gauge("mempool_virtual_bytes", "Their virtual size.", stats.virtualBytes())
        .gauge("mempool_fee_units", "Their fees in base units.", stats.feeUnits())
        .gauge(
            "mempool_min_fee_per_kvb",
            "Base units below which none is taken.",
            stats.minFeePerKilobyte())
        .counter(
            "transactions_accepted_total",
            "Transactions that came into the mempool.",
            node.journal().counts().transactions());
  }

  private void orphans(Page page) {
    OrphanStats stats = node.engine().orphanStats();
    page.gauge("orphan_blocks", "Blocks that wait for their parents.", stats.size())
        .gauge("orphan_bytes", "Their size.", stats.bytes())
        .counter("orphans_received_total", "Orphans that came.", stats.received())
        .counter("orphans_recovered_total", "Orphans whose parent came.", stats.recovered())
        .counter("orphans_expired_total", "Orphans that waited too long.", stats.expired())
        .counter("orphans_evicted_total", "Orphans that made room.", stats.evicted())
        .counter(
            "orphans_rejected_pow_total", "Orphans without proof of work.", stats.rejectedPow());
  }

  private static void peers(Page page, SyncStatus status) {
    PeerStats stats = status.connections().stats();
    page.head("peers", "Peers whose handshake is done.", "gauge")
        .sample("peers", "{direction=\"inbound\"}", stats.inbound())
        .sample("peers", "{direction=\"outbound\"}", stats.outbound())
        .gauge("known_addresses", "Addresses in the book.", stats.knownAddresses())
        .counter(
            "connections_succeeded_total",
            "Dialled addresses that greeted.",
            stats.counters().successfulConnections())
        .counter(
            "connections_failed_total",
            "Dialled addresses that did not.",
            stats.counters().failedConnections())
        .counter(
            "peer_timeouts_total",
            "Peers that were silent or slow.",
            stats.counters().peerTimeouts());
  }

  private static void tasks(Page page, SyncStatus status) {
    Map<SyncTask, TaskCounters> tasks = status.tasks().counters();
    page.head("task_runs_total", "Runs of each task, by how they ended.", "counter");
    tasks.forEach(
        (task, counters) -> {
          String name = task.name().toLowerCase(Locale.ROOT);
          page.sample(
              "task_runs_total",
              "{task=\"" + name + "\",result=\"success\"}",
              counters.successes());
          page.sample(
              "task_runs_total", "{task=\"" + name + "\",result=\"failure\"}", counters.failures());
        });
  }

  private static void messages(Page page, SyncStatus status) {
    page.head("messages_total", "Messages, by command and direction.", "counter");
    status.messages().forEach((command, counts) -> messages(page, command, counts));
    page.head("message_bytes_total", "Bytes of their frames.", "counter");
    status.messages().forEach((command, counts) -> bytes(page, command, counts));
  }

  private static String labels(String command, String direction) {
    return "{command=\"" + command + "\",direction=\"" + direction + "\"}";
  }

  private static void messages(Page page, String command, MessageCounts counts) {
    page.sample("messages_total", labels(command, "in"), counts.received())
        .sample("messages_total", labels(command, "out"), counts.sent());
  }

  private static void bytes(Page page, String command, MessageCounts counts) {
    page.sample("message_bytes_total", labels(command, "in"), counts.receivedBytes())
        .sample("message_bytes_total", labels(command, "out"), counts.sentBytes());
  }

  private void locks(Page page) {
    Map<String, LockStats> locks = new TreeMap<>(node.sources().locks().stats());
    page.head("lock_acquisitions_total", "Acquires of each lock.", "counter");
    locks.forEach(
        (name, stats) -> page.sample("lock_acquisitions_total", lock(name), stats.acquisitions()));
    page.head("lock_contentions_total", "Acquires that had to queue.", "counter");
    locks.forEach(
        (name, stats) -> page.sample("lock_contentions_total", lock(name), stats.contentions()));
    page.head("lock_wait_seconds_total", "How long they queued.", "counter");
    locks.forEach(
        (name, stats) ->
            page.sample(
                "lock_wait_seconds_total",
                lock(name),
                stats.waits().totalNanos() / NANOS_A_SECOND));
  }

  private static String lock(String name) {
    return "{lock=\"" + name + "\"}";
  }

  ApiResponse live(Call call) {
    return ApiResponse.ok(JsonWriter.object().put("status", "live").end());
  }

  /** Ready when what it would tell of the chain is what its peers have. */
  ApiResponse ready(Call call) {
    SyncStatus status = node.status();
    boolean isAlone = status.connections().stats().connected() == 0;
    boolean isReady = isAlone || status.chain().isCaughtUp();
    ApiResponse response =
        ApiResponse.json(
            isReady ? 200 : 503,
            JsonWriter.object()
                .put("status", isReady ? "ready" : "not_ready")
                .put("why", status.why())
                .put("peers", status.connections().stats().connected())
                .put("blockchain_length", node.view().height() + 1)
                .end());
    return isReady ? response : response.with("Retry-After", "5");
  }
}
