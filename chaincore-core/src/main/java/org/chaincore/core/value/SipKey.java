package org.chaincore.core.value;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;

/**
 * A secret key of SipHash-2-4, the short hash that an attacker who does not know the key cannot
 * steer (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). The short ids of compact
 * blocks and of reconciliation use it.
 *
 * <p>Immutable and thread-safe. {@link #toString()} does not show the key.
 */
public final class SipKey {
  private final HashFunction function;

  private SipKey(HashFunction function) {
    this.function = function;
  }

  public static SipKey of(long k0, long k1) {
    return new SipKey(Hashing.sipHash24(k0, k1));
  }

  public long hash(byte[] bytes) {
    return function.hashBytes(bytes).asLong();
  }

  /** The hash of the 32 wire bytes. */
  public long hash(Hash256 hash) {
    return hash(hash.toWire());
  }

  @Override
  public String toString() {
    return "SipKey";
  }
}
