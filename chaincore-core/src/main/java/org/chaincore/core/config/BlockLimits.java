package org.chaincore.core.config;

/**
 * How large a block may be. Immutable.
 *
 * @param maxWeight weight units (BIP141); a block without witnesses may have a quarter of it in
 *     bytes
 * @param maxSignatureOperationsCost legacy signature operations count four, those of a witness one
 *     (BIP141)
 * @param maxDataOutputBytes host bytes that one data output may carry
 * @param maxLegacyHashedBytes how many P2PKH inputs a transaction may have, times its bytes without
 *     witnesses, all of which may be hashed for each of them; {@link #NO_LIMIT} as on Bitcoin
 */
public record BlockLimits(
    int maxWeight,
    int maxSignatureOperationsCost,
    int maxDataOutputBytes,
    int maxLegacyHashedBytes) {
  /** Of the legacy hashed bytes: any. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  /**
   * What networks of one's own have: more than any transaction that nodes relay can reach, which
   * has 100,000 bytes and 952 inputs at most, and a twentieth of what stalls a node for seconds.
   */
  public static final int USUAL_LEGACY_HASHED_BYTES = 100_000_000;

  /** Bitcoin's block limits, with the data output size that its nodes long relayed. */
  public static final BlockLimits BITCOIN = new BlockLimits(4_000_000, 80_000, 80, NO_LIMIT);

  /** So that a block always fits one frame of the wire, which is at most 4 MB. */
  private static final int MAX_WEIGHT = 4_000_000;

  public BlockLimits {
    Ranges.require("maxWeight", maxWeight, 40_000, MAX_WEIGHT);
    Ranges.require("maxSignatureOperationsCost", maxSignatureOperationsCost, 80, 1_000_000);
    // The data of a witness commitment has 36 bytes.
    Ranges.require("maxDataOutputBytes", maxDataOutputBytes, 36, 100_000);
    // A transaction of one input is within any limit.
    Ranges.require("maxLegacyHashedBytes", maxLegacyHashedBytes, MAX_WEIGHT / 4, NO_LIMIT);
  }

  /** With the usual limit of legacy hashed bytes. */
  public BlockLimits(int maxWeight, int maxSignatureOperationsCost, int maxDataOutputBytes) {
    this(maxWeight, maxSignatureOperationsCost, maxDataOutputBytes, USUAL_LEGACY_HASHED_BYTES);
  }
}
