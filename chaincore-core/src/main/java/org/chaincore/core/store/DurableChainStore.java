package org.chaincore.core.store;

import java.util.function.Consumer;
import org.chaincore.core.block.Block;

/**
 * A chain store that outlives its process. What it adds to {@link ChainStore} is for the host and
 * the node: how it is, when it waits for the disk, and what it keeps beside the chain.
 *
 * <p><b>A failed write</b> makes the store read-only: it refuses every change from then on, so that
 * nothing is acknowledged that a broken disk may have lost. After {@link StoreFault#DISK_FULL} it
 * goes on by itself with the first commit, or the first call of {@link #resume}, that finds space;
 * after anything else when it is opened again: also if it finds after a full disk that changes are
 * gone which had been acknowledged ({@link StoreFault#LOST_COMMITS}). A change that failed is not
 * there as long as the store is open; one whose bytes had reached the disk all the same may be
 * there when it is opened next.
 *
 * <p>Every method may be called by any thread.
 */
public interface DurableChainStore extends ChainStore {
  /** Whether the store takes changes. Never blocks. */
  StoreHealth health();

  /**
   * Tells of every change of {@link #health} from now on, in the thread that found it, which holds
   * the CHAIN lock in most cases: the listener must be quick and must not call the store or the
   * engine.
   *
   * @return ends the subscription
   */
  Runnable subscribe(Consumer<StoreHealth> listener);

  /**
   * Lets a store that was read-only for want of space go on if there is some now. For a node to
   * call now and then.
   *
   * @return the health after it
   */
  StoreHealth resume();

  /** When the store waits for the disk. */
  FsyncPolicy fsyncPolicy();

  /**
   * Changes when the store waits for the disk. What was acknowledged before is on the disk when a
   * change to {@link FsyncPolicy#EVERY_BLOCK} returns.
   */
  void use(FsyncPolicy policy);

  /**
   * Writes what is only in memory, the changes of coins too, and waits for the disk: after it the
   * store can be opened without replaying anything.
   */
  void flush();

  /**
   * Reads everything and says what is not as it was written. Changes nothing, may take minutes, and
   * may run beside commits: what comes after it began is not looked at. The store need not be
   * loaded for it.
   *
   * @throws StoreException if the store is closed, also while this runs
   */
  StoreVerification verify();

  @Override
  boolean repair(Block body);

  /** What the node remembers beside the chain. */
  NodeMemory memory();
}
