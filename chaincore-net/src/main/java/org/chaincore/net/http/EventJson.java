package org.chaincore.net.http;

import java.util.List;
import java.util.Locale;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.BlockRef;

/** Writes events. Stateless. */
final class EventJson {
  /** A reorganisation may be as deep as the chain; its ends are told, and how many there are. */
  private static final int MAX_BLOCKS = 200;

  private EventJson() {}

  static String name(ChainEvent event) {
    if (event instanceof ChainEvent.TipChanged moved) {
      return moved.isReorg() ? "reorganisation" : "tip_changed";
    }
    if (event instanceof ChainEvent.SideBlockStored) {
      return "side_block";
    }
    if (event instanceof ChainEvent.BlockOrphaned) {
      return "block_orphaned";
    }
    if (event instanceof ChainEvent.OrphanRecovered) {
      return "orphan_recovered";
    }
    if (event instanceof ChainEvent.BlockRejected) {
      return "block_rejected";
    }
    if (event instanceof ChainEvent.ReorgRefused) {
      return "reorganisation_refused";
    }
    return event instanceof ChainEvent.TransactionAccepted
        ? "transaction_accepted"
        : "transaction_removed";
  }

  /** The members of an event, into an object that is open. */
  static JsonWriter write(ChainEvent event, JsonWriter out) {
    if (event instanceof ChainEvent.TipChanged moved) {
      blocks("disconnected", moved.disconnected(), out);
      return blocks("connected", moved.connected(), out);
    }
    if (event instanceof ChainEvent.SideBlockStored side) {
      return block(side.block(), out);
    }
    if (event instanceof ChainEvent.BlockOrphaned orphaned) {
      return out.put("hash", orphaned.hash().toString())
          .put("parent", orphaned.parent().toString());
    }
    if (event instanceof ChainEvent.OrphanRecovered recovered) {
      return out.put("hash", recovered.hash().toString());
    }
    if (event instanceof ChainEvent.BlockRejected refused) {
      return out.put("hash", refused.hash().toString())
          .put("rule", refused.rejection().code().id())
          .put("detail", refused.rejection().detail());
    }
    if (event instanceof ChainEvent.ReorgRefused refused) {
      return block(refused.tip(), out).put("depth", refused.depth()).put("limit", refused.limit());
    }
    if (event instanceof ChainEvent.TransactionAccepted accepted) {
      return out.put("tx_id", accepted.transaction().txid().toString())
          .put("virtual_size", accepted.transaction().virtualSize());
    }
    ChainEvent.TransactionRemoved removed = (ChainEvent.TransactionRemoved) event;
    return out.put("tx_id", removed.txid().toString())
        .put("reason", removed.reason().name().toLowerCase(Locale.ROOT));
  }

  private static JsonWriter block(BlockRef block, JsonWriter out) {
    return out.put("index", block.height()).put("hash", block.hash().toString());
  }

  private static JsonWriter blocks(String name, List<BlockRef> blocks, JsonWriter out) {
    out.put(name + "_count", blocks.size()).array(name);
    int skippedFrom = blocks.size() > MAX_BLOCKS ? MAX_BLOCKS / 2 : blocks.size();
    int skippedTo = blocks.size() > MAX_BLOCKS ? blocks.size() - MAX_BLOCKS / 2 : blocks.size();
    for (int i = 0; i < blocks.size(); i++) {
      if (i < skippedFrom || i >= skippedTo) {
        block(blocks.get(i), out.element()).end();
      }
    }
    return out.end();
  }
}
