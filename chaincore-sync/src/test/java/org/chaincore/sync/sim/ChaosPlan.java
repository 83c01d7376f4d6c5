package org.chaincore.sync.sim;

import java.util.Locale;

/**
 * How much of everything a run of chaos has. Equal plans make equal runs.
 *
 * @param seed where all chance comes from
 * @param honest nodes that keep to the protocol
 * @param hostile participants that do not
 * @param chaosSeconds how long faults happen
 * @param faults how many happen
 * @param redials whether hosts see to their connections themselves, or leave that to the protocol
 */
record ChaosPlan(
    long seed, int honest, int hostile, int chaosSeconds, int faults, boolean redials) {
  /** After the faults have ended the network must be one again within this. */
  static final int HEALING_SECONDS = 300;

  /** Of the healing so long nobody mines, so that nothing is on its way at the end. */
  static final int SETTLING_SECONDS = 40;

  static final int BLOCK_SECONDS = 10;
  static final int PAYMENT_SECONDS = 3;

  /** Twenty nodes, a quarter of them hostile. */
  static ChaosPlan of(long seed) {
    return new ChaosPlan(seed, 15, 5, 240, 16, true);
  }

  /** The same with half the faults in half the time. */
  ChaosPlan halved() {
    return new ChaosPlan(seed, honest, hostile, chaosSeconds / 2, faults / 2, redials);
  }

  ChaosPlan withHostile(int others) {
    return new ChaosPlan(seed, honest, others, chaosSeconds, faults, redials);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "seed %d: %d honest and %d hostile, %d faults in %d s",
        seed,
        honest,
        hostile,
        faults,
        chaosSeconds);
  }
}
