package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.PeerStatus;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.statistics.NetworkStatistics;
import org.chaincore.sync.statistics.Spread;

/** Who the node is connected to, and what it knows of the network. Thread-safe. */
final class PeerPages {
  /** Peers that one who asks for peers is told. */
  private static final int MAX_SHARED = 50;

  /** The longest name of a host, with a port. */
  private static final int MAX_PEER_TEXT = 262;

  private final NodeDesk node;

  PeerPages(NodeDesk node) {
    this.node = node;
  }

  ApiResponse peers(Call call) {
    SyncStatus status = node.status();
    Map<String, PeerStatus> byUrl = byUrl(status);
    JsonWriter out = JsonWriter.object().array("peers");
    byUrl.keySet().forEach(out::element);
    out.end().array("active_peers");
    byUrl.values().stream()
        .filter(PeerStatus::isEstablished)
        .forEach(peer -> out.element(peer.end().address().toString()));
    out.end()
        .put("peer_count", byUrl.values().stream().filter(PeerStatus::isEstablished).count())
        .object("peer_details");
    byUrl.forEach((url, peer) -> details(peer, status, out.object(url)).end());
    return ApiResponse.ok(out.end().end());
  }

  /** The connections; of two with one address the one that is greeted, or the older one. */
  private static Map<String, PeerStatus> byUrl(SyncStatus status) {
    Map<String, PeerStatus> peers = new LinkedHashMap<>();
    for (PeerStatus peer : status.connections().peers()) {
      peers.merge(
          peer.end().address().toString(), peer, (one, other) -> one.isEstablished() ? one : other);
    }
    return peers;
  }

  private JsonWriter details(PeerStatus peer, SyncStatus status, JsonWriter out) {
    // The driver's times are its own, which setting the clock does not change.
    long silentMillis = Math.max(0, status.atMillis() - peer.contact().lastHeardMillis());
    PeerStatus.Introduction said = peer.introduction();
    out.seconds("last_seen", node.sources().nowMillis() - silentMillis)
        .seconds("response_time", Math.max(0, peer.contact().latencyMillis()))
        .put("chain_length", chainLength(peer))
        .put("is_active", peer.isEstablished())
        .put("kind", peer.end().kind().name().toLowerCase(Locale.ROOT));
    if (said != null) {
      out.put("user_agent", said.userAgent()).put("protocol_version", said.version());
    }
    return out;
  }

  private static int chainLength(PeerStatus peer) {
    BlockRef best = peer.best();
    PeerStatus.Introduction said = peer.introduction();
    if (best != null) {
      return best.height() + 1;
    }
    return said == null ? 0 : said.startHeight() + 1;
  }

  ApiResponse shared(Call call) {
    SyncStatus status = node.status();
    List<PeerStatus> best = new ArrayList<>(byUrl(status).values());
    best.removeIf(peer -> !peer.isEstablished());
    best.sort(
        Comparator.comparingLong(
            (PeerStatus peer) -> {
              long latency = peer.contact().minLatencyMillis();
              return latency < 0 ? Long.MAX_VALUE : latency;
            }));
    JsonWriter out =
        JsonWriter.object().put("status", "success").put("node_id", node.nodeId()).array("peers");
    int count = Math.min(MAX_SHARED, best.size());
    for (PeerStatus peer : best.subList(0, count)) {
      details(peer, status, out.element().put("url", peer.end().address().toString())).end();
    }
    return ApiResponse.ok(
        out.end().put("count", count).seconds("timestamp", node.sources().nowMillis()).end());
  }

  CompletableFuture<ApiResponse> add(Call call) {
    NetworkAddress address = address(call.json().text("peer_url"));
    boolean isThere =
        node.status().connections().peers().stream()
            .anyMatch(peer -> peer.end().address().equals(address));
    if (!isThere) {
      node.connect(address);
    }
    return CompletableFuture.completedFuture(
        ApiResponse.ok(
            JsonWriter.object()
                .put("status", isThere ? "exists" : "success")
                .put("peer_url", address.toString())
                .put("message", isThere ? "the node is connected to it" : "it is being dialled")
                .end()));
  }

