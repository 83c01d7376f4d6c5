package org.chaincore.core.curve;

import java.math.BigInteger;

/**
 * The odd multiples P, 3P, 5P and so on of a point, in affine coordinates of the curve itself or of
 * an isomorphic one: on that on which the z that all of them share is one, they cost no inversion.
 *
 * <p>Immutable and thread-safe.
 */
final class OddMultiples {
  /** A cube root of one: (&beta;x, y) is a multiple of (x, y), see {@link SplitScalar}. */
  private static final FieldElement BETA =
      FieldElement.of(
          new BigInteger("7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501ee", 16));

  private static final int POINT = 2 * FieldElement.LIMBS;

  /** x and y of each, in order. */
  private final long[] coordinates;

  private final FieldElement commonZ;

  private OddMultiples(long[] coordinates, FieldElement commonZ) {
    this.coordinates = coordinates;
    this.commonZ = commonZ;
  }

  /**
   * Works them out on an isomorphic curve.
   *
   * @param count at least 1
   */
  static OddMultiples of(CurvePoint point, int count) {
    JacobianPoint step = new JacobianPoint();
    step.set(point.x(), point.y());
    step.twice();

    // Steps are affine on the curve where twice the point has a z of one: the point goes there too.
    JacobianPoint multiple = new JacobianPoint();
    FieldElement scale = new FieldElement();
    FieldElement x = new FieldElement();
    FieldElement y = new FieldElement();
    scale.square(step.z());
    x.multiply(point.x(), scale);
    scale.multiply(scale, step.z());
    y.multiply(point.y(), scale);
    multiple.set(x, y);

    long[] coordinates = new long[count * POINT];
    long[] growths = new long[count * FieldElement.LIMBS];
    write(coordinates, 0, x, y);
    for (int i = 1; i < count; i++) {
      multiple.add(step.x(), step.y());
      write(coordinates, i, multiple.x(), multiple.y());
      multiple.growth().write(growths, i * FieldElement.LIMBS);
    }

    // Each has a z of its own, and takes that of the last.
    FieldElement behind = new FieldElement();
    behind.setOne();
    FieldElement growth = new FieldElement();
    for (int i = count - 1; i > 0; i--) {
      scale(coordinates, i, behind);
      growth.read(growths, i * FieldElement.LIMBS);
      behind.multiply(behind, growth);
    }
    scale(coordinates, 0, behind);
    FieldElement commonZ = new FieldElement();
    commonZ.multiply(multiple.z(), step.z());
    return new OddMultiples(coordinates, commonZ);
  }

  /** The same on the curve itself, which costs an inversion. */
  OddMultiples onTheCurve() {
    FieldElement inverse = FieldElement.of(ModularInverse.OF_FIELD.of(commonZ.toNumber()));
    long[] scaled = coordinates.clone();
    for (int i = 0; i < count(); i++) {
      scale(scaled, i, inverse);
    }
    FieldElement one = new FieldElement();
    one.setOne();
    return new OddMultiples(scaled, one);
  }

  /** Each times {@link SplitScalar#LAMBDA}, on the same curve. */
  OddMultiples timesLambda() {
    long[] mapped = coordinates.clone();
    FieldElement x = new FieldElement();
    for (int i = 0; i < count(); i++) {
      x.read(mapped, i * POINT);
      x.multiply(x, BETA);
      x.write(mapped, i * POINT);
    }
    return new OddMultiples(mapped, commonZ);
  }

  int count() {
    return coordinates.length / POINT;
  }

  /** What z is on the curve itself where it is one for these. Not to be changed. */
  FieldElement commonZ() {
    return commonZ;
  }

  /**
   * Reads one.
   *
   * @param multiple odd, and not above twice the count; a negative one is the negative point
   * @param x becomes its x, of magnitude 1
   * @param y becomes its y, of magnitude 2 at most
   */
  void read(int multiple, FieldElement x, FieldElement y) {
    int at = (Math.abs(multiple) >> 1) * POINT;
    x.read(coordinates, at);
    y.read(coordinates, at + FieldElement.LIMBS);
    if (multiple < 0) {
      y.negate(y, 1);
    }
  }

  private static void write(long[] coordinates, int index, FieldElement x, FieldElement y) {
    x.write(coordinates, index * POINT);
    y.write(coordinates, index * POINT + FieldElement.LIMBS);
  }

  private static void scale(long[] coordinates, int index, FieldElement by) {
    FieldElement x = new FieldElement();
    FieldElement y = new FieldElement();
    FieldElement power = new FieldElement();
    x.read(coordinates, index * POINT);
    y.read(coordinates, index * POINT + FieldElement.LIMBS);
    power.square(by);
    x.multiply(x, power);
    power.multiply(power, by);
    y.multiply(y, power);
    write(coordinates, index, x, y);
  }
}
