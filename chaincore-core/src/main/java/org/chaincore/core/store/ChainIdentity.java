package org.chaincore.core.store;

import org.chaincore.core.config.ChainParams;
import org.chaincore.core.value.Hash256;

/**
 * Which network a store keeps the chain of. The genesis block alone does not tell: two networks may
 * begin with the same one and judge what follows by other rules. Immutable and thread-safe.
 *
 * @param genesis the hash of the genesis block
 * @param fingerprint the fingerprint of the consensus parameters but for the checkpoints, {@link
 *     ChainParams#rulesFingerprint()}. Checkpoints are no part of it: a store that contradicts a
 *     new one is refused when its headers are judged
 */
public record ChainIdentity(Hash256 genesis, Hash256 fingerprint) {
  /** That of a network. */
  public static ChainIdentity of(ChainParams params) {
    return new ChainIdentity(params.genesis().hash(), params.rulesFingerprint());
  }

  /**
   * Called by a store on the identity that it keeps, before it gives anything back.
   *
   * @param asked the identity that it is loaded with
   * @throws StoreException naming what differs, if anything does
   */
  public void requireSame(ChainIdentity asked) {
    requireSame("genesis", genesis, asked.genesis);
    requireSame("consensus parameters of fingerprint", fingerprint, asked.fingerprint);
  }

  private static void requireSame(String what, Hash256 kept, Hash256 asked) {
    if (!kept.equals(asked)) {
      throw new StoreException(
          StoreFault.OTHER_NETWORK, "store holds " + what + " " + kept + ", not " + asked);
    }
  }
}
