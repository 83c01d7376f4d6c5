package org.chaincore.net.tcp;

import java.time.Duration;

/** Checks of options, whose messages show what was wrong. */
final class Range {
  /** Longer than any of the times makes sense, and short enough for milliseconds in an int. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private Range() {}

  static void atLeast(long least, long value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", less than " + least);
    }
  }

  static void time(Duration value, String name) {
    if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " is " + value + ", not in PT0.001S.." + LONGEST);
    }
  }
}
