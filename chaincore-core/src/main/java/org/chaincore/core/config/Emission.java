package org.chaincore.core.config;

import org.chaincore.core.value.Amount;

/**
 * How coins come into being. Immutable.
 *
 * @param initialReward what the first blocks create
 * @param halvingIntervalBlocks after so many blocks the reward is halved, rounding down, until
 *     nothing is left
 * @param coinbaseMaturityBlocks a coinbase at height h may be spent from height h + this on, as a
 *     reorganisation could still undo it
 */
public record Emission(
    Amount initialReward, int halvingIntervalBlocks, int coinbaseMaturityBlocks) {
  /** A shift of a long by more would wrap. */
  private static final int MAX_HALVINGS = 63;

  public Emission {
    Ranges.require("halvingIntervalBlocks", halvingIntervalBlocks, 1, Integer.MAX_VALUE);
    Ranges.require("coinbaseMaturityBlocks", coinbaseMaturityBlocks, 1, 100_000);
  }

  /** What the block at {@code height} may create, fees apart. */
  public Amount subsidy(int height) {
    int halvings = height / halvingIntervalBlocks;
    return halvings > MAX_HALVINGS ? Amount.ZERO : Amount.of(initialReward.units() >> halvings);
  }
}
