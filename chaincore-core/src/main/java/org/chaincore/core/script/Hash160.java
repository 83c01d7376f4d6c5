package org.chaincore.core.script;

import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;

/** RIPEMD-160 of SHA-256, the short hash by which outputs name a public key. */
final class Hash160 {
  static final int BYTES = 20;

  private Hash160() {}

  static Bytes of(Bytes value, Sha256 hasher) {
    byte[] bytes = value.toArray();
    byte[] sha = hasher.hash(bytes, 0, bytes.length);
    RIPEMD160Digest ripemd = new RIPEMD160Digest();
    ripemd.update(sha, 0, sha.length);
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
