package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that reconcile again and again while transactions come and go, with every byte of the
 * exchange counted as it would go over the wire. Rounds before {@link #LEARNING} do not count: a
 * connection learns in them.
 */
final class MempoolSimulationTest {
  private static final int ROUNDS = 330;
  private static final int LEARNING = 30;
  private static final int POOL = 2_000;
  private static final int FRAME_HEADER = 24;
  private static final int REQUEST = 2 * 2;
  private static final int ID_COUNT_AND_FLAG = 4;
  private static final int BYTES_OF_100_DIFFERENCES = 400;
  private static final int BYTES_OF_A_ROUND = 900;

  private final SplittableRandom random = new SplittableRandom(330);
  private final CapacityEstimate estimate = CapacityEstimate.create();
  private final Set<Hash256> here = new LinkedHashSet<>(Transactions.some(random, POOL));
  private final Set<Hash256> there = new LinkedHashSet<>(here);

  private long differences;
  private long sketchBytes;
  private long wireBytes;
  private int extensions;
  private int failures;

  @Test
  void rounds_of100DifferencesSplitAtRandom_keepTheBudget() {
    run(count -> 100, size -> random.split().ints(size, 0, 2).sum());
    assertBudget("100 differences, split at random");
  }

  @Test
  void rounds_of100DifferencesSplitEvenly_keepTheBudget() {
    run(count -> 100, size -> size / 2);
    assertBudget("100 differences, split evenly");
  }

  @Test
  void rounds_of100DifferencesOnAverage_keepTheBudget() {
    run(count -> poisson(100), size -> random.split().ints(size, 0, 2).sum());
    assertBudget("Poisson of mean 100, split at random");
  }

  @Test
  void rounds_mostlyOnOneSide_keepTheBudget() {
    run(
        count -> poisson(100),
        size -> (int) random.split().doubles(size).filter(d -> d < 0.2).count());
    assertBudget("Poisson of mean 100, one in five here");
  }

  @Test
  void rounds_ofHardlyAnyDifference_areAlmostFree() {
    run(count -> poisson(1), size -> random.split().ints(size, 0, 2).sum());
    assertThat(failures).isZero();
    assertThat(wireBytes / (ROUNDS - LEARNING)).isLessThan(140);
  }

  @Test
  void rounds_afterABurst_findTheWayBack() {
    run(round -> round % 50 == 0 ? 300 : 40, size -> size / 2);
    assertThat(failures).isLessThanOrEqualTo((ROUNDS - LEARNING) / 50);
  }

  private void assertBudget(String what) {
    int counted = ROUNDS - LEARNING;
    double per100 = 100.0 * sketchBytes / differences;
    double wirePer100 = 100.0 * wireBytes / differences;
    System.out.printf(
        "%s: sketch bytes for 100 differences %.0f (%.3f of 400), whole exchange %.0f, "
            + "%.1f %% extended, %.1f %% failed%n",
        what,
        per100,
        per100 / BYTES_OF_100_DIFFERENCES,
        wirePer100,
        100.0 * extensions / counted,
        100.0 * failures / counted);
    assertThat(per100).isLessThanOrEqualTo(1.25 * BYTES_OF_100_DIFFERENCES);
    assertThat(wirePer100).isLessThanOrEqualTo(BYTES_OF_A_ROUND);
    assertThat(failures).isZero();
    assertThat(extensions).isLessThan(counted / 10);
  }

  private int poisson(double mean) {
    double product = random.nextDouble();
    int count = 0;
    while (product > Math.exp(-mean)) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  /**
   * Runs all rounds.
   *
   * @param arrivals how many transactions come before a round
   * @param ofThemHere how many of so many come here; the others come there
   */
  private void run(IntUnaryOperator arrivals, IntUnaryOperator ofThemHere) {
    for (int round = 0; round < ROUNDS; round++) {
      int count = arrivals.applyAsInt(round);
      int comeHere = ofThemHere.applyAsInt(count);
      here.addAll(Transactions.some(random, comeHere));
      there.addAll(Transactions.some(random, count - comeHere));
      reconcile(round >= LEARNING);
      assertThat(here).isEqualTo(there);
      confirmOldest();
    }
  }

  private void reconcile(boolean counts) {
    ShortIds shortIds = ShortIds.of(random.nextLong(), random.nextLong());
    Snapshot ourSet = Snapshot.of(shortIds, here);
    InitiatedRound ours = InitiatedRound.of(ourSet, estimate, random.nextLong());
    AnsweredRound theirs = AnsweredRound.of(Snapshot.of(shortIds, there), ours.setSize(), ours.q());
    int sketch = 4 * theirs.capacity();
    int wire = FRAME_HEADER + REQUEST + framed(sketch);
    RoundStep step = ours.take(theirs.sketch());
    boolean extended = step instanceof RoundStep.NeedsExtension;
    if (extended) {
      wire += FRAME_HEADER + framed(sketch);
      sketch *= 2;
      step = ours.take(theirs.extension().orElseThrow());
    }
    int before = here.size() + there.size();
    if (step instanceof RoundStep.Difference difference) {
      there.addAll(difference.missingThere());
      here.addAll(theirs.asked(difference.missingHere()).orElseThrow());
      wire += FRAME_HEADER + ID_COUNT_AND_FLAG + 4 * difference.missingHere().size();
    } else {
      there.addAll(here);
      here.addAll(there);
    }
    if (counts) {
      differences += here.size() + there.size() - before;
      sketchBytes += sketch;
      wireBytes += wire;
      extensions += extended ? 1 : 0;
      failures += step instanceof RoundStep.Failed ? 1 : 0;
    }
  }

  /** A payload behind its frame header and its CompactSize. */
  private static int framed(int bytes) {
    return FRAME_HEADER + (bytes < 0xfd ? 1 : 3) + bytes;
  }

  private void confirmOldest() {
    List<Hash256> oldest = new ArrayList<>(here).subList(0, here.size() - POOL);
    here.removeAll(Set.copyOf(oldest));
    there.removeAll(Set.copyOf(oldest));
  }
}
