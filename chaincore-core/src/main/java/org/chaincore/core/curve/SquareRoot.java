package org.chaincore.core.curve;

/**
 * A square root in the field: x to the power of (p+1)/4, as p is 3 modulo 4. In binary the exponent
 * is 223 ones, 22 and 2 with zeros between and behind, so powers whose exponent is a run of ones
 * are made from those of shorter runs. Stateless.
 */
final class SquareRoot {
  private SquareRoot() {}

  /**
   * Finds a root of x, if there is one.
   *
   * @param x of magnitude {@value FieldElement#MAX_FACTOR} at most
   * @param root becomes a root of x, of magnitude 1, or of &minus;x if x is no square
   * @return whether x is a square
   */
  static boolean find(FieldElement x, FieldElement root) {
    FieldElement ones2 = joined(x, 1, x);
    FieldElement ones3 = joined(ones2, 1, x);
    FieldElement ones6 = joined(ones3, 3, ones3);
    FieldElement ones9 = joined(ones6, 3, ones3);
    FieldElement ones11 = joined(ones9, 2, ones2);
    FieldElement ones22 = joined(ones11, 11, ones11);
    FieldElement ones44 = joined(ones22, 22, ones22);
    FieldElement ones88 = joined(ones44, 44, ones44);
    FieldElement ones176 = joined(ones88, 88, ones88);
    FieldElement ones220 = joined(ones176, 44, ones44);
    FieldElement ones223 = joined(ones220, 3, ones3);
    FieldElement power = joined(ones223, 23, ones22);
    power = joined(power, 6, ones2);
    power.square(power);
    power.square(power);

    FieldElement check = new FieldElement();
    check.square(power);
    boolean isSquare = check.isSame(x);
    root.set(power);
    return isSquare;
  }

  /** The power whose exponent is, in binary, that of one with that of the other behind it. */
  private static FieldElement joined(FieldElement one, int bitsOfOther, FieldElement other) {
    FieldElement power = new FieldElement();
    power.set(one);
    for (int i = 0; i < bitsOfOther; i++) {
      power.square(power);
    }
    power.multiply(power, other);
    return power;
  }
}
