package org.chaincore.core.curve;

import java.math.BigInteger;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A point of secp256k1 other than infinity, that is of y&sup2; = x&sup3; + 7 (SEC 2, section
 * 2.4.1).
 *
 * <p>Immutable and thread-safe.
 */
public final class CurvePoint {
  /** The base point, G. */
  static final CurvePoint GENERATOR =
      new CurvePoint(
          FieldElement.of(
              new BigInteger(
                  "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16)),
          FieldElement.of(
              new BigInteger(
                  "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16)));

  private static final FieldElement SEVEN = FieldElement.of(BigInteger.valueOf(7));
  private static final int EVEN = 2;
  private static final int ODD = 3;
  private static final int UNCOMPRESSED = 4;

  private final FieldElement x;
  private final FieldElement y;

  private CurvePoint(FieldElement x, FieldElement y) {
    this.x = x;
    this.y = y;
  }

  /**
   * Reads 33 bytes, prefix 2 or 3 for an even or odd y, then x, or 65 bytes, prefix 4, x and y (SEC
   * 1, section 2.3.4).
   *
   * @return null if there is no such point, or if the bytes are anything else
   */
  public static @Nullable CurvePoint decode(Bytes encoded) {
    int length = encoded.length();
    if (length == 1 + FieldElement.BYTES && (encoded.at(0) == EVEN || encoded.at(0) == ODD)) {
      return decompress(encoded.slice(1, length), encoded.at(0) == ODD);
    }
    if (length == 1 + 2 * FieldElement.BYTES && encoded.at(0) == UNCOMPRESSED) {
      return of(
          encoded.slice(1, 1 + FieldElement.BYTES), encoded.slice(1 + FieldElement.BYTES, length));
    }
    return null;
  }

  /**
   * The point with this x and an even y (BIP340).
   *
   * @param x 32 bytes, most significant first
   * @return null if there is none
   */
  public static @Nullable CurvePoint ofX(Bytes x) {
    return decompress(x, false);
  }

  private static @Nullable CurvePoint decompress(Bytes encodedX, boolean isOdd) {
    FieldElement x = element(encodedX);
    if (x == null) {
      return null;
    }
    FieldElement y = new FieldElement();
    if (!SquareRoot.find(rightSide(x), y)) {
      return null;
    }
    y.normalise();
    if (y.isOdd() != isOdd) {
      y.negate(y, 1);
      y.normalise();
    }
    return new CurvePoint(x, y);
  }

  private static @Nullable CurvePoint of(Bytes encodedX, Bytes encodedY) {
    FieldElement x = element(encodedX);
    FieldElement y = element(encodedY);
    if (x == null || y == null) {
      return null;
    }
    FieldElement square = new FieldElement();
    square.square(y);
    return square.isSame(rightSide(x)) ? new CurvePoint(x, y) : null;
  }

  /** x&sup3; + 7, of magnitude 2. */
  private static FieldElement rightSide(FieldElement x) {
    FieldElement sum = new FieldElement();
    sum.square(x);
    sum.multiply(sum, x);
    sum.add(sum, SEVEN);
    return sum;
  }

  private static @Nullable FieldElement element(Bytes bytes) {
    BigInteger number = new BigInteger(1, bytes.toArray());
    return number.compareTo(FieldElement.PRIME) < 0 ? FieldElement.of(number) : null;
  }

  /** The point that a sum is, whose z is made one by an inversion. */
  static CurvePoint of(JacobianPoint sum) {
    FieldElement scale = FieldElement.of(ModularInverse.OF_FIELD.of(sum.z().toNumber()));
    FieldElement power = new FieldElement();
    power.square(scale);
    FieldElement x = new FieldElement();
    x.multiply(sum.x(), power);
    x.normalise();
    power.multiply(power, scale);
    FieldElement y = new FieldElement();
    y.multiply(sum.y(), power);
    y.normalise();
    return new CurvePoint(x, y);
  }

  /** Of magnitude 1, normalised. Not to be changed. */
  FieldElement x() {
    return x;
  }

  /** The same. */
  FieldElement y() {
    return y;
  }

  /** Whether y is odd. */
  public boolean hasOddY() {
    return y.isOdd();
  }

  @Override
  public String toString() {
    return "(" + x + ", " + y + ")";
  }
}
