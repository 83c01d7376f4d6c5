package org.chaincore.net.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chaincore.core.block.MerkleProof;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.protocol.PeerStatus;
import org.chaincore.sync.protocol.SyncEvent;

/** Why a block or a transaction is where it is, and proof that it is there. Thread-safe. */
final class ExplainPages {
  private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{64}\\b");

  /** Characters of a detail; those that name a block are shorter. */
  private static final int MAX_DETAIL = 1_000;

  private final NodeDesk node;

  ExplainPages(NodeDesk node) {
    this.node = node;
  }

  ApiResponse explain(Call call) {
    Hash256 hash = call.hashInPath("hash");
    Optional<JsonWriter> known =
        header(hash).or(() -> orphan(hash)).or(() -> pending(hash)).or(() -> settled(hash));
    return ApiResponse.ok(
        known
            .or(() -> refused(hash))
            .or(() -> removed(hash))
            .orElseThrow(
                () -> ApiFault.notFound("this node knows, or remembers, nothing of " + hash))
            .end());
  }

  private static JsonWriter said(Hash256 hash, String kind, String state, String sentence) {
    return JsonWriter.object()
        .put("status", "success")
        .put("hash", hash.toString())
        .put("kind", kind)
        .put("state", state)
        .put("why", sentence);
  }

  private Optional<JsonWriter> header(Hash256 hash) {
    ChainView view = node.view();
    return view.find(hash).map(header -> header(hash, header, view));
  }

  private JsonWriter header(Hash256 hash, HeaderNode header, ChainView view) {
    boolean isOnChain = view.onChain(hash).isPresent();
    JsonWriter out;
    if (isOnChain) {
      out = said(hash, "block", "on_chain", "it is part of the chain");
    } else if (header.isInvalid()) {
      out = said(hash, "block", "rejected", whyInvalid(header));
    } else if (!header.hasBody()) {
      out = said(hash, "block", "body_missing", "its header is good, its body has not come");
    } else if (node.journal().isStale(hash)) {
      out = said(hash, "block", "stale", "it lost to a chain of more work");
    } else {
      out = said(hash, "block", "side", "its chain has no more work than the one that is followed");
    }
    out.put("index", header.height())
        .put("chain_work", header.chainWork().toHex())
        .put("confirmations", isOnChain ? view.height() - header.height() + 1 : 0);
    rule(hash, out);
    return header.hasBody() || isOnChain
        ? out.nothing("missing")
        : out.put("missing", "the body of " + hash);
  }

  private static String whyInvalid(HeaderNode header) {
    if (header.isInvalidatedByHost()) {
      return "the host refused it by hand";
    }
    return header.brokeRule() ? "it broke a rule" : "it stands on a block that was refused";
  }

  /** The rule that was broken, and from whom that came, as far as it is remembered. */
  private void rule(Hash256 hash, JsonWriter out) {
    Optional<ChainJournal.Refusal> refusal = node.journal().refusal(hash);
    out.put("rule", refusal.map(why -> why.rejection().code().id()))
        .put("detail", refusal.map(why -> why.rejection().detail()))
        .put(
            "from",
            refusal.flatMap(ChainJournal.Refusal::from).or(() -> node.journal().sender(hash)));
  }

  private Optional<JsonWriter> orphan(Hash256 hash) {
    Map<Hash256, OrphanBlock> orphans = new LinkedHashMap<>();
    for (OrphanBlock orphan : node.engine().orphans()) {
      orphans.put(orphan.hash(), orphan);
    }
    OrphanBlock found = orphans.get(hash);
    if (found == null) {
      return Optional.empty();
    }
    OrphanBlock lowest = found;
    for (OrphanBlock parent = orphans.get(lowest.missingParent());
        parent != null;
        parent = orphans.get(lowest.missingParent())) {
      lowest = parent;
    }
    return Optional.of(
        said(hash, "block", "orphan", "it waits for a block that has not come")
            .nothing("rule")
            .nothing("detail")
            .put("from", source(found.source()))
            .put("missing", lowest.missingParent().toString())
            .seconds("arrived_at", found.arrivalSeconds() * 1_000));
  }

  /** A peer did wrong: if a hash is told, what it is of came from that peer. */
  void heard(SyncEvent.PeerMisbehaved wrong) {
    Matcher hash = HASH.matcher(wrong.detail());
    if (wrong.detail().length() <= MAX_DETAIL && hash.find()) {
      node.journal().blamed(Hash256.parse(hash.group()), source(wrong.peer().value()));
    }
  }

  private String source(long source) {
    if (source == 0) {
      return "host";
    }
    if (source == SubmitPages.SOURCE) {
      return "api";
    }
    return node.status().connections().peers().stream()
        .filter(peer -> peer.id().value() == source)
        .findFirst()
        .map(PeerStatus::end)
        .map(end -> end.address().toString())
        .orElse("peer " + source + ", which is gone");
  }

  private Optional<JsonWriter> pending(Hash256 txid) {
    return node.engine().mempoolEntry(txid).map(entry -> pending(txid, entry));
  }

  private JsonWriter pending(Hash256 txid, MempoolEntry entry) {
    return said(txid, "transaction", "pending", "it waits in the mempool for a block")
        .nothing("rule")
        .nothing("detail")
        .nothing("from")
        .nothing("missing")
        .coins("fee", entry.fee().units())
        .put("units_per_kvb", entry.feeRate().unitsPerKilobyte())
        .seconds("arrived_at", entry.arrivalSeconds() * 1_000);
  }

  private Optional<JsonWriter> settled(Hash256 txid) {
    AddressIndex index = node.sources().desks().index();
    if (index == null) {
      return Optional.empty();
    }
    return index
        .ask(books -> books.ledger().blockOf(txid).map(block -> new Settled(block, books.tip())))
        .map(
            settled ->
                said(txid, "transaction", "confirmed", "a block of the chain has it")
                    .nothing("rule")
                    .nothing("detail")
                    .nothing("from")
                    .nothing("missing")
                    .put("block_hash", settled.block().hash().toString())
                    .put("block_index", settled.block().height())
                    .put("confirmations", settled.confirmations()));
  }

  /** A transaction's block, and the chain's end. */
  private record Settled(HeaderNode block, HeaderNode tip) {
    int confirmations() {
      return tip.height() - block.height() + 1;
    }
  }

  private Optional<JsonWriter> refused(Hash256 hash) {
    return node.journal()
        .refusal(hash)
        .map(
            why -> {
              JsonWriter out = said(hash, "unknown", "rejected", "it broke a rule");
              rule(hash, out);
              return out.nothing("missing");
            });
  }

  private Optional<JsonWriter> removed(Hash256 txid) {
    return node.journal()
        .removal(txid)
        .map(
            reason ->
                said(txid, "transaction", "removed", sentence(reason))
                    .put("rule", reason.name().toLowerCase(Locale.ROOT))
                    .nothing("detail")
                    .nothing("from")
                    .nothing("missing"));
  }

  private static String sentence(ChainEvent.RemovalReason reason) {
    return switch (reason) {
      case MINED -> "a block has it";
      case CONFLICT -> "a block has another that spends the same coin";
      case REPLACED -> "another that pays more took its place";
      case EXPIRED -> "it waited too long";
      case EVICTED -> "the mempool was full, and it paid least";
      case INVALID -> "what it spends is gone, or a rule no longer lets it in";
    };
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
