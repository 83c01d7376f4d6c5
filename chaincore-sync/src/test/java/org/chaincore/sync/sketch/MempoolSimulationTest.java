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
 * exchange counted as it would go over the wire. The first rounds, in which a connection learns, do
 * not count. Most of it runs on numbers alone, so that averages are of many rounds; some rounds run
 * on real sets and must agree with the numbers.
 */
final class MempoolSimulationTest {
  private static final int ROUNDS = 20_000;
  private static final int LEARNING = 30;
  private static final int POOL = 2_000;
  private static final int FRAME_HEADER = 24;
  private static final int REQUEST = 2 * 2;
  private static final int ID_COUNT_AND_FLAG = 4;
  private static final int BYTES_OF_100_DIFFERENCES = 400;
  private static final int BYTES_OF_A_ROUND = 900;

  private final SplittableRandom random = new SplittableRandom(330);
  private final CapacityEstimate estimate = CapacityEstimate.create();

  private int counted;
  private long differences;
  private long sketchBytes;
  private long wireBytes;
  private int extensions;
  private int failures;

  @Test
  void rounds_of100DifferencesSplitEvenly_keepTheBudget() {
    run(count -> 100, size -> size / 2);
    assertBudget("100 differences, split evenly");
  }

  @Test
  void rounds_of100DifferencesSplitAtRandom_keepTheBudget() {
    run(count -> 100, this::half);
    assertBudget("100 differences, split at random");
  }

  @Test
  void rounds_of100DifferencesOnAverage_keepTheBudget() {
    run(count -> poisson(100), this::half);
    assertBudget("Poisson of mean 100, split at random");
  }

  @Test
  void rounds_mostlyOnOneSide_keepTheBudget() {
    run(count -> poisson(100), size -> half(half(size)));
    assertBudget("Poisson of mean 100, one in four here");
  }

  @Test
  void rounds_ofHardlyAnyDifference_areAlmostFree() {
    run(count -> poisson(1), this::half);
    assertThat(failures).isZero();
    assertThat(wireBytes / counted).isLessThan(125);
  }

  @Test
  void rounds_withBursts_areExtendedInThoseAndNeverFail() {
    run(round -> round % 50 == 0 ? 300 : 40, size -> size / 2);
    assertThat(failures).isZero();
    assertThat(extensions).isLessThanOrEqualTo(counted / 50 + 1);
  }

  @Test
  void rounds_ofRealSets_endWithEqualSetsAndAgreeWithTheNumbers() {
    Set<Hash256> here = new LinkedHashSet<>(Transactions.some(random, 300));
    Set<Hash256> there = new LinkedHashSet<>(here);
    for (int round = 0; round < 60; round++) {
      int count = poisson(100);
      int comeHere = half(count);
      here.addAll(Transactions.some(random, comeHere));
      there.addAll(Transactions.some(random, count - comeHere));
      reconcile(here, there);
      assertThat(here.equals(there)).isTrue();
      forgetOldest(here, there);
    }
    assertThat(extensions).isBetween(1, 10);
    assertThat(failures).isZero();
  }

  private void assertBudget(String what) {
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

  /** So many that each goes one way or the other by chance: how many go one way. */
  private int half(int count) {
    int some = 0;
    for (int i = 0; i < count; i++) {
      some += random.nextInt(2);
    }
    return some;
  }

  /**
   * Runs rounds of numbers.
   *
   * @param arrivals how many transactions come before a round
   * @param ofThemHere how many of so many come here; the others come there
   */
  private void run(IntUnaryOperator arrivals, IntUnaryOperator ofThemHere) {
    for (int round = 0; round < ROUNDS; round++) {
      int count = arrivals.applyAsInt(round);
      int comeHere = ofThemHere.applyAsInt(count);
      int ours = POOL + comeHere;
      int theirs = POOL + count - comeHere;
      int capacity = CapacityEstimate.capacity(theirs, ours, estimate.q(ours));
      int sent = capacity;
      while (count >= sent && sent < Sketch.MAX_CAPACITY) {
        sent = CapacityEstimate.extended(sent);
      }
      boolean isExtended = sent > capacity;
      boolean fails = count >= sent;
      if (fails) {
        estimate.learnFailure(sent);
      } else {
        estimate.learn(ours, theirs, count);
      }
      if (round >= LEARNING) {
        counted++;
        differences += count;
        extensions += isExtended ? 1 : 0;
        failures += fails ? 1 : 0;
        sketchBytes += 4L * sent;
        wireBytes += exchangeBytes(capacity, sent, count - comeHere);
      }
    }
  }

  /** Everything but the transactions: request, sketch, extensions, and what is asked for. */
  private static int exchangeBytes(int capacity, int sent, int missingHere) {
    int bytes = FRAME_HEADER + REQUEST + framed(4 * capacity);
    for (int had = capacity; had < sent; had = CapacityEstimate.extended(had)) {
      bytes += FRAME_HEADER + framed(4 * (CapacityEstimate.extended(had) - had));
    }
    return bytes + FRAME_HEADER + ID_COUNT_AND_FLAG + 4 * missingHere;
  }

  /** A payload behind its frame header and its CompactSize. */
  private static int framed(int bytes) {
    return FRAME_HEADER + (bytes < 0xfd ? 1 : 3) + bytes;
  }

  private void reconcile(Set<Hash256> here, Set<Hash256> there) {
    ShortIds shortIds = ShortIds.of(random.nextLong(), random.nextLong());
    InitiatedRound ours =
        InitiatedRound.of(Snapshot.of(shortIds, here), estimate, random.nextLong(), true);
    AnsweredRound theirs = AnsweredRound.of(Snapshot.of(shortIds, there), ours.setSize(), ours.q());
    int before = here.size() + there.size();
    RoundStep step = ours.take(theirs.sketch());
    int capacity = theirs.capacity();
    boolean isExtended = step instanceof RoundStep.NeedsExtension;
    extensions += isExtended ? 1 : 0;
    while (step instanceof RoundStep.NeedsExtension) {
      step = ours.take(theirs.extension().orElseThrow());
    }
    if (step instanceof RoundStep.Difference difference) {
      there.addAll(difference.missingThere());
      here.addAll(theirs.asked(difference.missingHere()).orElseThrow());
    } else {
      failures++;
      there.addAll(here);
      here.addAll(there);
    }
    int found = here.size() + there.size() - before;
    assertThat(isExtended).isEqualTo(found >= capacity);
  }

  private static void forgetOldest(Set<Hash256> here, Set<Hash256> there) {
    List<Hash256> oldest = new ArrayList<>(here).subList(0, here.size() - 300);
    oldest.forEach(here::remove);
    oldest.forEach(there::remove);
  }
}
