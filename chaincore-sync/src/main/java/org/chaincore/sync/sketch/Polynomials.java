package org.chaincore.sync.sketch;

import java.util.Arrays;

/**
 * Long division over the field of 2³² elements. A polynomial is an array of coefficients, the
 * constant first; a divisor is monic and its leading one is left out, so that its length is its
 * degree.
 *
 * <p>Not thread-safe; confined to one decoding, whose tables it keeps.
 */
final class Polynomials {
  /** Rows shorter than this are multiplied one by one: loading the tables would cost more. */
  private static final int MIN_TABLE_ROW = 32;

  private final LinearMap factorTables = new LinearMap();

  /** Adds {@code factor · row} to {@code to} from {@code offset} on. */
  void addMultiple(int factor, int[] row, int length, int[] to, int offset) {
    if (factor == 0) {
      return;
    }
    if (length < MIN_TABLE_ROW) {
      for (int i = 0; i < length; i++) {
        to[offset + i] ^= Field32.multiply(factor, row[i]);
      }
      return;
    }
    factorTables.loadMultiplication(factor);
    for (int i = 0; i < length; i++) {
      to[offset + i] ^= factorTables.apply(row[i]);
    }
  }

  /**
   * Divides {@code polynomial} by {@code divisor} in place: the lowest {@code divisor.length}
   * coefficients become the remainder, those above it the quotient.
   */
  void divide(int[] polynomial, int degree, int[] divisor) {
    int length = divisor.length;
    for (int top = degree; top >= length; top--) {
      addMultiple(polynomial[top], divisor, length, polynomial, top - length);
    }
  }

  /** The remainder of {@code polynomial}. */
  int[] remainder(int[] polynomial, int[] divisor) {
    int[] rest = polynomial.clone();
    divide(rest, rest.length - 1, divisor);
    return Arrays.copyOf(rest, divisor.length);
  }

  /** The exact quotient of two monic polynomials, as a divisor. */
  int[] quotient(int[] monic, int[] divisor) {
    int degree = monic.length;
    int[] work = Arrays.copyOf(monic, degree + 1);
    work[degree] = 1;
    divide(work, degree, divisor);
    return Arrays.copyOfRange(work, divisor.length, degree);
  }

  /** The greatest common divisor of a monic polynomial and one of smaller degree. */
  int[] commonDivisor(int[] monic, int[] other) {
    int[] a = monic;
    int[] b = other;
    while (true) {
      int degree = degree(b);
      if (degree < 0) {
        return a;
      }
      int[] divisor = monic(b, degree);
      int[] work = Arrays.copyOf(a, a.length + 1);
      work[a.length] = 1;
      divide(work, a.length, divisor);
      a = divisor;
      b = Arrays.copyOf(work, degree);
    }
  }

  private int[] monic(int[] polynomial, int degree) {
    int[] result = new int[degree];
    addMultiple(Field32.inverse(polynomial[degree]), polynomial, degree, result, 0);
    return result;
  }

  private static int degree(int[] polynomial) {
    int degree = polynomial.length - 1;
    while (degree >= 0 && polynomial[degree] == 0) {
      degree--;
    }
    return degree;
  }
}
