package org.chaincore.core.script;

import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;

/**
 * RIPEMD-160 of SHA-256, the short hash by which outputs name a public key. Whoever hashes many
 * keys owns one of these. Not thread-safe.
 */
final class Hash160 {
  static final int BYTES = 20;

  private final Sha256 sha;
  private final RIPEMD160Digest ripemd = new RIPEMD160Digest();

  /** By a SHA-256 that its owner uses for other things too. */
  Hash160(Sha256 sha) {
    this.sha = sha;
  }

  Bytes of(Bytes value) {
    byte[] bytes = value.toArray();
    byte[] inner = sha.hash(bytes, 0, bytes.length);
    ripemd.update(inner, 0, inner.length);
    byte[] hash = new byte[BYTES];
    ripemd.doFinal(hash, 0);
    return Bytes.of(hash);
  }

  static void requireLength(Bytes hash) {
    if (hash.length() != BYTES) {
      throw new IllegalArgumentException("a public key hash has 20 bytes, got " + hash.length());
    }
  }
}
