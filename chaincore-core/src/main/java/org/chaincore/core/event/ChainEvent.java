package org.chaincore.core.event;

import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;

/** Something that happened to the chain or the mempool. Immutable. */
public sealed interface ChainEvent {
  /** A block and its height. */
  record BlockRef(int height, Hash256 hash) {}

  /**
   * The tip moved. A reorganisation is one event, whatever its depth: who follows it takes back
   * {@code disconnected} and applies {@code connected}.
   *
   * @param disconnected the blocks that left the chain, highest first
   * @param connected the blocks that joined it, lowest first
   */
  record TipChanged(List<BlockRef> disconnected, List<BlockRef> connected) implements ChainEvent {
    public TipChanged {
      disconnected = List.copyOf(disconnected);
      connected = List.copyOf(connected);
    }

    public boolean isReorg() {
      return !disconnected.isEmpty();
    }
  }

  /**
   * A block is good, but its chain has no more work than the one there is.
   *
   * @param block the block
   */
  record SideBlockStored(BlockRef block) implements ChainEvent {}

  /**
   * A block waits for its parent. Told only as long as there is room: where an orphan takes the
   * place of another it is not, or whoever makes orphans without end could push everything else out
   * of the log.
   *
   * @param hash the block
   * @param parent what it waits for
   */
  record BlockOrphaned(Hash256 hash, Hash256 parent) implements ChainEvent {}

  /**
   * A block that waited was judged, its parent having come. What became of it is told in events of
   * its own, just before; there is none if the block was known.
   *
   * @param hash the block
   */
  record OrphanRecovered(Hash256 hash) implements ChainEvent {}

  /**
   * A block was refused.
   *
   * @param hash the block
   * @param rejection why
   */
  record BlockRejected(Hash256 hash, Rejection rejection) implements ChainEvent {}

  /**
   * A chain of more work would take a deeper reorganisation than the node does by itself: the host
   * decides.
   *
   * @param tip the tip of that chain
   * @param depth how many blocks would leave the chain
   * @param limit how many may
   */
  record ReorgRefused(BlockRef tip, int depth, int limit) implements ChainEvent {}

  /**
   * A transaction came into the mempool.
   *
   * @param transaction the transaction
   */
  record TransactionAccepted(Transaction transaction) implements ChainEvent {}

  /**
   * A transaction left the mempool.
   *
   * @param txid which
   * @param reason why
   */
  record TransactionRemoved(Hash256 txid, RemovalReason reason) implements ChainEvent {}

  /** Why a transaction leaves the mempool. */
  enum RemovalReason {
    /** A block has it. */
    MINED,
    /** A block has another that spends the same coin. */
    CONFLICT,
    /** Another that pays more took its place. */
    REPLACED,
    /** It waited too long. */
    EXPIRED,
    /** The mempool is full, and it paid least. */
    EVICTED,
    /** A reorganisation took away what it spends, or a rule no longer lets it in. */
    INVALID
  }
}
