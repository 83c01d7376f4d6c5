package org.chaincore.core.curve;

import java.math.BigInteger;

/**
 * Inverses modulo an odd number of 256 bits, several times faster than {@link
 * BigInteger#modInverse}, by division steps (Bernstein and Yang, <em>Fast constant-time gcd
 * computation and modular inversion</em>, 2019), in the form whose time depends on the values:
 * thirty steps at a time are found from the lowest bits alone, as a matrix that is applied to the
 * whole numbers after.
 *
 * <p>A number is nine limbs of 30 bits, least significant first; the last has the sign. Immutable
 * and thread-safe.
 */
final class ModularInverse {
  static final ModularInverse OF_FIELD = new ModularInverse(FieldElement.PRIME);
  static final ModularInverse OF_ORDER = new ModularInverse(Scalars.ORDER);

  private static final int LIMB_BITS = 30;
  private static final int LIMBS = 9;
  private static final long LIMB = (1L << LIMB_BITS) - 1;
  private static final int MODULUS_BITS = 256;

  /** Division steps that are enough for every number of 256 bits (section 11 of the paper). */
  private static final int MAX_STEPS = 741;

  private final BigInteger modulus;
  private final long[] limbs;

  /** Times the modulus it is one, modulo 2<sup>30</sup>. */
  private final long inverseOfLowest;

  private ModularInverse(BigInteger modulus) {
    this.modulus = modulus;
    this.limbs = limbs(modulus);
    this.inverseOfLowest = modulus.modInverse(BigInteger.ONE.shiftLeft(LIMB_BITS)).longValue();
  }

  /**
   * The inverse of a number.
   *
   * @param number from 1 to one less than the modulus, with no divisor in common with it
   * @throws IllegalArgumentException if it has none
   */
  BigInteger of(BigInteger number) {
    if (number.signum() <= 0 || number.compareTo(modulus) >= 0) {
      throw new IllegalArgumentException("no inverse of " + number.toString(16));
    }
    long[] f = limbs.clone();
    long[] g = limbs(number);
    // All the time f = d * number and g = e * number, modulo the modulus.
    long[] d = new long[LIMBS];
    long[] e = new long[LIMBS];
    e[0] = 1;
    Steps steps = new Steps();
    for (int done = 0; !isZero(g); done += LIMB_BITS) {
      if (done >= MAX_STEPS) {
        throw new IllegalArgumentException("no inverse of " + number.toString(16));
      }
      steps.run((int) f[0], (int) g[0]);
      steps.applyAndDivide(d, e, limbs, inverseOfLowest);
      steps.apply(f, g);
    }
    return inverse(f, d);
  }

  /** What is left of f is the greatest common divisor, or less that. */
  private BigInteger inverse(long[] f, long[] d) {
    BigInteger divisor = number(f);
    if (!divisor.abs().equals(BigInteger.ONE)) {
      throw new IllegalArgumentException("a divisor in common: " + divisor);
    }
    BigInteger inverse = divisor.signum() < 0 ? number(d).negate() : number(d);
    while (inverse.signum() < 0) { // d is above minus twice the modulus, and below it
      inverse = inverse.add(modulus);
    }
    return inverse.compareTo(modulus) < 0 ? inverse : inverse.subtract(modulus);
  }

  private static boolean isZero(long[] limbs) {
    long any = 0;
    for (long limb : limbs) {
      any |= limb;
    }
    return any == 0;
  }

  private static long[] limbs(BigInteger number) {
    assert number.bitLength() <= MODULUS_BITS;
    long[] limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = number.shiftRight(i * LIMB_BITS).longValue() & LIMB;
    }
    return limbs;
  }

  private static BigInteger number(long[] limbs) {
    BigInteger number = BigInteger.valueOf(limbs[LIMBS - 1]);
    for (int i = LIMBS - 2; i >= 0; i--) {
      number = number.shiftLeft(LIMB_BITS).add(BigInteger.valueOf(limbs[i]));
    }
    return number;
  }

  /**
   * Thirty division steps as a matrix: f becomes (uf + vg) / 2<sup>30</sup> and g becomes (qf + rg)
   * / 2<sup>30</sup>.
   */
  private static final class Steps {
    private static final int GUESS = 63; // how many bits of g one multiple of f clears at most

    private int u;
    private int v;
    private int q;
    private int r;

    /** Minus the paper's delta, over all steps so far. */
    private int eta = -1;

    /**
     * Finds the next.
     *
     * @param lowestF the lowest limb of f, which is odd
     * @param lowestG the lowest limb of g
     */
    void run(int lowestF, int lowestG) {
      int f = lowestF;
      int g = lowestG;
      u = 1;
      v = 0;
      q = 0;
      r = 1;
      int left = LIMB_BITS;
      while (true) {
        int zeros = Integer.numberOfTrailingZeros(g | (-1 << left));
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        left -= zeros;
        if (left == 0) {
          return;
        }
        if (eta < 0) {
          eta = -eta;
          int before = f;
          f = g;
          g = -before;
          before = u;
          u = q;
          q = -before;
          before = v;
          v = r;
          r = -before;
        }
        // As many low bits of g as steps until the roles change become zero by a multiple of f;
        // f(f*f - 2) is minus its inverse modulo 64.
        int bits = Math.min(eta + 1, left);
        int mask = (-1 >>> (Integer.SIZE - bits)) & GUESS;
        int times = (f * g * (f * f - 2)) & mask;
        g += f * times;
        q += u * times;
        r += v * times;
      }
    }

    /** Makes f and g what the steps make them, which leaves nothing below. */
    void apply(long[] f, long[] g) {
      long carryF = u * f[0] + v * g[0];
      long carryG = q * f[0] + r * g[0];
      carryF >>= LIMB_BITS;
      carryG >>= LIMB_BITS;
      for (int i = 1; i < LIMBS; i++) {
        carryF += u * f[i] + v * g[i];
        carryG += q * f[i] + r * g[i];
        f[i - 1] = carryF & LIMB;
        g[i - 1] = carryG & LIMB;
        carryF >>= LIMB_BITS;
        carryG >>= LIMB_BITS;
      }
      f[LIMBS - 1] = carryF;
      g[LIMBS - 1] = carryG;
    }

    /**
     * The same modulo the modulus, of which so many times are added that nothing is left below.
     * Both stay above minus twice the modulus, and below it.
     */
    void applyAndDivide(long[] d, long[] e, long[] modulus, long inverseOfLowest) {
      long signD = d[LIMBS - 1] >> (Long.SIZE - 1);
      long signE = e[LIMBS - 1] >> (Long.SIZE - 1);
      long timesD = (u & signD) + (v & signE);
      long timesE = (q & signD) + (r & signE);
      long carryD = u * d[0] + v * e[0];
      long carryE = q * d[0] + r * e[0];
      timesD -= (inverseOfLowest * carryD + timesD) & LIMB;
      timesE -= (inverseOfLowest * carryE + timesE) & LIMB;
      carryD += modulus[0] * timesD;
      carryE += modulus[0] * timesE;
      carryD >>= LIMB_BITS;
      carryE >>= LIMB_BITS;
      for (int i = 1; i < LIMBS; i++) {
        carryD += u * d[i] + v * e[i] + modulus[i] * timesD;
        carryE += q * d[i] + r * e[i] + modulus[i] * timesE;
        d[i - 1] = carryD & LIMB;
        e[i - 1] = carryE & LIMB;
        carryD >>= LIMB_BITS;
        carryE >>= LIMB_BITS;
      }
      d[LIMBS - 1] = carryD;
      e[LIMBS - 1] = carryE;
    }
  }
}
