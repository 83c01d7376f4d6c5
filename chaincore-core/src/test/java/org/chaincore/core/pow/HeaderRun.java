package org.chaincore.core.pow;

import java.util.ArrayList;
import java.util.List;

/** An ancestry that grows header by header: times and bits from a first height on. */
final class HeaderRun implements Ancestry {
  private final int firstHeight;
  private final List<Long> times = new ArrayList<>();
  private final List<Integer> bits = new ArrayList<>();

  private HeaderRun(int firstHeight) {
    this.firstHeight = firstHeight;
  }

  static HeaderRun startingAt(int firstHeight) {
    return new HeaderRun(firstHeight);
  }

  static HeaderRun ofGenesis(long time, int bits) {
    return startingAt(0).add(time, bits);
  }

  HeaderRun add(long time, int headerBits) {
    times.add(time);
    bits.add(headerBits);
    return this;
  }

  /** Adds headers of one target, each {@code gapSeconds} after the one before. */
  HeaderRun addEvery(long gapSeconds, int count, int headerBits) {
    for (int i = 0; i < count; i++) {
      add(time(tipHeight()) + gapSeconds, headerBits);
    }
    return this;
  }

  @Override
  public int tipHeight() {
    return firstHeight + times.size() - 1;
  }

  @Override
  public int firstHeight() {
    return firstHeight;
  }

  @Override
  public long time(int height) {
    return times.get(height - firstHeight);
  }

  @Override
  public int bits(int height) {
    return bits.get(height - firstHeight);
  }
}
