package org.chaincore.core.curve;

import java.math.BigInteger;

/**
 * A number modulo p = 2<sup>256</sup> &minus; 2<sup>32</sup> &minus; 977, the field of secp256k1
 * (SEC 2, section 2.4.1), that is worked on in place.
 *
 * <p>It is kept in five limbs of 52 bits, least significant first, the last of 48, which may run
 * over: an element of <em>magnitude</em> m has limbs of at most 2m times the greatest of its width,
 * so that sums need no carries. Products and squares are of magnitude 1 and take factors of
 * magnitude {@value #MAX_FACTOR} at most; sums have the sum of the magnitudes. Which magnitude an
 * element has is known where the code is written and stands beside it.
 *
 * <p>A product of two limbs is 104 bits wide. {@link Math#multiplyHigh} of both, shifted by six
 * each, is what lies above its lower 52 bits, and is one machine instruction; the lower parts of a
 * whole column come from one wrapping sum, less what lies above.
 *
 * <p>Time depends on the values: for public data only. Not thread-safe.
 */
final class FieldElement {
  /** The greatest magnitude that a factor may have. */
  static final int MAX_FACTOR = 8;

  static final BigInteger PRIME =
      BigInteger.ONE.shiftLeft(256).subtract(BigInteger.valueOf(0x1000003D1L));

  /** Limbs of an element, in arrays of them. */
  static final int LIMBS = 5;

  static final int BYTES = 32;

  private static final int LIMB_BITS = 52;
  private static final int TOP_BITS = 48;
  private static final long LIMB = (1L << LIMB_BITS) - 1;
  private static final long TOP = (1L << TOP_BITS) - 1;

  /** The lowest limb of p; the three above are full, and so is the top one. */
  private static final long LOWEST_OF_PRIME = 0xFFFFEFFFFFC2FL;

  /** What 2<sup>256</sup> is modulo p. */
  private static final long FOLD = 0x1000003D1L;

  /** What 2<sup>260</sup> is, one more than five whole limbs hold. */
  private static final long FOLD_COLUMN = FOLD << 4;

  /** 64 less 52, shared out between two factors. */
  private static final int HALF = 6;

  private long a0;
  private long a1;
  private long a2;
  private long a3;
  private long a4;

  /** Zero, of magnitude 0. */
  FieldElement() {}

  /** A number from 0 to p&minus;1. */
  static FieldElement of(BigInteger value) {
    if (value.signum() < 0 || value.compareTo(PRIME) >= 0) {
      throw new IllegalArgumentException("not in the field: " + value.toString(16));
    }
    FieldElement element = new FieldElement();
    element.a0 = value.longValue() & LIMB;
    element.a1 = value.shiftRight(LIMB_BITS).longValue() & LIMB;
    element.a2 = value.shiftRight(2 * LIMB_BITS).longValue() & LIMB;
    element.a3 = value.shiftRight(3 * LIMB_BITS).longValue() & LIMB;
    element.a4 = value.shiftRight(4 * LIMB_BITS).longValue();
    return element;
  }

  /** The number, from 0 to p&minus;1. */
  BigInteger toNumber() {
    FieldElement whole = new FieldElement();
    whole.set(this);
    whole.normalise();
    BigInteger number = BigInteger.valueOf(whole.a4);
    number = number.shiftLeft(LIMB_BITS).or(BigInteger.valueOf(whole.a3));
    number = number.shiftLeft(LIMB_BITS).or(BigInteger.valueOf(whole.a2));
    number = number.shiftLeft(LIMB_BITS).or(BigInteger.valueOf(whole.a1));
    return number.shiftLeft(LIMB_BITS).or(BigInteger.valueOf(whole.a0));
  }

  void set(FieldElement other) {
    a0 = other.a0;
    a1 = other.a1;
    a2 = other.a2;
    a3 = other.a3;
    a4 = other.a4;
  }

  void setOne() {
    a0 = 1;
    a1 = 0;
    a2 = 0;
    a3 = 0;
    a4 = 0;
  }

