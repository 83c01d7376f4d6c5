package org.chaincore.sync.protocol;

/**
 * The halves of the salt that short transaction ids of a connection are made with: neither side can
 * choose it alone, so nobody can prepare transactions whose ids collide. Source: BIP330.
 *
 * @param ours what we sent
 * @param theirs what the peer sent
 */
record ReconciliationSalts(long ours, long theirs) {
  /** Bytes of one half on the wire, little-endian. */
  static final int BYTES = Long.BYTES;
}
