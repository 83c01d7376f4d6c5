package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HoldTimesTest {
  @Test
  void quantileNanos_knownHolds_isTheUpperEndOfTheBucket() {
    HoldCounts counts = new HoldCounts();
    for (int i = 0; i < 99; i++) {
      counts.add(1000);
    }
    counts.add(1_000_000);
    HoldTimes times = counts.times();
    assertThat(times.samples()).isEqualTo(100);
    assertThat(times.quantileNanos(0.5)).isEqualTo(1023);
    assertThat(times.quantileNanos(0.99)).isEqualTo(1023);
    assertThat(times.quantileNanos(1)).isEqualTo((1 << 20) - 1);
    assertThat(times.quantileNanos(0)).isEqualTo(1023);
  }

  @Test
  void add_zeroNegativeAndHuge_landInTheEndBuckets() {
    HoldCounts counts = new HoldCounts();
    counts.add(0);
    counts.add(-5);
    counts.add(Long.MAX_VALUE);
    assertThat(counts.times().counts().get(0)).isEqualTo(2);
    assertThat(counts.times().counts().get(HoldTimes.BUCKETS - 1)).isEqualTo(1);
  }

  @Test
  void quantileNanos_noSamples_isZero() {
    assertThat(new HoldCounts().times().quantileNanos(0.5)).isZero();
  }

  @Test
  void quantileNanos_shareOutOfRange_isRefused() {
    HoldTimes times = new HoldCounts().times();
    assertThatThrownBy(() -> times.quantileNanos(1.5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> times.quantileNanos(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HoldTimes(List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
