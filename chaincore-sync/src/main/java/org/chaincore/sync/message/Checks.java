package org.chaincore.sync.message;

import java.util.List;

/** Checks that several messages share; each names the bad value. Stateless. */
final class Checks {
  static final long MAX_UINT32 = 0xffff_ffffL;

  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7e;

  private Checks() {}

  static void atMost(String what, long count, long limit) {
    if (count > limit) {
      throw new IllegalArgumentException(count + " " + what + ", at most " + limit);
    }
  }

  static void inRange(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + " " + value + " is not in " + least + ".." + most);
    }
  }

  static void uint32(String what, long value) {
    inRange(what, value, 0, MAX_UINT32);
  }

  /** Text that cannot confuse a terminal, a log or another character set. */
  static void printableAscii(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) {
        throw new IllegalArgumentException(
            what + " has the character " + (int) c + " at " + i + ", not printable ASCII");
      }
    }
  }

  /** Places in a block: each above the one before, none above {@code last}. */
  static void ascendingIndexes(String what, List<Integer> indexes, int last) {
    int previous = -1;
    for (int index : indexes) {
      if (index <= previous || index > last) {
        throw new IllegalArgumentException(
            what + " " + index + " after " + previous + ", at most " + last);
      }
      previous = index;
    }
  }
}
