package org.chaincore.core.engine;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;

/** What comes of offering a block. */
public sealed interface BlockOutcome {
  /**
   * The block is valid as far as it was judged, and kept.
   *
   * @param block its place in the tree
   * @param isOnChain whether the chain now goes through it; if not it is a side block, whose coins
   *     are judged only when its branch gets more work
   */
  record Accepted(HeaderNode block, boolean isOnChain) implements BlockOutcome {}

  /**
   * The block was there.
   *
   * @param block its place in the tree
   */
  record AlreadyKnown(HeaderNode block) implements BlockOutcome {}

  /**
   * The parent, or its body, is missing. The block waits in the orphan pool, as long as there is
   * room.
   *
   * @param missingParent what to ask peers for
   * @param isKept whether the pool had room
   */
  record Orphaned(Hash256 missingParent, boolean isKept) implements BlockOutcome {}

  /**
   * The block breaks a rule.
   *
   * @param rejection which
   */
  record Rejected(Rejection rejection) implements BlockOutcome {}
}
