package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;

final class KernelChoiceTest {
  private static final int HARD = 0x1d00ffff;
  private static final int REGTEST = 0x207fffff;

  private final AtomicLong nanos = new AtomicLong();

  private static BlockHeader header(int bits, long salt) {
    return BlockHeader.of(1, Hash256.ZERO, Hash256.ofWords(salt, 1, 2, 3), 1_700_000_000, bits, 0);
  }

  private static NonceKernel kernel(KernelChoice choice, int bits) {
    return choice.kernel(header(bits, 1), Target.ofBits(bits));
  }

  @Test
  void kernel_easyTarget_isTheDigest() {
    KernelChoice choice = KernelChoice.measured(nanos::get);
    assertThat(kernel(choice, REGTEST)).isInstanceOf(DigestKernel.class);
    assertThat(kernel(choice, HARD)).isInstanceOf(MeasuredKernel.class);
    assertThat(kernel(KernelChoice.digest(), HARD)).isInstanceOf(DigestKernel.class);
  }

  @Test
  void prefersLanes_nothingKnown_isFalse() {
    assertThat(KernelChoice.measured(nanos::get).prefersLanes()).isFalse();
  }

  @Test
  void prefersLanes_lanesMeasuredFaster_isTrueUntilTheyAreSlower() {
    KernelChoice choice = KernelChoice.measured(nanos::get);
    choice.used(false, 1_000, 200_000);
    choice.tried(true, 512, 51_200);
    assertThat(choice.prefersLanes()).isTrue();
    for (int i = 0; i < 20; i++) {
      choice.used(true, 1_000, 400_000);
    }
    assertThat(choice.prefersLanes()).isFalse();
  }

  @Test
  void isTrialDue_timeGoesBy_takesHalfAtFirstAndLessLater() {
    KernelChoice choice = KernelChoice.measured(nanos::get);
    int trials = 0;
    for (int i = 0; i < 800; i++) {
      if (choice.isTrialDue()) {
        choice.tried(true, 512, 100);
        trials++;
      }
      choice.used(false, 512, 100);
    }
    assertThat(trials).isBetween(400, 600);
    for (int i = 0; i < 100_000; i++) {
      if (choice.isTrialDue()) {
        choice.tried(true, 512, 100);
        trials++;
      }
      choice.used(false, 512, 100);
    }
    assertThat(trials).isBetween(3_000, 7_000);
  }

  @Test
  void lanesAreWrong_fasterLanes_areNeverUsedAgain() {
    KernelChoice choice = KernelChoice.measured(nanos::get);
    choice.used(false, 1_000, 200_000);
    choice.tried(true, 512, 1);
    choice.lanesAreWrong();
    assertThat(choice.prefersLanes()).isFalse();
    for (int i = 0; i < 1_000; i++) {
      choice.used(false, 1_000, 200_000);
      assertThat(choice.isTrialDue()).isFalse();
    }
  }

  /** Whatever the clock says, and so whichever way is taken, the result is the digest's. */
  @Test
  void lowest_anyClock_findsWhatTheDigestFinds() {
    SeededRun.of(30, 40_000)
        .check(
            (random, size) -> {
              KernelChoice choice =
                  KernelChoice.measured(() -> nanos.addAndGet(random.nextInt(1_000)));
              BlockHeader header = header(0x1f00ffff, random.nextLong());
              Target target = Target.ofBits(header.bits());
              NonceKernel measured = choice.kernel(header, target);
              NonceKernel digest = DigestKernel.of(header, target);
              long from = 0;
              for (int i = 0; i < 6; i++) {
                long to = from + random.nextInt(size);
                assertThat(measured.lowest(from, to)).isEqualTo(digest.lowest(from, to));
                from = to;
              }
            });
  }
}
