package org.chaincore.core.script;

import java.math.BigInteger;
import org.bouncycastle.math.ec.ECPoint;
import org.chaincore.core.curve.CurvePoint;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.value.Bytes;

/**
 * A public key by its x coordinate alone, meaning the point with an even y (BIP340).
 *
 * <p>Immutable and thread-safe.
 *
 * @param x 32 bytes, most significant first; not necessarily that of a point
 */
public record XOnlyPublicKey(Bytes x) {
  /** Bytes of an x-only key. */
  public static final int BYTES = 32;

  public XOnlyPublicKey {
    if (x.length() != BYTES) {
      throw new IllegalArgumentException("an x-only public key has 32 bytes, got " + x.length());
    }
  }

  /** Whether there is a point of the curve with this x coordinate. */
  public boolean isOnCurve() {
    return CurvePoint.ofX(x) != null;
  }

  /**
   * The output key of a taproot output whose internal key is this one and which has no script tree
   * (BIP86).
   *
   * @throws IllegalArgumentException if this key is not on the curve
   */
  public XOnlyPublicKey taprootOutputKey() {
    return taprootOutputKey(Bytes.EMPTY);
  }

  /**
   * The output key for a script tree (BIP341).
   *
   * @param merkleRoot 32 bytes, or none for no tree
   */
  XOnlyPublicKey taprootOutputKey(Bytes merkleRoot) {
    ECPoint internal = Curve.liftX(x);
    if (internal == null) {
      throw new IllegalArgumentException("not on the curve: " + x);
    }
    ECPoint output = internal.add(Curve.multiplyGenerator(tweak(x.toArray(), merkleRoot)));
    return new XOnlyPublicKey(Bytes.of(Curve.x(output.normalize())));
  }

  static BigInteger tweak(byte[] internalKey, Bytes merkleRoot) {
    BigInteger tweak =
        ScalarBytes.read(TaggedHash.TAP_TWEAK.hash(internalKey, merkleRoot.toArray()));
    if (tweak.compareTo(Scalars.ORDER) >= 0) {
      // A hash that no one has ever seen; BIP341 asks for a failure here.
      throw new IllegalArgumentException("the taproot tweak of this key is not a scalar");
    }
    return tweak;
  }

  @Override
  public String toString() {
    return x.toHex();
  }
}
