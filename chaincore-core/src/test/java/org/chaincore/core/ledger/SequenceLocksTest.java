package org.chaincore.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relative locks as BIP68 has them; a block at height h has the median time 1000 h before it. */
class SequenceLocksTest {
  private static final long BY_TIME = 1L << 22;
  private static final long DISABLED = 1L << 31;

  private static boolean isLocked(int version, long sequence, int coinHeight, SpendContext at) {
    TransactionInput input =
        TransactionInput.spending(TestBlocks.unknown(1)).withSequence(sequence);
    Transaction transaction =
        Transaction.of(version, List.of(input), List.of(TestBlocks.pay(1)), 0);
    Coin coin = new Coin(TestBlocks.pay(1), coinHeight, false);
    Optional<Rejection> rejection = SequenceLocks.check(transaction, List.of(coin), at);
    rejection.ifPresent(r -> assertThat(r.code()).isEqualTo(RejectionCode.SEQUENCE_LOCKED));
    return rejection.isPresent();
  }

  private static SpendContext at(int height, long medianTimePast) {
    return new SpendContext(height, medianTimePast, below -> 1_000L * below);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100, 100, false", // in the coin's own block
    "1, 100, 100, true",
    "1, 100, 101, false",
    "10, 100, 109, true",
    "10, 100, 110, false",
    "65535, 100, 65634, true",
    "65535, 100, 65635, false"
  })
  void check_byHeight_asksForSoManyBlocks(long sequence, int coin, int height, boolean locked) {
    assertThat(isLocked(2, sequence, coin, at(height, 0))).isEqualTo(locked);
  }

  @ParameterizedTest
  @CsvSource({
    // From the median time that ends with the block before the coin's: 99,000.
    "0, 99000, false",
    "1, 99511, true",
    "1, 99512, false",
    "65535, 33652919, true",
    "65535, 33652920, false"
  })
  void check_byTime_asksForSoManyTimes512Seconds(long value, long median, boolean locked) {
    assertThat(isLocked(2, BY_TIME | value, 100, at(101, median))).isEqualTo(locked);
  }

  @Test
  void check_byTimeOfACoinInTheFirstBlocks_countsFromGenesis() {
    assertThat(isLocked(2, BY_TIME | 1, 0, at(5, 511))).isTrue();
    assertThat(isLocked(2, BY_TIME | 1, 0, at(5, 512))).isFalse();
    assertThat(isLocked(2, BY_TIME | 1, 1, at(5, 512))).isFalse();
  }

  @Test
  void check_ofADisabledLock_letsPass() {
    assertThat(isLocked(2, DISABLED | 65_535, 100, at(101, 0))).isFalse();
    assertThat(isLocked(2, TransactionInput.FINAL_SEQUENCE, 100, at(101, 0))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, true", "3, true", "-1, true", "-2147483648, true"})
  void check_ofVersions_looksFromTwoOnAsUnsigned(int version, boolean locked) {
    assertThat(isLocked(version, 10, 100, at(101, 0))).isEqualTo(locked);
  }

  @Test
  void check_ofBitsWithoutMeaning_ignoresThem() {
    long noise = 0x00bf_0000L;

    assertThat(isLocked(2, noise | 1, 100, at(101, 0))).isFalse();
    assertThat(isLocked(2, noise | 2, 100, at(101, 0))).isTrue();
  }
}
