package org.chaincore.core.mempool;

/**
 * The fee rate that a mempool demands after it was full.
 *
 * <p><b>Idea.</b> What was just evicted would, if it came again, use up bandwidth and signature
 * checks for nothing. So an eviction raises the demand above the rate of what went. Once a block
 * has made room the demand halves every 72 block times (half a day on a network of ten minutes),
 * twice or four times as fast in a mempool less than half or a quarter full; when it is below half
 * of the node's own floor it is gone. As the rolling minimum fee of Bitcoin's nodes, but in
 * integers: between two halvings it falls in a straight line.
 *
 * <p>A function of what happened and of the time it is asked for, so asking changes nothing. Not
 * thread-safe.
 */
final class MinimumFee {
  private static final int HALF_LIFE_BLOCKS = 72;
  private static final long MAX_HALVINGS = 62;

  private final long halfLifeSeconds;
  private long step;
  private long raisedTo;
  private boolean isFalling;
  private long fallsFromSeconds;

  /**
   * No demand yet.
   *
   * @param floorPerKilobyte the node's own floor, and so the step above what was evicted
   */
  MinimumFee(int targetBlockSeconds, long floorPerKilobyte) {
    this.halfLifeSeconds = (long) targetBlockSeconds * HALF_LIFE_BLOCKS;
    this.step = stepAbove(floorPerKilobyte);
  }

  private static long stepAbove(long floorPerKilobyte) {
    return Math.max(1, floorPerKilobyte);
  }

  /** The node's floor is another from now on. A demand that was gone does not come back with it. */
  void floorBecomes(long floorPerKilobyte, long nowSeconds, Fullness fullness) {
    if (perKilobyte(nowSeconds, fullness) == 0) {
      raisedTo = 0;
    }
    step = stepAbove(floorPerKilobyte);
  }

  /** Something that paid so much was evicted. */
  void evicted(FeeRate rate, long nowSeconds, Fullness fullness) {
    long demand = rate.unitsPerKilobyte() + step;
    if (demand > perKilobyte(nowSeconds, fullness)) {
      raisedTo = demand;
      isFalling = false;
    }
  }

  void blockConnected(long nowSeconds) {
    if (!isFalling) {
      isFalling = true;
      fallsFromSeconds = nowSeconds;
    }
  }

  /** Base units for 1,000 virtual bytes. */
  long perKilobyte(long nowSeconds, Fullness fullness) {
    if (!isFalling) {
      return raisedTo;
    }
    long halfLife = halfLifeSeconds / fullness.speed();
    long elapsed = Math.max(0, nowSeconds - fallsFromSeconds);
    long halved = raisedTo >> Math.min(MAX_HALVINGS, elapsed / halfLife);
    long demand = halved - fraction(halved, elapsed % halfLife, 2 * halfLife);
    return demand < step / 2 ? 0 : demand;
  }

  /** {@code value * part / whole} without overflow, for {@code part < whole < 2^31}. */
  private static long fraction(long value, long part, long whole) {
    return value / whole * part + value % whole * part / whole;
  }

  /** How full a mempool is. */
  record Fullness(long used, long most) {
    int speed() {
      if (used < most / 4) {
        return 4;
      }
      return used < most / 2 ? 2 : 1;
    }
  }
}
