package org.chaincore.net.node;

import java.util.Optional;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;

/**
 * What a node knows of a block or transaction, and why it is not where one might expect it.
 * Immutable.
 *
 * @param hash which
 * @param state where it is
 * @param sentence the same in words, without a full stop
 * @param rejection the rule that it broke, if it was refused
 */
public record Explanation(
    Hash256 hash, State state, String sentence, Optional<Rejection> rejection) {
  /** Where something is. */
  public enum State {
    /** A block of the chain. */
    ON_CHAIN,
    /** A block beside the chain. */
    BESIDE_CHAIN,
    /** A header whose block has not come. */
    HEADER_ONLY,
    /** A block or transaction that waits for what it stands on. */
    ORPHAN,
    /** A transaction that waits to be mined. */
    IN_MEMPOOL,
    /** It broke a rule. */
    REFUSED,
    /** A transaction that was in the mempool. */
    LEFT_MEMPOOL,
    /** It never came, or that was too long ago. */
    UNKNOWN
  }
}
