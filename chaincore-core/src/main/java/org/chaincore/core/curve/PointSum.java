package org.chaincore.core.curve;

import java.math.BigInteger;

/**
 * The sum of a multiple of the base point and one of another point, gG + kP, which is what checking
 * a signature comes down to. Both scalars are split in two of half the length, and the four
 * multiples share their doublings (interleaving, Guide to Elliptic Curve Cryptography, section
 * 3.3.3); the base point's odd multiples are worked out once for all.
 *
 * <p>Whether a number is its {@link #hasX x} costs no inversion; its y and its x itself do. Time
 * depends on the values: for public data only. To be used by the thread that made it.
 */
public final class PointSum {
  private static final int WINDOW = 5;
  private static final int MULTIPLES = 1 << (WINDOW - 2);

  private final JacobianPoint sum = new JacobianPoint();

  /** What z of the sum is to be multiplied by, as it was found on another curve. */
  private final FieldElement scale;

  private PointSum(FieldElement scale) {
    this.scale = scale;
  }

  /** The multiples of G and of 2<sup>128</sup>G, made when they are needed first. */
  private static final class Base {
    static final int WINDOW = 11;
    static final int HALF_BITS = 128;
    static final OddMultiples LOW = multiples(CurvePoint.GENERATOR);
    static final OddMultiples HIGH = multiples(shifted());

    private static OddMultiples multiples(CurvePoint point) {
      return OddMultiples.of(point, 1 << (WINDOW - 2)).onTheCurve();
    }

    private static CurvePoint shifted() {
      JacobianPoint point = new JacobianPoint();
      point.set(CurvePoint.GENERATOR.x(), CurvePoint.GENERATOR.y());
      for (int i = 0; i < HALF_BITS; i++) {
        point.twice();
      }
      return CurvePoint.of(point);
    }
  }

  /**
   * Works out gG + kP.
   *
   * @param g from 0 to n&minus;1
   * @param k from 0 to n&minus;1
   */
  public static PointSum of(BigInteger g, BigInteger k, CurvePoint point) {
    requireScalar(g);
    requireScalar(k);
    OddMultiples multiples = OddMultiples.of(point, MULTIPLES);
    OddMultiples timesLambda = multiples.timesLambda();
    SplitScalar halves = SplitScalar.split(k);
    SignedWindows first = SignedWindows.of(halves.first(), WINDOW);
    SignedWindows second = SignedWindows.of(halves.second(), WINDOW);
    BigInteger gHigh = g.shiftRight(Base.HALF_BITS);
    SignedWindows low = SignedWindows.of(g.subtract(gHigh.shiftLeft(Base.HALF_BITS)), Base.WINDOW);
    SignedWindows high = SignedWindows.of(gHigh, Base.WINDOW);

    PointSum result = new PointSum(multiples.commonZ());
    Adder adder = new Adder(result.sum, multiples.commonZ());
    for (int i = SignedWindows.LENGTH - 1; i >= 0; i--) {
      result.sum.twice();
      adder.add(multiples, first.at(i));
      adder.add(timesLambda, second.at(i));
      adder.addOfTheCurve(Base.LOW, low.at(i));
      adder.addOfTheCurve(Base.HIGH, high.at(i));
    }
    return result;
  }

  /** Adds what a digit says. */
  private static final class Adder {
    private final FieldElement x = new FieldElement();
    private final FieldElement y = new FieldElement();
    private final JacobianPoint sum;
    private final FieldElement scale;

    Adder(JacobianPoint sum, FieldElement scale) {
      this.sum = sum;
      this.scale = scale;
    }

    void add(OddMultiples multiples, int digit) {
      if (digit != 0) {
        multiples.read(digit, x, y);
        sum.add(x, y);
      }
    }

    /** Of points that are affine on the curve itself, and not where the sum is made. */
    void addOfTheCurve(OddMultiples multiples, int digit) {
      if (digit != 0) {
        multiples.read(digit, x, y);
        sum.add(x, y, scale);
      }
    }
  }

  private static void requireScalar(BigInteger scalar) {
    if (scalar.signum() < 0 || scalar.compareTo(Scalars.ORDER) >= 0) {
      throw new IllegalArgumentException("not a scalar: " + scalar.toString(16));
    }
  }

  /** Whether the sum is infinity, which has no coordinates. */
  public boolean isInfinity() {
    return sum.isInfinity();
  }

  /**
   * Whether x of the sum is this number.
   *
   * @param number any; one that is not in the field is no point's x
   */
  public boolean hasX(BigInteger number) {
    if (isInfinity() || number.signum() < 0 || number.compareTo(FieldElement.PRIME) >= 0) {
      return false;
    }
    FieldElement scaled = new FieldElement();
    scaled.multiply(sum.z(), scale);
    scaled.square(scaled);
    scaled.multiply(scaled, FieldElement.of(number));
    return scaled.isSame(sum.x());
  }

  /**
   * Whether y of the sum is odd.
   *
   * @throws IllegalStateException if it is infinity
   */
  public boolean hasOddY() {
    return toPoint().hasOddY();
  }

  /**
   * The x of the sum, from 0 to one less than the field's prime.
   *
   * @throws IllegalStateException if it is infinity
   */
  public BigInteger x() {
    return toPoint().x().toNumber();
  }

  /** The sum as a point of the curve. */
  CurvePoint toPoint() {
    if (isInfinity()) {
      throw new IllegalStateException("infinity has no coordinates");
    }
    JacobianPoint onTheCurve = new JacobianPoint();
    onTheCurve.set(sum);
    onTheCurve.z().multiply(sum.z(), scale);
    return CurvePoint.of(onTheCurve);
  }
}
