package org.chaincore.sync.protocol;

import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Learns the headers of peers' chains, in two phases, so that headers without work behind them cost
 * no memory.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class HeaderSync implements Machine {
  HeaderSync(MachineContext context) {}

  void headers(Peer peer, Headers message, long nowMillis) {}

  /** A peer says that it has a block. */
  void announced(Peer peer, Hash256 block, long nowMillis) {}

  /**
   * A peer shows the header of a block that it has; what it came to, null if it is not known now.
   */
  @Nullable HeaderNode announced(Peer peer, BlockHeader header, long nowMillis) {
    return null;
  }

  /** The answer to a request for headers did not come in time. */
  void headersMissing(Peer peer, long nowMillis) {}

  /** An outbound peer had time to show a chain as good as ours. */
  void behindDue(Peer peer, long nowMillis) {}

  /** The schedule wants tips compared. */
  void compareTips(long receipt, long nowMillis) {}
}
