package org.chaincore.core.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.ReorgPlan;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinChanges;
import org.chaincore.core.ledger.ConnectResult;
import org.chaincore.core.ledger.Ledger;
import org.chaincore.core.ledger.SpendContext;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Tries a plan on paper: takes the blocks off and puts the others on in a layer over the store's
 * coins, and changes nothing. Its memory is the net change of the coins and the undo data of what
 * is connected, both bounded by the depth that a reorganisation may have. Confined to the writer.
 */
final class ReorgValidation {
  private final ChainStore store;
  private final StoredBlocks blocks;
  private final Ledger ledger;

  ReorgValidation(ChainStore store, StoredBlocks blocks, Ledger ledger) {
    this.store = store;
    this.blocks = blocks;
    this.ledger = ledger;
  }

  /** What comes of trying a plan. */
  sealed interface Result {
    /** All blocks are good: this is what to commit. */
    record Valid(ChainCommit.TipMove move) implements Result {}

    /** A block breaks a rule. */
    record Invalid(HeaderNode culprit, Rejection rejection) implements Result {}
  }

  /**
   * Tries a plan.
   *
   * @param arriving a block of the plan that the store has not got yet
   */
  Result tryPlan(ReorgPlan plan, @Nullable Block arriving) {
    CoinChanges coins = CoinChanges.on(store);
    List<Hash256> disconnected = new ArrayList<>(plan.depth());
    for (HeaderNode node : plan.disconnect()) {
      ledger.disconnect(blocks.of(node, null), undoOf(node), coins);
      disconnected.add(node.hash());
    }
    List<ChainCommit.ConnectedBlock> connected = new ArrayList<>(plan.connect().size());
    for (HeaderNode node : plan.connect()) {
      ConnectResult result = ledger.connect(blocks.of(node, arriving), coins, contextOf(node));
      if (result instanceof ConnectResult.Refused refused) {
        return new Result.Invalid(node, refused.rejection());
      }
      BlockUndo undo = ((ConnectResult.Connected) result).undo();
      connected.add(new ChainCommit.ConnectedBlock(node.hash(), node.height(), undo));
    }
    Map<OutPoint, @Nullable Coin> changes = coins.changed();
    return new Result.Valid(
        new ChainCommit.TipMove(disconnected, connected, changes, plan.target().hash()));
  }

  private SpendContext contextOf(HeaderNode node) {
    HeaderNode parent = node.parent();
    if (parent == null) {
      throw new IllegalArgumentException("the root is never connected: " + node);
    }
    return SpendContexts.above(parent, ledger.params());
  }

  private BlockUndo undoOf(HeaderNode node) {
    return store
        .undo(node.hash())
        .orElseThrow(
            () -> new StoreException(StoreFault.CORRUPT, "store has lost what undoes " + node));
  }
}
