package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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
    return InitiatedRound.of(Snapshot.of(SHORT_IDS, wtxids), CapacityEstimate.create(), 77, true);
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
    RoundStep step = last(ours, theirs);
    assertThat(step).isInstanceOf(RoundStep.Difference.class);
    return (RoundStep.Difference) step;
  }

  /** Lets the sides talk until the round is over. */
  private static RoundStep last(InitiatedRound ours, AnsweredRound theirs) {
    RoundStep step = ours.take(theirs.sketch());
    while (step instanceof RoundStep.NeedsExtension || step instanceof RoundStep.NeedsPart) {
      step =
          step instanceof RoundStep.NeedsPart needed
              ? ours.take(theirs.part(needed.part()).orElseThrow())
              : ours.take(theirs.extension().orElseThrow());
    }
    return step;
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
              int first = theirs.capacity();
              RoundStep.Difference difference = difference(ours, theirs);
              assertThat(theirs.capacity() > first).isEqualTo(here.size() + there.size() >= first);
              assertThat(difference.isWhole()).isTrue();
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
        .isEqualTo(new RoundStep.Difference(true, List.of(), List.of()));
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
  void take_moreDifferencesThanTheFirstExtensionHolds_goesOnDoubling() {
    List<Hash256> here = Transactions.some(random, 30);
    InitiatedRound ours = initiated(here);
    AnsweredRound theirs = answered(Transactions.some(random, 30), ours);

    assertThat(difference(ours, theirs).missingThere()).hasSize(30);
    assertThat(theirs.capacity()).isEqualTo(64);
    assertThat(theirs.isSplit()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> ours.take(theirs.sketch()));
  }

  @Test
  void take_moreDifferencesThanAnySketchHolds_splitsTheSet() {
    SeededRun.of(20, 700)
        .check(
            (random, size) -> {
              List<Hash256> shared = Transactions.some(random, random.nextInt(200));
              List<Hash256> here = Transactions.some(random, 200 + random.nextInt(size));
              List<Hash256> there = Transactions.some(random, 200 + random.nextInt(size));
              InitiatedRound ours = initiated(joined(shared, here));
              AnsweredRound theirs = answered(joined(there, shared), ours);

              RoundStep.Difference difference = difference(ours, theirs);

              assertThat(theirs.isSplit()).isTrue();
              assertThat(difference.isWhole()).isTrue();
              assertThat(difference.missingHere()).isSortedAccordingTo(Integer::compareUnsigned);
              assertThat(new TreeSet<>(difference.missingThere())).isEqualTo(new TreeSet<>(here));
              assertThat(new TreeSet<>(theirs.asked(difference.missingHere()).orElseThrow()))
                  .isEqualTo(new TreeSet<>(there));
            });
  }

  @Test
  void take_setsThatDifferTooMuchInOnePart_findsTheOthers() {
    SketchPart crowded = SketchPart.WHOLE.upperHalf().lowerHalf().upperHalf();
    List<Hash256> here = new ArrayList<>();
    List<Hash256> found = new ArrayList<>();
    while (here.size() < 1_000) {
      Hash256 one = Transactions.one(random);
      boolean isCrowded = crowded.contains(SHORT_IDS.of(one));
      if (isCrowded || found.size() < 500) {
        here.add(one);
        (isCrowded ? new ArrayList<Hash256>() : found).add(one);
      }
    }
    InitiatedRound ours = initiated(here);

    RoundStep.Difference difference = difference(ours, answered(List.of(), ours));

    assertThat(difference.isWhole()).isFalse();
    assertThat(difference.missingThere()).containsExactlyInAnyOrderElementsOf(found);
  }

  @Test
  void take_moreDifferencesThanAllPartsHold_fails() {
    InitiatedRound ours = initiated(Transactions.some(random, 8_000));
    AnsweredRound theirs = answered(List.of(), ours);
    assertThat(last(ours, theirs)).isEqualTo(new RoundStep.Failed());
    assertThat(theirs.told()).isEqualTo(8 * Sketch.MAX_CAPACITY);
  }

  @Test
  void take_roundThatMayNotSplit_failsAfterTheLargestSketch() {
    Snapshot many = Snapshot.of(SHORT_IDS, Transactions.some(random, 500));
    InitiatedRound ours = InitiatedRound.of(many, CapacityEstimate.create(), 77, false);
    AnsweredRound theirs = answered(List.of(), ours);
    assertThat(last(ours, theirs)).isEqualTo(new RoundStep.Failed());
    assertThat(theirs.told()).isEqualTo(Sketch.MAX_CAPACITY);
  }

  @Test
  void take_sketchOfAPartThatIsSmaller_isMalformedAndTheRoundGoesOn() {
    InitiatedRound ours = initiated(Transactions.some(random, 500));
    AnsweredRound theirs = answered(List.of(), ours);
    RoundStep step = ours.take(theirs.sketch());
    while (step instanceof RoundStep.NeedsExtension) {
      step = ours.take(theirs.extension().orElseThrow());
    }
    assertThat(step).isEqualTo(new RoundStep.NeedsPart(new SketchPart(2)));
    Bytes part = theirs.part(new SketchPart(2)).orElseThrow();
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> ours.take(part.slice(0, 400)))
        .withMessageContaining("100 sums where 400");
    assertThat(ours.take(part)).isInstanceOf(RoundStep.Difference.class);
  }

  @Test
  void part_thatNoHonestPeerAsksFor_isNotThere() {
    AnsweredRound theirs = answered(List.of(), initiated(List.of()));
    assertThat(theirs.part(new SketchPart(2))).as("before the whole").isEmpty();
    while (theirs.extension().isPresent()) {
      assertThat(theirs.isSplit()).isFalse();
    }
    assertThat(theirs.part(SketchPart.WHOLE)).isEmpty();
    assertThat(theirs.part(new SketchPart(3))).as("an upper half").isEmpty();
    assertThat(theirs.part(new SketchPart(4))).as("of what was not split").isEmpty();
    assertThat(theirs.part(new SketchPart(2))).isPresent();
    assertThat(theirs.part(new SketchPart(2))).as("twice").isEmpty();
    assertThat(theirs.part(new SketchPart(6))).as("of the upper half").isPresent();
    assertThat(theirs.part(new SketchPart(14))).isPresent();
    assertThat(theirs.part(new SketchPart(8))).as("of what was not split").isEmpty();
    assertThat(theirs.told()).isEqualTo(4 * Sketch.MAX_CAPACITY);
  }

  @Test
  void sketchPart_anyId_isInOnePartOfEachLevel() {
    int id = 0xb000_0001;
    assertThat(new SketchPart(1).contains(id)).isTrue();
    assertThat(new SketchPart(3).contains(id)).isTrue();
    assertThat(new SketchPart(2).contains(id)).isFalse();
    assertThat(new SketchPart(6).contains(id)).isTrue();
    assertThat(new SketchPart(13).contains(id)).isTrue();
    assertThat(new SketchPart(12).contains(id)).isFalse();
    assertThat(new SketchPart(13).splits()).isEqualTo(3);
    assertThatIllegalArgumentException().isThrownBy(() -> new SketchPart(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SketchPart(SketchPart.MAX_NUMBER + 1))
        .withMessageContaining("16");
  }

  @Test
  void take_afterTheDifference_isRefused() {
    InitiatedRound ours = initiated(List.of());
    Bytes sketch = answered(List.of(), ours).sketch();
    ours.take(sketch);
    assertThatIllegalStateException().isThrownBy(() -> ours.take(sketch));
  }

  @Test
  void take_randomBytes_failsAfterAllParts() {
    InitiatedRound ours = initiated(Transactions.some(random, 30));
    byte[] lie = new byte[4 * CapacityEstimate.MAX_INITIAL_CAPACITY];
    random.nextBytes(lie);
    assertThat(ours.take(Bytes.of(lie))).isEqualTo(new RoundStep.NeedsExtension());
    random.nextBytes(lie);
    RoundStep step = ours.take(Bytes.of(lie));
    int asked = 0;
    byte[] part = new byte[4 * Sketch.MAX_CAPACITY];
    while (step instanceof RoundStep.NeedsPart) {
      asked++;
      random.nextBytes(part);
      step = ours.take(Bytes.of(part));
    }
    assertThat(asked).isEqualTo((1 << SketchPart.MAX_SPLITS) - 1);
    assertThat(step).isEqualTo(new RoundStep.Failed());
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
  void extension_askedAgainAndAgain_endsAtTheLargestSketch() {
    AnsweredRound theirs = answered(Transactions.some(random, 20), initiated(List.of()));
    Bytes all = theirs.sketch();
    int extensions = 0;
    for (var more = theirs.extension(); more.isPresent(); more = theirs.extension()) {
      all = Sketch.read(all).extended(more.get()).toBytes();
      extensions++;
    }
    assertThat(extensions).isEqualTo(5);
    assertThat(theirs.capacity()).isEqualTo(Sketch.MAX_CAPACITY);
    assertThat(Sketch.read(all).decode(Sketch.MAX_CAPACITY, 1).orElseThrow()).hasSize(20);
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
