package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/** One reconciliation from both sides. */
final class RoundTest {
  private static final ShortIds SHORT_IDS = ShortIds.of(3, 9);

  private final SplittableRandom random = new SplittableRandom(8);

  private static InitiatedRound initiated(Collection<Hash256> wtxids) {
    return InitiatedRound.of(Snapshot.of(SHORT_IDS, wtxids), CapacityEstimate.create(), 77);
  }

  private static AnsweredRound answered(Collection<Hash256> wtxids, InitiatedRound request) {
    return AnsweredRound.of(Snapshot.of(SHORT_IDS, wtxids), request.setSize(), request.q());
  }

  private static List<Hash256> joined(List<Hash256> some, List<Hash256> others) {
    List<Hash256> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static RoundStep.Difference difference(InitiatedRound ours, AnsweredRound theirs) {
    RoundStep step = ours.take(theirs.sketch());
    if (step instanceof RoundStep.NeedsExtension) {
      step = ours.take(theirs.extension().orElseThrow());
    }
    assertThat(step).isInstanceOf(RoundStep.Difference.class);
    return (RoundStep.Difference) step;
  }

  @Test
  void take_sketchOfAnySet_tellsTheDifferenceOfTheSets() {
    SeededRun.of(100, 60)
        .check(
            (random, size) -> {
              List<Hash256> shared = Transactions.some(random, random.nextInt(200));
              List<Hash256> here = Transactions.some(random, random.nextInt(size));
              List<Hash256> there = Transactions.some(random, random.nextInt(size));
              InitiatedRound ours = initiated(joined(shared, here));
              AnsweredRound theirs = answered(joined(there, shared), ours);
              RoundStep step = ours.take(theirs.sketch());
              if (step instanceof RoundStep.NeedsExtension) {
                assertThat(here.size() + there.size()).isGreaterThanOrEqualTo(theirs.capacity());
                step = ours.take(theirs.extension().orElseThrow());
              }
              if (step instanceof RoundStep.Failed) {
                assertThat(here.size() + there.size())
                    .isGreaterThanOrEqualTo(2 * theirs.capacity());
                return;
              }
              RoundStep.Difference difference = (RoundStep.Difference) step;
              assertThat(new TreeSet<>(difference.missingThere())).isEqualTo(new TreeSet<>(here));
              assertThat(new TreeSet<>(theirs.asked(difference.missingHere()).orElseThrow()))
                  .isEqualTo(new TreeSet<>(there));
            });
  }

  @Test
  void take_equalSets_findsNothing() {
    List<Hash256> same = Transactions.some(random, 40);
    InitiatedRound ours = initiated(same);
    assertThat(ours.take(answered(same, ours).sketch()))
        .isEqualTo(new RoundStep.Difference(List.of(), List.of()));
  }

  @Test
  void take_emptySets_findsNothing() {
    InitiatedRound ours = initiated(List.of());
    assertThat(difference(ours, answered(List.of(), ours)).missingHere()).isEmpty();
  }

  @Test
  void take_moreDifferencesThanExpected_needsTheExtension() {
    List<Hash256> here = Transactions.some(random, 6);
    List<Hash256> there = Transactions.some(random, 6);
    InitiatedRound ours = initiated(here);
    AnsweredRound theirs = answered(there, ours);

    assertThat(theirs.capacity()).isEqualTo(8);
    assertThat(ours.take(theirs.sketch())).isEqualTo(new RoundStep.NeedsExtension());
    Bytes extension = theirs.extension().orElseThrow();
    assertThat(extension.length()).isEqualTo(32);
    RoundStep.Difference found = (RoundStep.Difference) ours.take(extension);
    assertThat(found.missingThere()).containsExactlyInAnyOrderElementsOf(here);
    assertThat(theirs.asked(found.missingHere()).orElseThrow())
        .containsExactlyInAnyOrderElementsOf(there);
  }

  @Test
  void take_moreDifferencesThanTheExtensionHolds_fails() {
    InitiatedRound ours = initiated(Transactions.some(random, 30));
    AnsweredRound theirs = answered(Transactions.some(random, 30), ours);

    assertThat(ours.take(theirs.sketch())).isEqualTo(new RoundStep.NeedsExtension());
    assertThat(ours.take(theirs.extension().orElseThrow())).isEqualTo(new RoundStep.Failed());
    assertThatIllegalStateException().isThrownBy(() -> ours.take(theirs.sketch()));
  }

  @Test
  void take_afterTheDifference_isRefused() {
    InitiatedRound ours = initiated(List.of());
    Bytes sketch = answered(List.of(), ours).sketch();
    ours.take(sketch);
    assertThatIllegalStateException().isThrownBy(() -> ours.take(sketch));
  }

  @Test
  void take_randomBytes_failsAfterTheExtension() {
    InitiatedRound ours = initiated(Transactions.some(random, 30));
    byte[] lie = new byte[4 * CapacityEstimate.MAX_INITIAL_CAPACITY];
    random.nextBytes(lie);
    assertThat(ours.take(Bytes.of(lie))).isEqualTo(new RoundStep.NeedsExtension());
    random.nextBytes(lie);
    assertThat(ours.take(Bytes.of(lie))).isEqualTo(new RoundStep.Failed());
  }

  @Test
  void take_sketchLargerThanAFirstOne_isMalformedAndTheRoundGoesOn() {
    InitiatedRound ours = initiated(List.of());
    Bytes tooLarge = Bytes.of(new byte[4 * CapacityEstimate.MAX_INITIAL_CAPACITY + 4]);
    assertThatExceptionOfType(MalformedBytesException.class).isThrownBy(() -> ours.take(tooLarge));
    assertThat(ours.take(answered(List.of(), ours).sketch()))
        .isInstanceOf(RoundStep.Difference.class);
  }

  @Test
  void take_extensionOfAnotherSize_isMalformedAndTheRoundGoesOn() {
    InitiatedRound ours = initiated(Transactions.some(random, 6));
    AnsweredRound theirs = answered(Transactions.some(random, 6), ours);
    ours.take(theirs.sketch());
    Bytes extension = theirs.extension().orElseThrow();
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> ours.take(extension.slice(0, 28)))
        .withMessageContaining("7 sums behind 8");
    assertThat(ours.take(extension)).isInstanceOf(RoundStep.Difference.class);
  }

