package org.chaincore.sync.sketch;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the roots of a polynomial that has as many distinct ones in the field as its degree says,
 * and refuses any other before it has looked for the first root.
 *
 * <p><b>Idea.</b> Squaring x 32 times modulo f gives x again exactly if f divides x^(2³²) + x, the
 * product of x + r over all r: if its roots are distinct and in the field. The 32 powers met on the
 * way are kept. Summed up with factors βᵏ they are the trace of βx, which is 0 or 1 at every
 * element: its common divisor with f has the roots of one kind and parts f in two. The factors are
 * β, βx, βx², …: 32 of them are a basis, so that no two roots have the same traces under all of
 * them, and no part is cut more than 32 times. β is random and not known to whoever chose the
 * roots, so that parts are halves and about log₂ n cuts are enough.
 *
 * <p><b>Cost</b> for degree n, in multiplications: (32 − log₂ n) n²/2 + n² to test a polynomial,
 * which is all that a made-up one gets, and about as many again to part it; 32 n² more at worst.
 * Parts of less than an eighth of the degree make their powers afresh modulo themselves, which is
 * cheaper than reducing the large ones. Memory is n²/2 words while testing.
 *
 * <p>Source: Berlekamp, "Factoring polynomials over large finite fields", 1970.
 *
 * <p>Not thread-safe; confined to one decoding.
 */
final class RootFinder {
  /** A part so many times smaller than the polynomial is searched on its own. */
  private static final int RESTART_RATIO = 8;

  private final Polynomials polynomials;
  private final int[] factors = new int[Field32.BITS];
  private final int[] roots;
  private int found;

  private RootFinder(int count, long seed, Polynomials polynomials) {
    this.polynomials = polynomials;
    this.roots = new int[count];
    int factor = (int) (seed ^ seed >>> Field32.BITS);
    factor = factor == 0 ? 1 : factor;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = factor;
      factor = Field32.timesX(factor);
    }
  }

  /**
   * The roots of a monic polynomial without its leading one, in no useful order. Empty if it has
   * fewer distinct roots in the field than its degree.
   */
  static Optional<int[]> roots(int[] monic, long seed, Polynomials polynomials) {
    if (monic.length == 0) {
      return Optional.of(monic);
    }
    RootFinder finder = new RootFinder(monic.length, seed, polynomials);
    Traces traces = finder.new Traces(monic);
    if (!traces.splits()) {
      return Optional.empty();
    }
    finder.part(monic, traces, 0);
    return Optional.of(finder.roots);
  }

  /** Finds the roots of a part, whose traces are equal under all factors before this one. */
  private void part(int[] part, Traces traces, int firstFactor) {
    Traces source = traces;
    for (int factor = firstFactor; part.length > 2; factor++) {
      if (part.length * RESTART_RATIO <= source.degree()) {
        source = new Traces(part);
      }
      int[] trace = polynomials.remainder(source.trace(factor), part);
      int[] ones = polynomials.commonDivisor(part, trace);
      if (ones.length > 0 && ones.length < part.length) {
        part(polynomials.quotient(part, ones), source, factor + 1);
        part(ones, source, factor + 1);
        return;
      }
    }
    if (part.length == 1) {
      roots[found++] = part[0];
    } else {
      quadratic(part[0], part[1]);
    }
  }

  /** Distinct roots mean that the linear coefficient is not 0. */
  private void quadratic(int constant, int linear) {
    int inverse = Field32.inverse(linear);
    int half = Field32.solveQuadratic(Field32.multiply(constant, Field32.square(inverse)));
    int root = Field32.multiply(linear, half);
    roots[found++] = root;
    roots[found++] = root ^ linear;
  }

  /** The powers x^(2ᵏ) modulo one polynomial. */
  private final class Traces {
    private final int[] modulus;
    private final int[][] powers = new int[Field32.BITS + 1][];

    /** By factor, once they were asked for: parts of the same size ask for the same. */
    private final int[] @Nullable [] traces = new int[Field32.BITS][];

    Traces(int[] modulus) {
      this.modulus = modulus;
      int degree = modulus.length;
      int[][] evenPowers = evenPowers();
      int[] x = new int[degree + 1];
      x[1] = 1;
      powers[0] = polynomials.remainder(x, modulus);
      for (int i = 1; i <= Field32.BITS; i++) {
        powers[i] = square(powers[i - 1], evenPowers);
      }
    }

    int degree() {
      return modulus.length;
    }

    boolean splits() {
      return Arrays.equals(powers[0], powers[Field32.BITS]);
    }

    /** x^(2i) modulo the polynomial for the i from half of the degree on. */
    private int[][] evenPowers() {
      int degree = modulus.length;
      int first = (degree + 1) / 2;
      int[][] even = new int[degree - first][];
      int[] power = modulus.clone();
      for (int exponent = degree; exponent <= 2 * degree - 2; exponent++) {
        if (exponent % 2 == 0) {
          even[exponent / 2 - first] = power.clone();
        }
        timesX(power);
      }
      return even;
    }

    private void timesX(int[] power) {
      int top = power[power.length - 1];
      System.arraycopy(power, 0, power, 1, power.length - 1);
      power[0] = 0;
      polynomials.addMultiple(top, modulus, modulus.length, power, 0);
    }

    private int[] square(int[] power, int[][] evenPowers) {
      int degree = modulus.length;
      int first = (degree + 1) / 2;
      int[] result = new int[degree];
      for (int i = 0; i < degree; i++) {
        int squared = Field32.square(power[i]);
        if (i < first) {
          result[2 * i] = squared;
        } else {
          polynomials.addMultiple(squared, evenPowers[i - first], degree, result, 0);
        }
      }
      return result;
    }

    /** The trace of x times one of the factors. */
    int[] trace(int factor) {
      int[] known = traces[factor];
      if (known != null) {
        return known;
      }
      int[] sum = new int[modulus.length];
      int conjugate = factors[factor];
      for (int i = 0; i < Field32.BITS; i++) {
        polynomials.addMultiple(conjugate, powers[i], modulus.length, sum, 0);
        conjugate = Field32.square(conjugate);
      }
      traces[factor] = sum;
      return sum;
    }
  }
}
