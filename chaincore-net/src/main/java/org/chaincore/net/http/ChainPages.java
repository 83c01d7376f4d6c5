package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/** Blocks and headers, page by page. Thread-safe. */
final class ChainPages {
  /** Blocks of one page. */
  static final int MAX_BLOCKS = 100;

  /** Headers of one page. */
  static final int MAX_HEADERS = 2_000;

  /** A page ends with the block that makes it larger, so that full blocks cannot fill memory. */
  static final int MAX_PAGE_BYTES = 1024 * 1024;

  private final NodeDesk node;

  ChainPages(NodeDesk node) {
    this.node = node;
  }

  ApiResponse blockchain(Call call) {
    ChainView view = node.view();
    int start = (int) call.number("start", 0, Integer.MAX_VALUE, 0);
    int end = (int) Math.min(view.height() + 1L, (long) start + call.limit(MAX_BLOCKS));
    JsonWriter out = JsonWriter.object().put("length", view.height() + 1).array("chain");
    int next = blocks(view, start, end, out);
    out.end().put("start", start).put("count", Math.max(0, next - start));
    return ApiResponse.ok(next(out, next, view).end());
  }

  private static JsonWriter next(JsonWriter out, int next, ChainView view) {
    return next <= view.height() && next >= 0 ? out.put("next", next) : out.nothing("next");
  }

  /** Writes blocks of the chain as elements; gives the height at which the page ends. */
  private int blocks(ChainView view, int start, int end, JsonWriter out) {
    long bytes = 0;
    int height = start;
    while (height < end && bytes < MAX_PAGE_BYTES) {
      Optional<Block> block = node.engine().block(view.at(height).orElseThrow().hash());
      if (block.isEmpty()) {
        throw ApiFault.busy("the node does not have block " + height + " any more", 3_600);
      }
      node.writer().block(out.element(), height, block.get()).end();
      bytes += block.get().size();
      height++;
    }
    return height;
  }

  ApiResponse range(Call call) {
    ChainView view = node.view();
    int start = (int) call.number("start", 0, Integer.MAX_VALUE, 0);
    long asked = call.number("end", 0, Integer.MAX_VALUE, (long) start + MAX_BLOCKS);
    if (asked < start) {
      throw ApiFault.badRequest("end is below start");
    }
    int end = (int) Math.min(Math.min(asked, (long) start + MAX_BLOCKS), view.height() + 1L);
    JsonWriter out = JsonWriter.object().put("status", "success").array("blocks");
    int next = blocks(view, start, end, out);
    out.end()
        .put("start_index", start)
        .put("end_index", asked)
        .put("actual_count", Math.max(0, next - start));
    return ApiResponse.ok(next(out, next, view).end());
  }

  ApiResponse headers(Call call) {
    ChainView view = node.view();
    int start = (int) call.number("start", 0, Integer.MAX_VALUE, 0);
    int end = (int) Math.min(view.height() + 1L, (long) start + call.limit(MAX_HEADERS));
    JsonWriter out = JsonWriter.object().array("headers");
    for (int height = start; height < end; height++) {
      BlockJson.header(out.element(), height, view.at(height).orElseThrow().header()).end();
    }
    out.end().put("count", Math.max(0, end - start));
    return ApiResponse.ok(next(out, Math.max(start, end), view).end());
  }

  ApiResponse info(Call call) {
    ChainView view = node.view();
    HeaderNode tip = view.tip();
    return ApiResponse.ok(
        JsonWriter.object()
            .put("status", "success")
            .object("chain_info")
            .put("length", view.height() + 1)
            .put("genesis_hash", node.params().genesis().hash().toString())
            .put("latest_hash", tip.hash().toString())
            .seconds("latest_timestamp", tip.header().time() * 1_000)
            .put("latest_index", tip.height())
            .put("network", node.params().name())
            .put("chain_work", view.work().toHex())
            .put("best_header_index", view.heaviestHeader().height())
            .seconds("median_time_past", view.medianTimePast() * 1_000)
            .end()
            .put("node_id", node.nodeId())
            .put("api_port", node.sources().self().apiPort())
            .end());
  }

  /**
   * A block that is not on the chain.
   *
   * @param seconds when the node took it to be so
   * @param hash its hash
   * @param orphan its body if it waits for its parent, null if it lost to a reorganisation
   */
  private record Offside(long seconds, Hash256 hash, @Nullable Block orphan) {}

  ApiResponse orphaned(Call call) {
    ChainView view = node.view();
    int start = (int) call.number("start", 0, Integer.MAX_VALUE, 0);
    int limit = call.limit(MAX_BLOCKS);
    JsonWriter out = JsonWriter.object().array("orphaned_blocks");
    long bytes = 0;
    int count = 0;
    List<Offside> all = offside(view);
    for (Offside offside : all.subList(Math.min(start, all.size()), all.size())) {
      if (count >= limit || bytes >= MAX_PAGE_BYTES) {
        break;
      }
      bytes += write(offside, view, out);
      count++;
    }
    return ApiResponse.ok(out.end().put("count", count).put("total", all.size()).end());
  }

  private int write(Offside offside, ChainView view, JsonWriter out) {
    Block orphan = offside.orphan();
    Block block = orphan != null ? orphan : node.engine().block(offside.hash()).orElseThrow();
    int height =
        orphan != null
            ? CoinbaseHeight.of(block)
            : view.find(offside.hash()).orElseThrow().height();
    node.writer()
        .block(out.element(), height, block)
        .put("kind", orphan != null ? "orphan" : "stale")
        .end();
    return block.size();
  }

  /** Oldest first. */
  private List<Offside> offside(ChainView view) {
    List<Offside> found = new ArrayList<>();
    for (Map.Entry<Hash256, Long> stale : node.journal().stale().entrySet()) {
      boolean hasBody = view.find(stale.getKey()).map(HeaderNode::hasBody).orElse(false);
      if (hasBody && view.onChain(stale.getKey()).isEmpty()) {
        found.add(new Offside(stale.getValue(), stale.getKey(), null));
      }
    }
    for (OrphanBlock orphan : node.engine().orphans()) {
      found.add(new Offside(orphan.arrivalSeconds(), orphan.hash(), orphan.block()));
    }
    found.sort(Comparator.comparingLong(Offside::seconds));
    return found;
  }
}
