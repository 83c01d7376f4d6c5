/**
 * Proof of work: whether a header has it, how much the next one must have, and the search for it.
 * Start at {@link org.chaincore.core.pow.DifficultyRule}.
 */
package org.chaincore.core.pow;