  /** Reads what {@link #write} has written. */
  void read(long[] limbs, int at) {
    a0 = limbs[at];
    a1 = limbs[at + 1];
    a2 = limbs[at + 2];
    a3 = limbs[at + 3];
    a4 = limbs[at + 4];
  }

  /** Writes the {@value #LIMBS} limbs. */
  void write(long[] limbs, int at) {
    limbs[at] = a0;
    limbs[at + 1] = a1;
    limbs[at + 2] = a2;
    limbs[at + 3] = a3;
    limbs[at + 4] = a4;
  }

  /** Becomes x + y, of the sum of their magnitudes. */
  void add(FieldElement x, FieldElement y) {
    a0 = x.a0 + y.a0;
    a1 = x.a1 + y.a1;
    a2 = x.a2 + y.a2;
    a3 = x.a3 + y.a3;
    a4 = x.a4 + y.a4;
  }

  /**
   * Becomes &minus;x, of one magnitude more.
   *
   * @param magnitude that of x, at most
   */
  void negate(FieldElement x, int magnitude) {
    long times = 2L * (magnitude + 1);
    a0 = LOWEST_OF_PRIME * times - x.a0;
    a1 = LIMB * times - x.a1;
    a2 = LIMB * times - x.a2;
    a3 = LIMB * times - x.a3;
    a4 = TOP * times - x.a4;
  }

  /** Becomes the small factor times as much; so does its magnitude. */
  void scale(int factor) {
    a0 *= factor;
    a1 *= factor;
    a2 *= factor;
    a3 *= factor;
    a4 *= factor;
  }

  /** Becomes half of what it is, of half its magnitude and one more at most. */
  void halve() {
    long odd = -(a0 & 1); // p is odd too, and added to an odd number makes it even.
    long b0 = a0 + (odd & LOWEST_OF_PRIME);
    long b1 = a1 + (odd & LIMB);
    long b2 = a2 + (odd & LIMB);
    long b3 = a3 + (odd & LIMB);
    long b4 = a4 + (odd & TOP);
    a0 = (b0 >>> 1) + ((b1 & 1) << (LIMB_BITS - 1));
    a1 = (b1 >>> 1) + ((b2 & 1) << (LIMB_BITS - 1));
    a2 = (b2 >>> 1) + ((b3 & 1) << (LIMB_BITS - 1));
    a3 = (b3 >>> 1) + ((b4 & 1) << (LIMB_BITS - 1));
    a4 = b4 >>> 1;
  }

  /** Becomes x &middot; y, of magnitude 1. It may be one of them. */
  void multiply(FieldElement x, FieldElement y) {
    long x0 = x.a0;
    long x1 = x.a1;
    long x2 = x.a2;
    long x3 = x.a3;
    long x4 = x.a4;
    long y0 = y.a0;
    long y1 = y.a1;
    long y2 = y.a2;
    long y3 = y.a3;
    long y4 = y.a4;
    long u0 = x0 << HALF;
    long u1 = x1 << HALF;
    long u2 = x2 << HALF;
    long u3 = x3 << HALF;
    long u4 = x4 << HALF;
    long v0 = y0 << HALF;
    long v1 = y1 << HALF;
    long v2 = y2 << HALF;
    long v3 = y3 << HALF;
    long v4 = y4 << HALF;
    long h0 = Math.multiplyHigh(u0, v0);
    long r0 = x0 * y0 - (h0 << LIMB_BITS);
    long h1 = Math.multiplyHigh(u0, v1) + Math.multiplyHigh(u1, v0);
    long r1 = x0 * y1 + x1 * y0 - (h1 << LIMB_BITS) + h0;
    long h2 = Math.multiplyHigh(u0, v2) + Math.multiplyHigh(u1, v1) + Math.multiplyHigh(u2, v0);
    long r2 = x0 * y2 + x1 * y1 + x2 * y0 - (h2 << LIMB_BITS) + h1;
    long h3 =
        Math.multiplyHigh(u0, v3)
            + Math.multiplyHigh(u1, v2)
            + Math.multiplyHigh(u2, v1)
            + Math.multiplyHigh(u3, v0);
    long r3 = x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0 - (h3 << LIMB_BITS) + h2;
    long h4 =
        Math.multiplyHigh(u0, v4)
            + Math.multiplyHigh(u1, v3)
            + Math.multiplyHigh(u2, v2)
            + Math.multiplyHigh(u3, v1)
            + Math.multiplyHigh(u4, v0);
    long r4 = x0 * y4 + x1 * y3 + x2 * y2 + x3 * y1 + x4 * y0 - (h4 << LIMB_BITS) + h3;
    long h5 =
        Math.multiplyHigh(u1, v4)
            + Math.multiplyHigh(u2, v3)
            + Math.multiplyHigh(u3, v2)
            + Math.multiplyHigh(u4, v1);
    long r5 = x1 * y4 + x2 * y3 + x3 * y2 + x4 * y1 - (h5 << LIMB_BITS) + h4;
    long h6 = Math.multiplyHigh(u2, v4) + Math.multiplyHigh(u3, v3) + Math.multiplyHigh(u4, v2);
    long r6 = x2 * y4 + x3 * y3 + x4 * y2 - (h6 << LIMB_BITS) + h5;
    long h7 = Math.multiplyHigh(u3, v4) + Math.multiplyHigh(u4, v3);
    long r7 = x3 * y4 + x4 * y3 - (h7 << LIMB_BITS) + h6;
    long h8 = Math.multiplyHigh(u4, v4);
    long r8 = x4 * y4 - (h8 << LIMB_BITS) + h7;
    reduce(r0, r1, r2, r3, r4, r5, r6, r7, r8, h8);
  }

