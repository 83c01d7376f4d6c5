package org.chaincore.core.script;

import java.math.BigInteger;
import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.ECPoint;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.value.Bytes;

/**
 * A private key: a number from 1 to n−1, where n is the order of secp256k1. It is never part of a
 * text or an exception, and two keys are compared by their public keys.
 *
 * <p>Thread-safe until it is destroyed; a method called afterwards throws {@link
 * IllegalStateException}.
 */
public final class PrivateKey implements Destroyable {
  /** Bytes of a private key. */
  public static final int BYTES = ScalarBytes.LENGTH;

  private final byte[] secret;
  private volatile boolean destroyed;

  private PrivateKey(byte[] secret) {
    this.secret = secret;
  }

  /**
   * The key that is this number, most significant byte first. The array is copied; the caller may
   * clear it.
   *
   * @throws IllegalArgumentException if it is not 32 bytes or outside 1..n−1; the message does not
   *     show them
   */
  public static PrivateKey of(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("a private key has 32 bytes, got " + secret.length);
    }
    return ofScalar(ScalarBytes.read(secret));
  }

  /**
   * A key made of a seed, the same one each time. The key is as hard to guess as the seed.
   *
   * @param seed 32 bytes of the caller's randomness
   */
  public static PrivateKey ofSeed(byte[] seed) {
    if (seed.length != BYTES) {
      throw new IllegalArgumentException("a seed has 32 bytes, got " + seed.length);
    }
    BigInteger hash = ScalarBytes.read(TaggedHash.KEY_FROM_SEED.hash(seed));
    return ofScalar(hash.mod(Scalars.ORDER.subtract(BigInteger.ONE)).add(BigInteger.ONE));
  }

  static PrivateKey ofScalar(BigInteger scalar) {
    if (scalar.signum() <= 0 || scalar.compareTo(Scalars.ORDER) >= 0) {
      throw new IllegalArgumentException("a private key is a number from 1 to n-1");
    }
    return new PrivateKey(ScalarBytes.of(scalar));
  }

  /** A copy of the secret itself, most significant byte first; the caller clears it after use. */
  public byte[] toSecretBytes() {
    if (destroyed) {
      throw new IllegalStateException("private key was destroyed");
    }
    return secret.clone();
  }

  /** The public key in its compressed form. */
  public PublicKey publicKey() {
    return PublicKey.of(Bytes.of(point().getEncoded(true)));
  }

  /** The public key in its uncompressed form, which only P2PKH may use. */
  public PublicKey uncompressedPublicKey() {
    return PublicKey.of(Bytes.of(point().getEncoded(false)));
  }

  /** The key that signs for the taproot output of this one, without a script tree (BIP86). */
  public PrivateKey taprootOutputKey() {
    return taprootOutputKey(Bytes.EMPTY);
  }

  /**
   * The key that signs for a taproot output with a script tree (BIP341).
   *
   * @param merkleRoot 32 bytes, or none for no tree
   */
  PrivateKey taprootOutputKey(Bytes merkleRoot) {
    ECPoint point = point();
    BigInteger scalar = scalar();
    BigInteger even = Curve.hasEvenY(point) ? scalar : Scalars.ORDER.subtract(scalar);
    BigInteger tweak = XOnlyPublicKey.tweak(Curve.x(point), merkleRoot);
    return ofScalar(even.add(tweak).mod(Scalars.ORDER));
  }

  BigInteger scalar() {
    byte[] copy = toSecretBytes();
    try {
      return ScalarBytes.read(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  private ECPoint point() {
    return Curve.multiplyGenerator(scalar());
  }

  /** Overwrites the secret. What was copied from it is not reached. */
  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "private key (hidden)";
  }
}
