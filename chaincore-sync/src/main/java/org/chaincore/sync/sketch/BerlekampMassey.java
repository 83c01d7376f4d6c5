package org.chaincore.sync.sketch;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the shortest linear recurrence that makes a sequence of power sums: its coefficients are
 * those of the polynomial whose roots are the elements that were summed.
 *
 * <p>Over a field of characteristic two the even sums are the squares of earlier ones, and at them
 * the recurrence always fits already: only the odd half of the steps is taken.
 *
 * <p>Sources: Massey, "Shift-register synthesis and BCH decoding", 1969; Berlekamp, "Algebraic
 * Coding Theory", 1968, section 7.6 (the binary case).
 *
 * <p>Not thread-safe; confined to one decoding.
 */
final class BerlekampMassey {
  private final Polynomials polynomials;
  private final int maxDegree;
  private final int[] sums;

  /**
   * Connection polynomials 1 + …, the constant first: the current one, and that of the last jump.
   */
  private int[] current;

  private int[] previous;
  private int degree;
  private int previousDegree;
  private int previousInverse = 1;
  private int shift = 1;

  private BerlekampMassey(int[] oddSums, int maxDegree, Polynomials polynomials) {
    this.polynomials = polynomials;
    this.maxDegree = maxDegree;
    this.sums = allSums(oddSums);
    this.current = new int[maxDegree + 1];
    this.previous = new int[maxDegree + 1];
    current[0] = 1;
    previous[0] = 1;
  }

  /**
   * The monic polynomial with the summed elements as roots, constant first, without its leading
   * one. Empty as soon as the recurrence is longer than {@code maxDegree}, and if 0 is a root.
   */
  static Optional<int[]> locator(int[] oddSums, int maxDegree, Polynomials polynomials) {
    return new BerlekampMassey(oddSums, maxDegree, polynomials).run();
  }

  private static int[] allSums(int[] oddSums) {
    int[] sums = new int[2 * oddSums.length];
    for (int power = 1; power <= sums.length; power++) {
      sums[power - 1] = power % 2 == 1 ? oddSums[power / 2] : Field32.square(sums[power / 2 - 1]);
    }
    return sums;
  }

  private Optional<int[]> run() {
    for (int step = 0; step < sums.length; step += 2) {
      int discrepancy = discrepancy(step);
      if (discrepancy == 0) {
        shift += 2;
        continue;
      }
      if (!correct(step, discrepancy)) {
        return Optional.empty();
      }
    }
    if (current[degree] == 0) {
      return Optional.empty();
    }
    int[] locator = new int[degree];
    for (int i = 0; i < degree; i++) {
      locator[i] = current[degree - i];
    }
    return Optional.of(locator);
  }

  private int discrepancy(int step) {
    long products = 0;
    for (int i = 1; i <= degree; i++) {
      products ^= Field32.product(current[i], sums[step - i]);
    }
    return sums[step] ^ Field32.reduce(products);
  }

  private boolean correct(int step, int discrepancy) {
    boolean jumps = 2 * degree <= step;
    int newDegree = jumps ? step + 1 - degree : degree;
    if (newDegree > maxDegree) {
      return false;
    }
    int[] before = jumps ? Arrays.copyOf(current, degree + 1) : current;
    int factor = Field32.multiply(discrepancy, previousInverse);
    polynomials.addMultiple(factor, previous, previousDegree + 1, current, shift);
    if (jumps) {
      previous = before;
      previousDegree = degree;
      previousInverse = Field32.inverse(discrepancy);
      degree = newDegree;
      shift = 2;
    } else {
      shift += 2;
    }
    return true;
  }
}
