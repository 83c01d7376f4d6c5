package org.chaincore.core.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventLog;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.orphan.OrphanPool;
import org.chaincore.core.rules.BlockRules;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;

/**
 * The way of a block into the chain: those without a parent wait among the orphans, and those that
 * waited for the one that came are judged after it. Confined to the writer.
 */
final class BlockIntake {
  private final ChainState state;
  private final OrphanPool orphans;
  private final BlockRules blockRules;
  private final EventLog events;
  private final Followers followers;
  private final int maxReorgDepthBlocks;

  /** Blocks that came, and whose children among the orphans are yet to be judged. */
  private final Deque<Hash256> arrived = new ArrayDeque<>();

  BlockIntake(
      ChainState state,
      OrphanPool orphans,
      EventLog events,
      Followers followers,
      int maxReorgDepthBlocks) {
    this.state = state;
    this.orphans = orphans;
    this.blockRules = BlockRules.of(state.view().params());
    this.events = events;
    this.followers = followers;
    this.maxReorgDepthBlocks = maxReorgDepthBlocks;
  }

  /** What goes where the tip goes. */
  @FunctionalInterface
  interface Followers {
    /** Called after each block, in case it moved the tip. */
    void follow(Block arrived, long nowSeconds);
  }

  /** Offers a block to the chain, or to the orphans if its parent is not there. */
  BlockOutcome offer(Block block, long source, long nowSeconds) {
    return offer(block, source, nowSeconds, false);
  }

  private BlockOutcome offer(Block block, long source, long nowSeconds, boolean hasWaited) {
    BlockOutcome outcome = state.offer(block, nowSeconds, maxReorgDepthBlocks);
    if (outcome instanceof BlockOutcome.Orphaned orphaned) {
      return keepOrphan(block, orphaned.missingParent(), source, nowSeconds);
    }
    if (outcome instanceof BlockOutcome.Accepted) {
      arrived.add(block.hash());
    }
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      afterRefusal(block, rejected.rejection(), hasWaited);
    }
    followers.follow(block, nowSeconds);
    return outcome;
  }

  /**
   * Of what comes from outside only a fault that is remembered is told of in the events: else one
   * bad block, sent over and over, could push everything else out of the log. A block that has
   * waited is judged once, so whatever becomes of it is told.
   */
  private void afterRefusal(Block block, Rejection rejection, boolean hasWaited) {
    boolean isRemembered =
        rejection.code() != RejectionCode.KNOWN_INVALID
            && state.find(block.hash()).filter(HeaderNode::isInvalid).isPresent();
    if (isRemembered || hasWaited) {
      events.stage(new ChainEvent.BlockRejected(block.hash(), rejection));
    }
    if (isRemembered) {
      dropOrphansAbove(block.hash());
    }
    boolean isWorkless =
        rejection.code() == RejectionCode.HIGH_HASH || rejection.code() == RejectionCode.BAD_BITS;
    if (isWorkless && state.find(block.header().previous()).isEmpty()) {
      orphans.countRejectedPow();
    }
  }

  /** What waits for an invalid block waits in vain. */
  private void dropOrphansAbove(Hash256 invalid) {
    Deque<Hash256> parents = new ArrayDeque<>(List.of(invalid));
    while (!parents.isEmpty()) {
      Hash256 parent = parents.remove();
      for (Block child : orphans.dropChildren(parent)) {
        events.stage(
            new ChainEvent.BlockRejected(
                child.hash(),
                Rejection.of(RejectionCode.INVALID_PARENT, "parent " + parent + " is invalid")));
        parents.add(child.hash());
      }
    }
  }

  private BlockOutcome keepOrphan(Block block, Hash256 parent, long source, long nowSeconds) {
    // Compared as a whole: a false body under the header of one that waits is still a fault.
    if (orphans.find(block.hash()).filter(kept -> kept.block().equals(block)).isPresent()) {
      return new BlockOutcome.Orphaned(missingFor(block, parent), true);
    }
    // Not remembered, even if it blames the header: that has no place in the tree to be marked at.
    Optional<Rejection> fault = blockRules.check(block);
    if (fault.isPresent()) {
      return new BlockOutcome.Rejected(fault.get());
    }
    long evictedBefore = orphans.stats().evicted();
    OrphanPool.Admission admission = orphans.add(block, source, nowSeconds);
    boolean isKept = admission == OrphanPool.Admission.KEPT;
    // In a full pool each orphan takes the place of another, without end, and so it would in the
    // events.
    if (isKept && orphans.stats().evicted() == evictedBefore) {
      events.stage(new ChainEvent.BlockOrphaned(block.hash(), parent));
    }
    return new BlockOutcome.Orphaned(missingFor(block, parent), isKept);
  }

  /** What to ask for, so that a block with this parent can be judged. */
  private Hash256 missingFor(Block block, Hash256 parent) {
    return orphans.missingAncestor(block.hash()).orElse(parent);
  }

  /**
   * Judges what waited for the blocks that came. A queue, not a recursion: a chain of orphans may
   * be long. An orphan leaves the pool only when it has been judged, so that none is lost if the
   * store fails.
   */
  void recoverOrphans(long nowSeconds) {
    while (!arrived.isEmpty()) {
      for (OrphanBlock child : orphans.childrenOf(arrived.element())) {
        recover(child, nowSeconds);
      }
      arrived.remove();
    }
  }

  private void recover(OrphanBlock child, long nowSeconds) {
    boolean isToBeRetried = false;
    try {
      offer(child.block(), child.source(), nowSeconds, true);
      events.stage(new ChainEvent.OrphanRecovered(child.hash()));
    } catch (StoreException e) {
      isToBeRetried = true;
      throw e;
    } finally {
      // One whose judgement fails for another reason, as by a bug in a host's rule, would fail
      // again in every later change.
      if (!isToBeRetried) {
        orphans.recover(child.hash());
      }
    }
  }
}
