package org.chaincore.examples;

/** Something that must hold did not. Its message is the detail. */
final class BrokenInvariant extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  BrokenInvariant(String invariant, String detail) {
    super(detail);
    this.invariant = invariant;
  }

  /** Which, as one word. */
  String invariant() {
    return invariant;
  }

  /** Throws unless the condition holds. */
  static void unless(boolean holds, String invariant, String detail) {
    if (!holds) {
      throw new BrokenInvariant(invariant, detail);
    }
  }
}
