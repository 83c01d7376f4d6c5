package org.chaincore.core.script;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * secp256k1 in BouncyCastle's own implementation of it, several times faster than its generic
 * curves. Stateless.
 */
final class Curve {
  private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256k1");

  static final ECDomainParameters DOMAIN = new ECDomainParameters(PARAMETERS);
  static final BigInteger FIELD = PARAMETERS.getCurve().getField().getCharacteristic();

  private static final byte EVEN_PREFIX = 2;

  private Curve() {}

  static ECPoint generator() {
    return PARAMETERS.getG();
  }

  /**
   * A normalised multiple of the generator, by a method whose time does not depend on the scalar.
   */
  static ECPoint multiplyGenerator(BigInteger scalar) {
    return new FixedPointCombMultiplier().multiply(PARAMETERS.getG(), scalar).normalize();
  }

  /** The point of an encoded public key, or null if there is none on the curve. */
  static @Nullable ECPoint decode(Bytes encoded) {
    try {
      return PARAMETERS.getCurve().decodePoint(encoded.toArray());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The point with this x coordinate and an even y (BIP340), or null if there is none. */
  static @Nullable ECPoint liftX(Bytes x) {
    byte[] encoded = new byte[1 + ScalarBytes.LENGTH];
    encoded[0] = EVEN_PREFIX;
    x.copyTo(encoded, 1);
    return decode(Bytes.of(encoded));
  }

  /** The x coordinate of a normalised point, 32 bytes. */
  static byte[] x(ECPoint normalised) {
    return normalised.getAffineXCoord().getEncoded();
  }

  static boolean hasEvenY(ECPoint normalised) {
    return !normalised.getAffineYCoord().testBitZero();
  }
}
