package org.chaincore.net.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.chaincore.core.block.MerkleProof;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.journal.Explanation;

/** Why a block or a transaction is where it is, and proof that it is there. Thread-safe. */
final class ExplainPages {
  private final NodeDesk node;

  ExplainPages(NodeDesk node) {
    this.node = node;
  }

  ApiResponse explain(Call call) {
    Hash256 hash = call.hashInPath("hash");
    Explanation known =
        node.journal()
            .explain(hash, this::blockOf)
            .orElseThrow(
                () -> ApiFault.notFound("this node knows, or remembers, nothing of " + hash));
    return ApiResponse.ok(write(known).end());
  }

  private Optional<BlockRef> blockOf(Hash256 txid) {
    AddressIndex index = node.sources().desks().index();
    return index == null ? Optional.empty() : index.blockOf(txid);
  }

  private static JsonWriter write(Explanation known) {
    if (known instanceof Explanation.OfBlock block) {
      return block(block);
    }
    if (known instanceof Explanation.OfOrphan orphan) {
      return said(known, "block", "orphan")
          .nothing("rule")
          .nothing("detail")
          .put("from", orphan.from())
          .put("missing", orphan.missing().toString())
          .seconds("arrived_at", orphan.arrivalSeconds() * 1_000);
    }
    if (known instanceof Explanation.OfOrphanTransaction orphan) {
      JsonWriter out =
          said(known, "transaction", "orphan")
              .nothing("rule")
              .nothing("detail")
              .put("from", orphan.from())
              .put("missing", orphan.missing().stream().findFirst().map(c -> c.txid().toString()))
              .seconds("arrived_at", orphan.arrivalSeconds() * 1_000)
              .array("missing_coins");
      for (OutPoint coin : orphan.missing()) {
        out.element(coin.txid() + ":" + coin.index());
      }
      return out.end();
    }
    if (known instanceof Explanation.OfPending pending) {
      return blameless(said(known, "transaction", "pending").nothing("rule"))
          .coins("fee", pending.fee().units())
          .put("units_per_kvb", pending.feeRate().unitsPerKilobyte())
          .seconds("arrived_at", pending.arrivalSeconds() * 1_000);
    }
    if (known instanceof Explanation.OfConfirmed confirmed) {
      return blameless(said(known, "transaction", "confirmed").nothing("rule"))
          .put("block_hash", confirmed.block().hash().toString())
          .put("block_index", confirmed.block().height())
          .put("confirmations", confirmed.confirmations());
    }
    if (known instanceof Explanation.OfRemoved removed) {
      String reason = removed.reason().name().toLowerCase(Locale.ROOT);
      return blameless(said(known, "transaction", "removed").put("rule", reason));
    }
    Explanation.OfRefused refused = (Explanation.OfRefused) known;
    return cause(refused.cause(), said(known, "unknown", "rejected")).nothing("missing");
  }

  private static JsonWriter said(Explanation known, String kind, String state) {
    return JsonWriter.object()
        .put("status", "success")
        .put("hash", known.hash().toString())
        .put("kind", kind)
        .put("state", state)
        .put("why", known.why());
  }

  private static JsonWriter blameless(JsonWriter out) {
    return out.nothing("detail").nothing("from").nothing("missing");
  }

  private static JsonWriter block(Explanation.OfBlock block) {
    String state =
        block.standing().isRefused()
            ? "rejected"
            : block.standing().name().toLowerCase(Locale.ROOT);
    JsonWriter out =
        said(block, "block", state)
            .put("index", block.height())
            .put("chain_work", block.chainWork().toHex())
            .put("confirmations", block.confirmations());
    cause(block.cause(), out);
    return block.isBodyMissing()
        ? out.put("missing", "the body of " + block.hash())
        : out.nothing("missing");
  }

  /** The rule that was broken, and from whom that came, as far as it is remembered. */
  private static JsonWriter cause(Explanation.Cause cause, JsonWriter out) {
    return out.put("rule", Optional.ofNullable(cause.rejection()).map(why -> why.code().id()))
        .put("detail", Optional.ofNullable(cause.detail()))
        .put("from", Optional.ofNullable(cause.from()));
  }

  /** A transaction's block, and the chain's end. */
  private record Settled(HeaderNode block, HeaderNode tip) {
    int confirmations() {
      return tip.height() - block.height() + 1;
    }
  }

  /** That a transaction is in a block, for who trusts the block's header alone. */
  ApiResponse proof(Call call) {
    Hash256 txid = call.hashInPath("txid");
    AddressIndex index = node.sources().desks().index();
    if (index == null) {
      throw ApiFault.busy("this node keeps no index of transactions", 3_600);
    }
    Settled settled =
        index
            .ask(books -> books.ledger().blockOf(txid).map(b -> new Settled(b, books.tip())))
            .orElseThrow(() -> ApiFault.notFound("no block of the chain has " + txid));
    // Of a block whose body is pruned the txids are there still.
    HeaderNode block = settled.block();
    List<Hash256> txids = node.engine().txids(block.hash()).orElseThrow();
    int position = txids.indexOf(txid);
    MerkleProof proof = MerkleTree.prove(txids, position);
    JsonWriter out =
        JsonWriter.object()
            .put("status", "success")
            .put("tx_id", txid.toString())
            .put("block_hash", block.hash().toString())
            .put("block_index", settled.block().height())
            .put("confirmations", settled.confirmations())
            .put("merkle_root", block.header().merkleRoot().toString())
            .put("index", proof.index())
            .array("siblings");
    for (Hash256 sibling : proof.siblings()) {
      out.element(sibling.toString());
    }
    return ApiResponse.ok(out.end().put("header", Bytes.of(block.header().toWire()).toHex()).end());
  }
}
