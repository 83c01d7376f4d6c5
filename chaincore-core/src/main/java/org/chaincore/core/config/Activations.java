package org.chaincore.core.config;

/**
 * From which heights on a network demands what Bitcoin came to demand in the course of its life.
 * Immutable.
 *
 * @param heightInCoinbase headers have version 2, and the coinbase begins with the height (BIP34)
 * @param strictSignatures headers have version 3 (BIP66)
 * @param checkLockTime headers have version 4 (BIP65)
 */
public record Activations(int heightInCoinbase, int strictSignatures, int checkLockTime) {
  /** All from the first block on. */
  public static final Activations FROM_THE_START = new Activations(1, 1, 1);

  public Activations {
    Ranges.require("heightInCoinbase", heightInCoinbase, 1, Integer.MAX_VALUE);
    Ranges.require("strictSignatures", strictSignatures, 1, Integer.MAX_VALUE);
    Ranges.require("checkLockTime", checkLockTime, 1, Integer.MAX_VALUE);
  }

  /** The lowest version that a header at {@code height} may have. */
  public int minimumVersion(int height) {
    if (height >= checkLockTime) {
      return 4;
    }
    if (height >= strictSignatures) {
      return 3;
    }
    return height >= heightInCoinbase ? 2 : Integer.MIN_VALUE;
  }
}