  /** Becomes x&sup2;, of magnitude 1. It may be x. */
  void square(FieldElement x) {
    long x0 = x.a0;
    long x1 = x.a1;
    long x2 = x.a2;
    long x3 = x.a3;
    long x4 = x.a4;
    long d1 = x1 << 1;
    long d2 = x2 << 1;
    long d3 = x3 << 1;
    long d4 = x4 << 1;
    long u0 = x0 << HALF;
    long u1 = x1 << HALF;
    long u2 = x2 << HALF;
    long u3 = x3 << HALF;
    long u4 = x4 << HALF;
    long w1 = d1 << HALF;
    long w2 = d2 << HALF;
    long w3 = d3 << HALF;
    long w4 = d4 << HALF;
    long h0 = Math.multiplyHigh(u0, u0);
    long r0 = x0 * x0 - (h0 << LIMB_BITS);
    long h1 = Math.multiplyHigh(u0, w1);
    long r1 = x0 * d1 - (h1 << LIMB_BITS) + h0;
    long h2 = Math.multiplyHigh(u0, w2) + Math.multiplyHigh(u1, u1);
    long r2 = x0 * d2 + x1 * x1 - (h2 << LIMB_BITS) + h1;
    long h3 = Math.multiplyHigh(u0, w3) + Math.multiplyHigh(u1, w2);
    long r3 = x0 * d3 + x1 * d2 - (h3 << LIMB_BITS) + h2;
    long h4 = Math.multiplyHigh(u0, w4) + Math.multiplyHigh(u1, w3) + Math.multiplyHigh(u2, u2);
    long r4 = x0 * d4 + x1 * d3 + x2 * x2 - (h4 << LIMB_BITS) + h3;
    long h5 = Math.multiplyHigh(u1, w4) + Math.multiplyHigh(u2, w3);
    long r5 = x1 * d4 + x2 * d3 - (h5 << LIMB_BITS) + h4;
    long h6 = Math.multiplyHigh(u2, w4) + Math.multiplyHigh(u3, u3);
    long r6 = x2 * d4 + x3 * x3 - (h6 << LIMB_BITS) + h5;
    long h7 = Math.multiplyHigh(u3, w4);
    long r7 = x3 * d4 - (h7 << LIMB_BITS) + h6;
    long h8 = Math.multiplyHigh(u4, u4);
    long r8 = x4 * x4 - (h8 << LIMB_BITS) + h7;
    reduce(r0, r1, r2, r3, r4, r5, r6, r7, r8, h8);
  }