  /** Names are not looked up: that would wait, and tell others whom the node wants to reach. */
  private static NetworkAddress address(String url) {
    String text = url.startsWith("http://") ? url.substring("http://".length()) : url;
    String bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    String dialled =
        bare.startsWith("localhost:") ? "127.0.0.1" + bare.substring("localhost".length()) : bare;
    try {
      if (dialled.length() > MAX_PEER_TEXT) {
        throw new IllegalArgumentException("too long");
      }
      NetworkAddress address = NetworkAddress.parse(dialled);
      if (address.port() == 0) {
        throw new IllegalArgumentException("no port");
      }
      return address;
    } catch (IllegalArgumentException malformed) {
      throw ApiFault.badRequest("peer_url is not an IP address and a port, such as 10.0.0.5:9333");
    }
  }

  CompletableFuture<ApiResponse> discover(Call call) {
    call.jsonOrEmpty();
    int before = node.status().connections().stats().knownAddresses();
    return TaskPages.within(node.request(SyncTask.DISCOVERY))
        .thenCompose(done -> node.sources().driver().currentStatus())
        .thenApply(
            status ->
                ApiResponse.ok(
                    JsonWriter.object()
                        .put("status", "completed")
                        .put(
                            "discovered_peers",
                            Math.max(0, status.connections().stats().knownAddresses() - before))
                        .put("active_peers", status.connections().stats().connected())
                        .end()));
  }

  ApiResponse nodes(Call call) {
    return nodes(false);
  }

  ApiResponse activeNodes(Call call) {
    return nodes(true);
  }

  /** This node and its peers: of others only sums are known, see {@link #network}. */
  private ApiResponse nodes(boolean isActiveOnly) {
    SyncStatus status = node.status();
    JsonWriter out = JsonWriter.object().array("nodes");
    out.element()
        .put("node_id", node.nodeId())
        .nothing("url")
        .put("is_self", true)
        .seconds("last_seen", node.sources().nowMillis())
        .seconds("response_time", 0)
        .put("chain_length", node.view().height() + 1)
        .put("is_active", true)
        .put("kind", "self")
        .end();
    int count = 1;
    for (PeerStatus peer : byUrl(status).values()) {
      if (peer.isEstablished() || !isActiveOnly) {
        out.element()
            .nothing("node_id")
            .put("url", peer.end().address().toString())
            .put("is_self", false);
        details(peer, status, out).end();
        count++;
      }
    }
    return ApiResponse.ok(
        out.end()
            .put("count", count)
            .put("known_addresses", status.connections().stats().knownAddresses())
            .put(
                "total_nodes",
                status.networkStatistics().map(heard -> heard.nodes().total()).orElse(1L))
            .end());
  }

  /** What the network's nodes say of themselves, put together. */
  ApiResponse network(Call call) {
    Optional<NetworkStatistics> heard = node.status().networkStatistics();
    JsonWriter out = JsonWriter.object().put("heard", heard.isPresent());
    heard.ifPresent(
        network -> {
          out.object("nodes")
              .put("total", network.nodes().total())
              .put("relative_error", network.nodes().relativeError())
              .put("settled", network.nodes().isSettled())
              .put("own", network.nodes().sources().own())
              .put("direct", network.nodes().sources().direct())
              .put("hearsay", network.nodes().sources().hearsay())
              .end();
          spread("height", network.chainLength(), out);
          spread("peers", network.peers(), out);
          out.object("mining")
              .put("difficulty", network.mining().difficulty())
              .put("block_seconds", network.mining().blockSeconds())
              .put("hashes_per_second", network.mining().hashesPerSecond())
              .put("claimed_hashes_per_second", network.mining().claimedHashesPerSecond())
              .put("mining_nodes", network.mining().miningNodes())
              .end()
              .object("forks")
              .put("standing", network.forks().standing())
              .put("known_mean", network.forks().known().mean())
              .end()
              .seconds("as_of", network.asOfSeconds() * 1_000);
        });
    return ApiResponse.ok(out.end());
  }

  private static void spread(String name, Spread spread, JsonWriter out) {
    out.object(name)
        .put("min", spread.min())
        .put("median", spread.median())
        .put("mean", spread.mean())
        .put("max", spread.max())
        .end();
  }
}
