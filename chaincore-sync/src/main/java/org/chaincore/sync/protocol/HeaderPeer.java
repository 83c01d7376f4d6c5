package org.chaincore.sync.protocol;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * One peer as a source of headers.
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class HeaderPeer {
  private final Peer peer;

  /** Whether it was asked and has not answered. At most one request is open at a time. */
  boolean isAwaited;

  /** Whether it is to be asked when there is a place for it. */
  boolean isWaiting;

  /** Whether it has answered a request. */
  boolean hasAnswered;

  /** Its chain, while that has not shown enough work. */
  @Nullable LowWorkChain lowWork;

  /** The work that the weighing of its chain shows when its headers are released. */
  Work shown = Work.ZERO;

  /** The last block that it announced and that was not known. */
  @Nullable Hash256 announced;

  /** Headers in a row that led to nothing known. */
  int unconnected;

  /** How often its second pass was not its first. */
  int changes;

  HeaderPeer(Peer peer) {
    this.peer = peer;
  }

  Peer peer() {
    return peer;
  }

  boolean isUsable() {
    return peer.facts().servesBlocks();
  }

  /** How many headers it claims to have beyond these; negative if it claims fewer. */
  long claimsBeyond(HeaderNode best) {
    return (long) peer.facts().startHeight() - best.height();
  }
}
