package org.chaincore.net.node;

import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.sync.protocol.SyncStatus;

/**
 * How a node is at one moment, for people and monitors. Immutable.
 *
 * @param tip the last block of its chain
 * @param mempoolSize how many transactions wait
 * @param store whether what comes can be kept
 * @param hashesPerSecond how fast it mines, 0 if it does not
 * @param sync its peers, its progress and its tasks
 */
public record NodeStatus(
    BlockRef tip, int mempoolSize, StoreHealth store, long hashesPerSecond, SyncStatus sync) {
  /** What the node is waiting for, in a sentence without its full stop. */
  public String why() {
    return store instanceof StoreHealth.ReadOnly readOnly
        ? "read-only: " + readOnly.reason()
        : sync.why();
  }
}
