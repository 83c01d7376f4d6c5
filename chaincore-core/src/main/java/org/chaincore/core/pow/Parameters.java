package org.chaincore.core.pow;

/** Checks of the rules' parameters. Stateless. */
final class Parameters {
  private Parameters() {}

  static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " outside " + least + ".." + most + ": " + value);
    }
  }
}
