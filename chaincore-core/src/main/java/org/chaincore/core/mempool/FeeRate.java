package org.chaincore.core.mempool;

/**
 * What is paid for room in a block, as an exact fraction. It is never divided to be compared: two
 * rates are ordered by their cross products in 128 bits, so no rounding decides who is mined.
 * Immutable. Ordered by the quotient, while equal means equal in both parts.
 *
 * @param units base units paid, 0 or more
 * @param virtualBytes for so many virtual bytes, 1 or more
 */
public record FeeRate(long units, long virtualBytes) implements Comparable<FeeRate> {
  private static final long KILOBYTE = 1_000;

  public FeeRate {
    if (units < 0 || virtualBytes < 1) {
      throw new IllegalArgumentException(
          "no fee rate: " + units + " units for " + virtualBytes + " virtual bytes");
    }
  }

  public static FeeRate of(long units, long virtualBytes) {
    return new FeeRate(units, virtualBytes);
  }

  /** So many base units for 1,000 virtual bytes. */
  public static FeeRate perKilobyte(long units) {
    return new FeeRate(units, KILOBYTE);
  }

  @Override
  public int compareTo(FeeRate other) {
    return compare(units, virtualBytes, other.units, other.virtualBytes);
  }

  /** Compares {@code unitsA / bytesA} with {@code unitsB / bytesB}; none is negative. */
  static int compare(long unitsA, long bytesA, long unitsB, long bytesB) {
    long highA = Math.multiplyHigh(unitsA, bytesB);
    long highB = Math.multiplyHigh(unitsB, bytesA);
    return highA != highB
        ? Long.compare(highA, highB)
        : Long.compareUnsigned(unitsA * bytesB, unitsB * bytesA);
  }

  /** Base units for 1,000 virtual bytes, rounded up. */
  public long unitsPerKilobyte() {
    long whole = Math.multiplyExact(units / virtualBytes, KILOBYTE);
    long rest = units % virtualBytes * KILOBYTE;
    return whole + (rest + virtualBytes - 1) / virtualBytes;
  }

  /** As it is written in texts for people. */
  @Override
  public String toString() {
    return units + " units for " + virtualBytes + " vB";
  }
}
