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
 * @param upkeep what is left to do for the store in the background
 * @param sync its peers, its progress and its tasks
 */
public record NodeStatus(
    BlockRef tip,
    int mempoolSize,
    StoreHealth store,
    long hashesPerSecond,
    StoreProgress upkeep,
    SyncStatus sync) {
  /** What the node is waiting for, in a sentence without its full stop. */
  public String why() {
    if (store instanceof StoreHealth.ReadOnly readOnly) {
      return "read-only: " + readOnly.reason();
    }
    String beside = upkeep.sentence().orElse("");
    if (upkeep.isRefuted()) {
      return beside;
    }
    return sync.chain().isCaughtUp() && !beside.isEmpty() ? sync.why() + "; " + beside : sync.why();
  }
}
