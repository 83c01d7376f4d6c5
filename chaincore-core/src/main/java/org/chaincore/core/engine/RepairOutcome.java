package org.chaincore.core.engine;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.rules.Rejection;

/** What comes of offering a body whose copy in the store is damaged. */
public sealed interface RepairOutcome {
  /**
   * The store has the body again.
   *
   * @param block its place in the tree
   */
  record Repaired(HeaderNode block) implements RepairOutcome {}

  /** The block is unknown, or has no body, or one that is not damaged: nothing was done. */
  record NotNeeded() implements RepairOutcome {}

  /**
   * It is not the body that belongs to the header.
   *
   * @param rejection the rule that it breaks
   */
  record Rejected(Rejection rejection) implements RepairOutcome {}
}