  @Test
  void take_twoMissingTransactionsOfOneId_bringsBoth() {
    List<Hash256> same = Transactions.twoOfOneId(SHORT_IDS, random);
    List<Hash256> shared = Transactions.some(random, 20);
    InitiatedRound ours = initiated(shared);
    AnsweredRound theirs = answered(joined(shared, same), ours);
    assertThat(theirs.asked(difference(ours, theirs).missingHere())).contains(same);

    InitiatedRound other = initiated(joined(shared, same));
    assertThat(difference(other, answered(shared, other)).missingThere()).isEqualTo(same);
  }

  @Test
  void take_oneOfTwoTransactionsOfOneId_isLeftToTheAmbiguousOnes() {
    List<Hash256> same = Transactions.twoOfOneId(SHORT_IDS, random);
    InitiatedRound ours = initiated(same);
    AnsweredRound theirs = answered(same.subList(0, 1), ours);
    assertThat(difference(ours, theirs).missingThere()).isEmpty();
    assertThat(Snapshot.of(SHORT_IDS, same).ambiguous()).isEqualTo(same);
  }

  @Test
  void extension_askedTwice_isThereOnce() {
    AnsweredRound theirs = answered(List.of(), initiated(List.of()));
    assertThat(theirs.extension()).isPresent();
    assertThat(theirs.extension()).isEmpty();
  }

  @Test
  void asked_idsThatAreNotThere_areLeftOut() {
    List<Hash256> there = Transactions.some(random, 3);
    AnsweredRound theirs = answered(there, initiated(List.of()));
    int known = SHORT_IDS.of(there.get(1));
    assertThat(theirs.asked(List.of(known ^ 1, known))).contains(List.of(there.get(1)));
  }

  @Test
  void asked_moreThanTheSketchCanTell_isRefused() {
    AnsweredRound theirs = answered(List.of(), initiated(List.of()));
    List<Integer> nine = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(theirs.asked(nine)).isEmpty();
    theirs.extension();
    assertThat(theirs.asked(nine)).contains(List.of());
  }

  @Test
  void asked_sameIdTwice_isRefused() {
    AnsweredRound theirs = answered(List.of(), initiated(List.of()));
    assertThat(theirs.asked(Collections.nCopies(2, 5))).isEmpty();
  }
}
