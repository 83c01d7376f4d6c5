package org.chaincore.core.value;

import java.math.BigDecimal;

/**
 * A sum of money in integer base units, 0 to {@link #MAX}. All arithmetic is checked: a sum that
 * leaves the range throws instead of wrapping, which is how coins were once made from nothing
 * (CVE-2010-5139).
 *
 * <p>Immutable and thread-safe.
 *
 * @param units base units; a coin has 10⁸
 */
public record Amount(long units) implements Comparable<Amount> {
  /** Base units of one coin. */
  public static final long UNITS_PER_COIN = 100_000_000L;

  /** No sum, and so no output, may be larger: 21 million coins. */
  public static final long MAX_UNITS = 21_000_000L * UNITS_PER_COIN;

  public static final Amount ZERO = new Amount(0);
  public static final Amount MAX = new Amount(MAX_UNITS);

  private static final int DECIMALS = 8;

  public Amount {
    if (!isValid(units)) {
      throw new IllegalArgumentException("amount outside 0.." + MAX_UNITS + ": " + units);
    }
  }

  public static Amount of(long units) {
    return new Amount(units);
  }

  public static Amount ofCoins(long coins) {
    return new Amount(Math.multiplyExact(coins, UNITS_PER_COIN));
  }

  /**
   * Reads decimal coins with at most eight places.
   *
   * @throws IllegalArgumentException if it is no such number or out of range
   */
  public static Amount parseCoins(String decimal) {
    // Bounds the work of BigDecimal, which would expand an exponent of any size.
    if (decimal.length() > 40
        || !decimal.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
      throw new IllegalArgumentException("not a decimal number of coins");
    }
    try {
      return new Amount(new BigDecimal(decimal).movePointRight(DECIMALS).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("not a decimal number of coins: " + decimal, e);
    }
  }

  /** Whether a number of base units is an amount at all. */
  public static boolean isValid(long units) {
    return units >= 0 && units <= MAX_UNITS;
  }

  /**
   * The sum of both.
   *
   * @throws IllegalArgumentException if the sum is above {@link #MAX}
   */
  public Amount plus(Amount other) {
    return new Amount(units + other.units);
  }

  /**
   * What is left of this.
   *
   * @throws IllegalArgumentException if the difference is below zero
   */
  public Amount minus(Amount other) {
    return new Amount(units - other.units);
  }

  @Override
  public int compareTo(Amount other) {
    return Long.compare(units, other.units);
  }

  /** Decimal coins with eight places. */
  public String toCoins() {
    return BigDecimal.valueOf(units, DECIMALS).toPlainString();
  }

  @Override
  public String toString() {
    return toCoins();
  }
}