  /**
   * Becomes what ten columns of 52 bits make. Factors of magnitude 8 have limbs up to
   * 2<sup>56</sup>, so that a column stays below 2<sup>63</sup>.
   */
  private void reduce(
      long r0, long r1, long r2, long r3, long r4, long r5, long r6, long r7, long r8, long r9) {
    // The upper five without what runs over: the last has 53 bits.
    long limb = LIMB;
    long c6 = r6 + (r5 >>> LIMB_BITS);
    long c7 = r7 + (c6 >>> LIMB_BITS);
    long c8 = r8 + (c7 >>> LIMB_BITS);
    long t5 = r5 & limb;
    long t6 = c6 & limb;
    long t7 = c7 & limb;
    long t8 = c8 & limb;
    long t9 = r9 + (c8 >>> LIMB_BITS);

    // Folded onto the lower five.
    long fold = FOLD_COLUMN;
    long half = FOLD_COLUMN << HALF;
    long g9 = Math.multiplyHigh(t9 << HALF, half);
    long s0 = r0 + (t5 * fold & limb);
    long s1 = r1 + (t6 * fold & limb) + Math.multiplyHigh(t5 << HALF, half) + (s0 >>> LIMB_BITS);
    long s2 = r2 + (t7 * fold & limb) + Math.multiplyHigh(t6 << HALF, half) + (s1 >>> LIMB_BITS);
    long s3 = r3 + (t8 * fold & limb) + Math.multiplyHigh(t7 << HALF, half) + (s2 >>> LIMB_BITS);
    long s4 = r4 + (t9 * fold & limb) + Math.multiplyHigh(t8 << HALF, half) + (s3 >>> LIMB_BITS);

    // And once more what lies above 256 bits now, 41 bits at most.
    long above = (s4 >>> TOP_BITS) + (g9 << (LIMB_BITS - TOP_BITS));
    a0 = (s0 & limb) + (above * FOLD & limb);
    a1 = (s1 & limb) + Math.multiplyHigh(above << HALF, FOLD << HALF);
    a2 = s2 & limb;
    a3 = s3 & limb;
    a4 = s4 & TOP;
  }

  /** Makes the limbs those of the number from 0 to p&minus;1. */
  void normalise() {
    fold();
    if (isPrimeOrAbove()) {
      a0 -= LOWEST_OF_PRIME;
      a1 = 0;
      a2 = 0;
      a3 = 0;
      a4 = 0;
    }
  }

  /** Carries, so that the number is below 2<sup>256</sup>. Twice: the first may carry into one. */
  private void fold() {
    for (int i = 0; i < 2; i++) {
      a0 += (a4 >>> TOP_BITS) * FOLD;
      a4 &= TOP;
      a1 += a0 >>> LIMB_BITS;
      a0 &= LIMB;
      a2 += a1 >>> LIMB_BITS;
      a1 &= LIMB;
      a3 += a2 >>> LIMB_BITS;
      a2 &= LIMB;
      a4 += a3 >>> LIMB_BITS;
      a3 &= LIMB;
    }
  }

  private boolean isPrimeOrAbove() {
    return a4 == TOP && (a3 & a2 & a1) == LIMB && a0 >= LOWEST_OF_PRIME;
  }

  /** Whether it is zero modulo p. Mostly a look at the lowest limb tells that it is not. */
  boolean isZero() {
    long lowest = (a0 + (a4 >>> TOP_BITS) * FOLD) & LIMB;
    if (lowest != 0 && lowest != LOWEST_OF_PRIME) {
      return false;
    }
    FieldElement whole = new FieldElement();
    whole.set(this);
    whole.normalise();
    return (whole.a0 | whole.a1 | whole.a2 | whole.a3 | whole.a4) == 0;
  }

  /** Whether the number is odd, of an element that {@link #normalise} has made whole. */
  boolean isOdd() {
    return (a0 & 1) != 0;
  }

  /** Whether both are the same number, of magnitude {@value #MAX_FACTOR} at most. */
  boolean isSame(FieldElement other) {
    FieldElement difference = new FieldElement();
    difference.negate(other, MAX_FACTOR);
    difference.add(difference, this);
    return difference.isZero();
  }

  @Override
  public String toString() {
    return toNumber().toString(16);
  }
}
