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
  private static final int WORDS = Hash256.BYTES / Long.BYTES;

  private final long k0;
  private final long k1;
  private final HashFunction function;

  private SipKey(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
    this.function = Hashing.sipHash24(k0, k1);
  }

  public static SipKey of(long k0, long k1) {
    return new SipKey(k0, k1);
  }

  public long hash(byte[] bytes) {
    return function.hashBytes(bytes).asLong();
  }

  /**
   * The hash of the 32 wire bytes. Written out for this length, since every message about
   * transactions asks for it several times, and by way of an array it left 300 bytes of garbage.
   */
  public long hash(Hash256 hash) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    // Two rounds for each word, the last of which holds the length, and then four.
    int rounds = 2 * (WORDS + 1) + 4;
    long word = 0;
    for (int round = 0; round < rounds; round++) {
      int place = round >> 1;
      if (round == 2 * (WORDS + 1)) {
        v2 ^= 0xff;
      } else if (place <= WORDS && (round & 1) == 0) {
        word = place < WORDS ? hash.word(place) : (long) Hash256.BYTES << 56;
        v3 ^= word;
      }
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      if (place <= WORDS && (round & 1) == 1) {
        v0 ^= word;
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  @Override
  public String toString() {
    return "SipKey";
  }
}
