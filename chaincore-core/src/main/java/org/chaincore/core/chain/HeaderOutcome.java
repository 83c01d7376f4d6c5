package org.chaincore.core.chain;

import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;

/** What comes of offering a header to the tree. */
public sealed interface HeaderOutcome {
  /**
   * The header is good and new.
   *
   * @param node its place
   */
  record Added(HeaderNode node) implements HeaderOutcome {}

  /**
   * The header is good and was there.
   *
   * @param node its place
   */
  record Known(HeaderNode node) implements HeaderOutcome {}

  /**
   * The header has the work it claims, but its parent is unknown.
   *
   * @param parent the missing parent
   */
  record Unconnected(Hash256 parent) implements HeaderOutcome {}

  /**
   * The header breaks a rule.
   *
   * @param rejection which
   */
  record Refused(Rejection rejection) implements HeaderOutcome {}
}
