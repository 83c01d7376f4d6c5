package org.chaincore.core.curve;

/**
 * A point of a curve y&sup2; = x&sup3; + b that is worked on in place, in Jacobian coordinates:
 * x/z&sup2; and y/z&sup3; are its affine ones. Sums do not need b (Guide to Elliptic Curve
 * Cryptography, section 3.2.2), so they hold on the isomorphic curve too on which another z is one.
 *
 * <p>Its x and y are of magnitude {@value #MAGNITUDE} at most, z of 1. Not thread-safe.
 */
final class JacobianPoint {
  private static final int MAGNITUDE = 4;

  private final FieldElement x = new FieldElement();
  private final FieldElement y = new FieldElement();
  private final FieldElement z = new FieldElement();
  private boolean isInfinity = true;

  /** By how much z grew with the last sum. */
  private final FieldElement growth = new FieldElement();

  // What sums are worked out in.
  private final FieldElement s = new FieldElement();
  private final FieldElement t = new FieldElement();
  private final FieldElement u = new FieldElement();
  private final FieldElement v = new FieldElement();

  /** Infinity. */
  JacobianPoint() {}

  boolean isInfinity() {
    return isInfinity;
  }

  FieldElement x() {
    return x;
  }

  FieldElement y() {
    return y;
  }

  FieldElement z() {
    return z;
  }

  /**
   * What the last sum of two points that are neither the same nor opposite has multiplied z by, of
   * magnitude 6 at most.
   */
  FieldElement growth() {
    return growth;
  }

  /** Becomes the point with these affine coordinates, of magnitude {@value #MAGNITUDE} at most. */
  void set(FieldElement affineX, FieldElement affineY) {
    x.set(affineX);
    y.set(affineY);
    z.setOne();
    isInfinity = false;
  }

  void set(JacobianPoint other) {
    x.set(other.x);
    y.set(other.y);
    z.set(other.z);
    isInfinity = other.isInfinity;
  }

  /**
   * Becomes twice itself: with l = 3x&sup2;/2 and t = &minus;xy&sup2;, x' = l&sup2; + 2t, y' =
   * &minus;(l(x' + t) + y&#8308;) and z' = yz. No point has a y of zero, since the order is odd.
   */
  void twice() {
    if (isInfinity) {
      return;
    }
    z.multiply(z, y);
    s.square(y);
    u.square(x);
    u.scale(3);
    u.halve(); // l: 2
    t.negate(s, 1);
    t.multiply(t, x);
    x.square(u);
    x.add(x, t);
    x.add(x, t); // 3
    s.square(s);
    v.add(t, x); // 4
    v.multiply(v, u);
    v.add(v, s); // 2
    y.negate(v, 2); // 3
  }

  /**
   * Becomes the sum with another point, which may be the same, or its negative.
   *
   * @param otherX affine, of magnitude {@value #MAGNITUDE} at most
   * @param otherY the same
   */
  void add(FieldElement otherX, FieldElement otherY) {
    if (isInfinity) {
      set(otherX, otherY);
      return;
    }
    addScaled(otherX, otherY, z);
  }

  /**
   * The same for a point of another, isomorphic curve.
   *
   * @param scale what z is there where it is one here
   */
  void add(FieldElement otherX, FieldElement otherY, FieldElement scale) {
    if (isInfinity) {
      s.square(scale);
      x.multiply(otherX, s);
      s.multiply(s, scale);
      y.multiply(otherY, s);
      z.setOne();
      isInfinity = false;
      return;
    }
    growth.multiply(z, scale);
    addScaled(otherX, otherY, growth);
  }

  /**
   * With h the difference of both x on one z, and i that of y: x' = i&sup2; &minus; h&sup3; &minus;
   * 2xh&sup2;, y' = i(xh&sup2; &minus; x') &minus; yh&sup3; and z' = zh.
   */
  private void addScaled(FieldElement otherX, FieldElement otherY, FieldElement otherZ) {
    s.square(otherZ);
    u.multiply(otherX, s);
    s.multiply(s, otherZ);
    s.multiply(s, otherY);
    t.negate(x, MAGNITUDE);
    u.add(u, t); // h: 6
    s.negate(s, 1);
    s.add(s, y); // -i: 6
    if (u.isZero()) {
      if (s.isZero()) {
        twice();
      } else {
        isInfinity = true;
      }
      return;
    }
    growth.set(u);
    z.multiply(z, u);
    v.square(u);
    v.negate(v, 1); // -h2: 2
    u.multiply(u, v); // -h3
    v.multiply(v, x); // -xh2
    x.square(s);
    x.add(x, u);
    x.add(x, v);
    x.add(x, v); // 4
    y.multiply(y, u);
    v.add(v, x); // 5
    v.multiply(v, s);
    y.add(y, v); // 2
  }
}
