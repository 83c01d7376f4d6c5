package org.chaincore.core.script;

/**
 * How strictly the form of a spend is judged, beyond what the signature itself says. Immutable.
 *
 * @param lowS whether s must be low (BIP146)
 * @param definedHashType whether an ECDSA hash type must be one of the six defined ones
 * @param minimalPushes whether the pushes of a scriptSig must be minimal (BIP62, rule 3)
 * @param compressedWitnessKeys whether a key in a witness must be compressed (BIP143)
 */
public record VerificationRules(
    boolean lowS, boolean definedHashType, boolean minimalPushes, boolean compressedWitnessKeys) {
  /** Consensus of ChainCore networks: a spend has one form only, so nobody can change it. */
  public static final VerificationRules STRICT = new VerificationRules(true, true, true, true);

  /**
   * Consensus of Bitcoin, which takes all these forms: for checking blocks of the past. What it has
   * besides is refused here too: DER that is not strict (until BIP66), hybrid public keys, and a
   * scriptSig that does more than push a signature and a key.
   */
  public static final VerificationRules HISTORIC =
      new VerificationRules(false, false, false, false);
}
