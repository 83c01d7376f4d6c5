package org.chaincore.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.junit.jupiter.api.Test;

class VerifiedTransactionsTest {
  private static Hash256 id(long number) {
    return Hash256.ofWords(number, 7, 7, 7);
  }

  private static long remembered(VerifiedTransactions verified, long upTo) {
    // From the oldest on, so that looking moves nothing that was not looked at yet out of reach.
    return LongStream.range(0, upTo).filter(number -> verified.recall(id(number))).count();
  }

  @Test
  void recall_ofWhatWasAdded_isTrueUntilTwoGenerationsLater() {
    VerifiedTransactions verified = new VerifiedTransactions(4, SipKey.of(3, 4));
    verified.add(id(0));
    verified.add(id(1));
    verified.add(id(2));
    verified.add(id(3));
    assertThat(verified.recall(id(9))).isFalse();
    assertThat(verified.recall(id(3))).isTrue();

    verified.add(id(4));

    assertThat(verified.recall(id(0))).isFalse();
    assertThat(verified.recall(id(4))).isTrue();
  }

  @Test
  void recall_ofAnOldOne_keepsItForAnotherGeneration() {
    VerifiedTransactions verified = new VerifiedTransactions(4, SipKey.of(3, 4));
    verified.add(id(0));
    verified.add(id(1));
    verified.add(id(2));

    assertThat(verified.recall(id(0))).isTrue();
    verified.add(id(3));
    verified.add(id(4));

    assertThat(verified.recall(id(0))).isTrue();
    assertThat(verified.recall(id(1))).isFalse();
  }

  @Test
  void add_ofMany_neverRemembersMoreThanTheCapacity() {
    SeededRun.of(60, 40)
        .check(
            (random, size) -> {
              int capacity = random.nextInt(12);
              VerifiedTransactions verified = new VerifiedTransactions(capacity, SipKey.of(3, 4));
              for (int i = 0; i < size; i++) {
                verified.add(id(i));
              }
              assertThat(remembered(verified, size)).isLessThanOrEqualTo(capacity);
            });
  }

  @Test
  void add_withoutRoomForTwo_remembersNothing() {
    for (int capacity : new int[] {0, 1}) {
      VerifiedTransactions verified = new VerifiedTransactions(capacity, SipKey.of(3, 4));
      verified.add(id(0));
      assertThat(verified.recall(id(0))).isFalse();
    }
  }

  @Test
  void recall_underAnySalt_isTheSame() {
    SeededRun.of(40, 60)
        .check(
            (random, size) -> {
              int capacity = 2 + random.nextInt(20);
              VerifiedTransactions one =
                  new VerifiedTransactions(capacity, SipKey.of(random.nextLong(), 1));
              VerifiedTransactions other = new VerifiedTransactions(capacity, SipKey.of(2, 3));
              for (int i = 0; i < 3 * size; i++) {
                Hash256 id = id(random.nextInt(size));
                if (random.nextBoolean()) {
                  one.add(id);
                  other.add(id);
                } else {
                  assertThat(one.recall(id)).isEqualTo(other.recall(id));
                }
              }
            });
  }
}
