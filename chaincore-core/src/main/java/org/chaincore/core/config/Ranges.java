package org.chaincore.core.config;

/** Range checks that name the field, its value and what is allowed. */
final class Ranges {
  private Ranges() {}

  static void require(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(field + " outside " + least + ".." + most + ": " + value);
    }
  }
}
