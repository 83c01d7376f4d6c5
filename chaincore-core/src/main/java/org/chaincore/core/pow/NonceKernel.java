package org.chaincore.core.pow;

/**
 * The inner loop of a search: one header, one target, many nonces. Not thread-safe; every worker
 * has its own.
 */
interface NonceKernel {
  /** What {@link #lowest} returns when no nonce is good. */
  long NONE = -1;

  /** The lowest nonce in {@code from..to−1} whose hash meets the target, or {@link #NONE}. */
  long lowest(long from, long to);
}
