package org.chaincore.core.config;

/**
 * How large a block may be. Immutable.
 *
 * @param maxWeight weight units (BIP141); a block without witnesses may have a quarter of it in
 *     bytes
 * @param maxSignatureOperationsCost legacy signature operations count four, those of a witness one
 *     (BIP141)
 * @param maxDataOutputBytes host bytes that one data output may carry
 */
public record BlockLimits(int maxWeight, int maxSignatureOperationsCost, int maxDataOutputBytes) {
  /** Bitcoin's block limits, with the data output size that its nodes long relayed. */
  public static final BlockLimits BITCOIN = new BlockLimits(4_000_000, 80_000, 80);

  /** So that a block always fits one frame of the wire, which is at most 4 MB. */
  private static final int MAX_WEIGHT = 4_000_000;

  public BlockLimits {
    Ranges.require("maxWeight", maxWeight, 40_000, MAX_WEIGHT);
    Ranges.require("maxSignatureOperationsCost", maxSignatureOperationsCost, 80, 1_000_000);
    // The data of a witness commitment has 36 bytes.
    Ranges.require("maxDataOutputBytes", maxDataOutputBytes, 36, 100_000);
  }
}
