package org.chaincore.core.orphan;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.orphan.FairPool.Bounds;
import org.chaincore.core.orphan.FairPool.Placed;
import org.chaincore.core.orphan.FairPool.Slot;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Blocks whose parent is unknown, kept for a while in the hope that it comes.
 *
 * <p><b>What may come in.</b> Nothing of such a block's place in the chain can be judged, so its
 * proof of work is all that makes it cost anything: the caller checks that, and that the body
 * belongs to the header, before it offers a block, and tells {@link #countRejectedPow()} of those
 * that failed.
 *
 * <p><b>Attack and answer.</b> Whoever finds easy proof of work can make orphans without end. They
 * are bounded in number and bytes, shared out by source so that nobody evicts another's reserved
 * share ({@link OrphanLimits#reservedBlocksPerSource()}, and as large a part of {@link
 * OrphanLimits#maxBlockBytes()}), and expire.
 *
 * <p><b>Recovery.</b> When a block arrives the caller takes its children, judges each, takes
 * theirs, and so on with a queue of its own: a chain of orphans may be long, and nothing here
 * recurses.
 *
 * <p>Each call costs O(log n) for each block that comes or goes. Not thread-safe; confined to the
 * writer.
 */
public final class OrphanPool {
  /** What comes of offering a block. */
  public enum Admission {
    /** It waits now. */
    KEPT,
    /** It waited already. */
    KNOWN,
    /** There is no room that its source may take. */
    REFUSED
  }

  private final OrphanLimits limits;
  private final FairPool<Block> pool;
  private final ParentIndex<Block> byParent = new ParentIndex<>();
  private long received;
  private long recovered;
  private long expired;
  private long evicted;
  private long dropped;
  private long rejectedPow;

  private OrphanPool(OrphanLimits limits) {
    this.limits = limits;
    this.pool =
        new FairPool<>(
            new Bounds(
                limits.maxBlocks(),
                limits.maxBlockBytes(),
                limits.reservedBlocksPerSource(),
                limits.expirySeconds()));
  }

  /** An empty pool. */
  public static OrphanPool of(OrphanLimits limits) {
    return new OrphanPool(limits);
  }

  /**
   * Offers a block with proof of work whose parent is unknown, or waits here itself.
   *
   * @param source who sent it, 0 for the host itself
   * @param nowSeconds Unix seconds
   */
  public Admission add(Block block, long source, long nowSeconds) {
    if (pool.find(block.hash()) != null) {
      return Admission.KNOWN;
    }
    received++;
    Optional<Placed<Block>> placed =
        pool.offer(block.hash(), block, block.size(), source, nowSeconds);
    if (placed.isEmpty()) {
      evicted++;
      return Admission.REFUSED;
    }
    placed.get().evicted().forEach(this::forgetPlace);
    evicted += placed.get().evicted().size();
    byParent.add(parentOf(block), placed.get().slot());
    return Admission.KEPT;
  }

  /** Counts a block that was not offered as it lacks proof of work. */
  public void countRejectedPow() {
    rejectedPow++;
  }

  /** The blocks that wait for this parent, in the order in which they came; they stay. */
  public List<OrphanBlock> childrenOf(Hash256 parent) {
    return byParent.of(parent).stream().map(OrphanPool::shown).toList();
  }

  /** Takes out a block that need not wait any more, if it is there. */
  public void recover(Hash256 hash) {
    Slot<Block> slot = pool.find(hash);
    if (slot != null) {
      pool.take(slot);
      forgetPlace(slot);
      recovered++;
    }
  }

  /**
   * Takes out the blocks that wait for this parent in vain, as it is invalid, in the order in which
   * they came. What waits for them in turn stays, for the caller to drop.
   */
  public List<Block> dropChildren(Hash256 parent) {
    List<Slot<Block>> children = byParent.of(parent);
    for (Slot<Block> child : children) {
      pool.take(child);
      forgetPlace(child);
    }
    dropped += children.size();
    return children.stream().map(Slot::item).toList();
  }

  /** Takes out, and forgets, what has waited for {@link OrphanLimits#expirySeconds()}. */
  public List<OrphanBlock> expire(long nowSeconds) {
    List<Slot<Block>> old = pool.expire(nowSeconds);
    old.forEach(this::forgetPlace);
    expired += old.size();
    return old.stream().map(OrphanPool::shown).toList();
  }

  public Optional<OrphanBlock> find(Hash256 hash) {
    return Optional.ofNullable(pool.find(hash)).map(OrphanPool::shown);
  }

  /**
   * The unknown block that an orphan waits for in the end: its parent, or if that is an orphan too,
   * what that one waits for. Steps down block by block.
   *
   * @return empty if no such orphan waits
   */
  public Optional<Hash256> missingAncestor(Hash256 orphan) {
    @Nullable Slot<Block> slot = pool.find(orphan);
    if (slot == null) {
      return Optional.empty();
    }
    Hash256 missing = orphan;
    while (slot != null) {
      missing = parentOf(slot.item());
      slot = pool.find(missing);
    }
    return Optional.of(missing);
  }

  /** All that wait, oldest first. */
  public List<OrphanBlock> list() {
    return pool.slots().stream().map(OrphanPool::shown).toList();
  }

  public OrphanStats stats() {
    return new OrphanStats(
        pool.size(),
        limits.maxBlocks(),
        pool.bytes(),
        received,
        recovered,
        expired,
        evicted,
        dropped,
        rejectedPow);
  }

  private void forgetPlace(Slot<Block> gone) {
    byParent.remove(parentOf(gone.item()), gone);
  }

  private static Hash256 parentOf(Block block) {
    return block.header().previous();
  }

  private static OrphanBlock shown(Slot<Block> slot) {
    return new OrphanBlock(slot.item(), slot.arrival().source(), slot.arrival().seconds());
  }
}
