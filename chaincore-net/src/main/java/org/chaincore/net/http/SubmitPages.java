package org.chaincore.net.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.journal.ChainJournal;

/** Transactions and blocks that come in by this interface, and what is to be mined. Thread-safe. */
final class SubmitPages {
  /** Transactions of one page. */
  static final int MAX_TRANSACTIONS = 1_000;

  /**
   * From whom the engine has what comes in here. No peer has this number: strangers who submit
   * share the room that one peer is entitled to, and the host keeps its own.
   */
  static final long SOURCE = ChainJournal.API_SOURCE;

  private static final int NO_NONCE = 0;

  private final NodeDesk node;
  private final AtomicLong extraNonce;

  SubmitPages(NodeDesk node) {
    this.node = node;
    // Apart from those of other nodes of the same miner, and of earlier runs of this one.
    this.extraNonce = new AtomicLong((long) node.nodeId().hashCode() << 32 ^ node.startedMillis());
  }

  ApiResponse pool(Call call) {
    List<MempoolEntry> entries = node.engine().mempool();
    int start = (int) Math.min(entries.size(), call.number("start", 0, Integer.MAX_VALUE, 0));
    int limit = call.limit(MAX_TRANSACTIONS);
    JsonWriter out = JsonWriter.object().array("transactions");
    long bytes = 0;
    int next = start;
    while (next < entries.size() && next - start < limit && bytes < ChainPages.MAX_PAGE_BYTES) {
      MempoolEntry entry = entries.get(next);
      node.writer()
          .transaction(out.element(), entry.transaction())
          .coins("fee", entry.fee().units())
          .seconds("received_at", entry.arrivalSeconds() * 1_000)
          .end();
      bytes += entry.transaction().size();
      next++;
    }
    out.end().put("count", next - start).put("total", entries.size());
    return ApiResponse.ok(
        (next < entries.size() ? out.put("next", next) : out.nothing("next")).end());
  }

  ApiResponse transaction(Call call) {
    Transaction transaction = node.reader().transaction(call.json());
    MempoolOutcome outcome = node.engine().accept(transaction, SOURCE, node.sources().nowSeconds());
    String txid = transaction.txid().toString();
    if (outcome instanceof MempoolOutcome.Rejected rejected) {
      node.journal().refused(transaction, rejected.rejection(), call.request().remote());
      return rejected(rejected.rejection(), "tx_id", txid);
    }
    if (outcome instanceof MempoolOutcome.Orphaned orphaned) {
      return missing(txid, orphaned);
    }
    return ApiResponse.ok(
        JsonWriter.object()
            .put("status", "accepted")
            .put("tx_id", txid)
            .put("known", outcome instanceof MempoolOutcome.AlreadyKnown)
            .end());
  }

  private static ApiResponse rejected(Rejection why, String name, String hash) {
    return ApiResponse.json(
        400,
        JsonWriter.object()
            .put("status", "rejected")
            .put("error", why.code().id())
            .put("detail", why.detail())
            .put(name, hash)
            .end());
  }

  /** Not accepted, even if it is kept: what it spends may never come. */
  private static ApiResponse missing(String txid, MempoolOutcome.Orphaned orphaned) {
    JsonWriter out =
        JsonWriter.object()
            .put("status", "rejected")
            .put("error", RejectionCode.MISSING_OR_SPENT.id())
            .put("detail", orphaned.missing().size() + " of its inputs are unknown or spent")
            .put("tx_id", txid)
            .put("waits", orphaned.isKept())
            .array("missing");
    for (OutPoint outPoint : orphaned.missing()) {
      out.element(outPoint.txid() + ":" + Integer.toUnsignedLong(outPoint.index()));
    }
    return ApiResponse.json(400, out.end().end());
  }

  ApiResponse mine(Call call) {
    JsonBody body = call.json();
    TemplateResult result =
        node.engine()
            .template(
                node.reader().address(body.text("miner_address")).template(),
                nextExtraNonce(),
                node.sources().nowSeconds());
    if (result instanceof TemplateResult.TooEarly early) {
      long wait = Math.max(1, early.waitUntilSeconds() - node.sources().nowSeconds());
      throw ApiFault.busy(
          "a block would be dated further ahead than peers accept",
          (int) Math.min(wait, Integer.MAX_VALUE));
    }
    BlockTemplate template = ((TemplateResult.Ready) result).template();
    Block block = template.block(NO_NONCE);
    JsonWriter out = JsonWriter.object().put("status", "template_created").object("block_template");
    node.writer()
        .block(out, template.height(), block)
        .put("target", BlockJson.target(block.header().bits()))
        .coins("fees", template.fees().units())
        .coins("reward", template.reward().units())
        .put("block_hex", Bytes.of(block.toWire()).toHex())
        .end();
    return ApiResponse.ok(
        out.put("target_difficulty", BlockJson.level(block.header().bits())).end());
  }

  /** Each template has a coinbase of its own, so that no two miners search the same headers. */
  private Bytes nextExtraNonce() {
    long number = extraNonce.getAndIncrement();
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (number >>> (8 * i));
    }
    return Bytes.of(bytes);
  }

  ApiResponse block(Call call) {
    Block block = node.reader().block(call.json());
    String hash = block.hash().toString();
    BlockOutcome outcome = node.engine().accept(block, SOURCE, node.sources().nowSeconds());
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      node.journal().refused(block.hash(), rejected.rejection(), call.request().remote());
      return rejected(rejected.rejection(), "block_hash", hash);
    }
    if (outcome instanceof BlockOutcome.Orphaned orphaned) {
      return ApiResponse.json(
          202,
          JsonWriter.object()
              .put("status", "orphaned")
              .put("block_hash", hash)
              .put("missing_parent", orphaned.missingParent().toString())
              .put("waits", orphaned.isKept())
              .put("chain_length", node.view().height() + 1)
              .end());
    }
    return ApiResponse.ok(
        JsonWriter.object()
            .put("status", "accepted")
            .put("block_hash", hash)
            .put("chain_length", node.view().height() + 1)
            .put("known", outcome instanceof BlockOutcome.AlreadyKnown)
            .put("on_chain", node.view().onChain(block.hash()).isPresent())
            .end());
  }
}
