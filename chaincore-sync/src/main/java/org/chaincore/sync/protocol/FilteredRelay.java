package org.chaincore.sync.protocol;

import org.chaincore.core.block.Block;
import org.chaincore.sync.message.FilterAdd;
import org.chaincore.sync.message.FilterLoad;

/**
 * Serves peers that want to hear only of what matches a filter of theirs (BIP37). Off by default.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class FilteredRelay implements Machine {
  FilteredRelay(MachineContext context) {}

  /** Sends what a block has for the peer's filter; how many bytes that took, 0 without a filter. */
  int sendFiltered(Peer peer, Block block, boolean withWitness) {
    return 0;
  }

  void load(Peer peer, FilterLoad message, long nowMillis) {}

  void add(Peer peer, FilterAdd message, long nowMillis) {}

  void clear(Peer peer, long nowMillis) {}
}
