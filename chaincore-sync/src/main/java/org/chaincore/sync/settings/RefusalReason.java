package org.chaincore.sync.settings;

/** Why settings, or a document of settings, were refused. Nothing of what is refused is applied. */
public enum RefusalReason {
  /** The document is for a network with other consensus parameters. */
  WRONG_NETWORK,
  /** The host does not trust the signer. */
  UNTRUSTED_SIGNER,
  /** A document of this version or a newer one was applied before. */
  REPLAYED,
  /** Its time has not come. */
  NOT_YET_VALID,
  /** Its time is over. */
  EXPIRED,
  /** The signer did not sign this. */
  BAD_SIGNATURE,
  /** It would change what the nodes of a network agree on. */
  CONSENSUS_KEY,
  /** There is no such setting here; a newer node may have it. */
  UNKNOWN_KEY,
  /** The value is not allowed, alone or beside the others. */
  OUT_OF_RANGE
}
