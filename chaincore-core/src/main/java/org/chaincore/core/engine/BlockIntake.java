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
    BlockOutcome outcome = state.offer(block, nowSeconds, maxReorgDepthBlocks);
    if (outcome instanceof BlockOutcome.Orphaned orphaned) {
      return keepOrphan(block, orphaned.missingParent(), source, nowSeconds);
    }
    if (outcome instanceof BlockOutcome.Accepted) {
      arrived.add(block.hash());
    }
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      tellOfRejected(block, rejected.rejection());
    }
    followers.follow(block, nowSeconds);
    return outcome;
  }

  /**
   * Only a fault that is remembered is told of in the events: else one bad block, sent over and
   * over, could push everything else out of the log.
   */
  private void tellOfRejected(Block block, Rejection rejection) {
    if (isNews(block.hash(), rejection)) {
      events.stage(new ChainEvent.BlockRejected(block.hash(), rejection));
      dropOrphansAbove(block.hash());
    }
    boolean isWorkless =
        rejection.code() == RejectionCode.HIGH_HASH || rejection.code() == RejectionCode.BAD_BITS;
    if (isWorkless && state.find(block.header().previous()).isEmpty()) {
      orphans.countRejectedPow();
    }
  }

  private boolean isNews(Hash256 block, Rejection rejection) {
    return rejection.code() != RejectionCode.KNOWN_INVALID
        && state.find(block).filter(HeaderNode::isInvalid).isPresent();
  }

  /** What waits for an invalid block waits in vain. */
  private void dropOrphansAbove(Hash256 invalid) {
    Deque<Hash256> parents = new ArrayDeque<>(List.of(invalid));
    while (!parents.isEmpty()) {
      Hash256 parent = parents.remove();
      for (Block child : orphans.takeChildren(parent)) {
        events.stage(
            new ChainEvent.BlockRejected(
                child.hash(),
                Rejection.of(RejectionCode.INVALID_PARENT, "parent " + parent + " is invalid")));
        parents.add(child.hash());
      }
    }
  }

  private BlockOutcome keepOrphan(Block block, Hash256 parent, long source, long nowSeconds) {
    Optional<Rejection> foreignBody = blockRules.check(block);
    if (foreignBody.isPresent()) {
      return new BlockOutcome.Rejected(foreignBody.get());
    }
    OrphanPool.Admission admission = orphans.add(block, source, nowSeconds);
    if (admission == OrphanPool.Admission.KEPT) {
      events.stage(new ChainEvent.BlockOrphaned(block.hash(), parent));
    }
    Hash256 missing = orphans.missingAncestor(block.hash()).orElse(parent);
    return new BlockOutcome.Orphaned(missing, admission != OrphanPool.Admission.REFUSED);
  }

  /**
   * Judges what waited for the blocks that came. A queue, not a recursion: a chain of orphans may
   * be long. An orphan leaves the pool only when it has been judged, so that none is lost if the
   * store fails.
   */
  void recoverOrphans(long nowSeconds) {
    while (!arrived.isEmpty()) {
      for (OrphanBlock child : orphans.childrenOf(arrived.element())) {
        BlockOutcome outcome = offer(child.block(), child.source(), nowSeconds);
        orphans.recover(child.hash());
        events.stage(new ChainEvent.OrphanRecovered(child.hash()));
        if (outcome instanceof BlockOutcome.Rejected rejected
            && !isNews(child.hash(), rejected.rejection())) {
          events.stage(new ChainEvent.BlockRejected(child.hash(), rejected.rejection()));
        }
      }
      arrived.remove();
    }
  }
}
