package org.chaincore.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTest {
  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(256);

  @ParameterizedTest
  @CsvSource({
    "1d00ffff, 100010001",
    "207fffff, 2",
    "200fffff, 10",
    "2100ffff, 1",
    "03000001, 8000000000000000000000000000000000000000000000000000000000000000"
  })
  void ofTarget_knownBits_isTheirWork(String bits, String work) {
    Target target = Target.ofBits(Integer.parseUnsignedInt(bits, 16));

    assertThat(target.work()).hasToString(work).isEqualTo(Work.ofTarget(target));
  }

  @Test
  void plus_random_isTheSumOrOverflows() {
    SeededRun.of(3_000, 1)
        .check(
            (random, size) -> {
              Work a = work(random);
              Work b = work(random);
              BigInteger sum = a.toBigInteger().add(b.toBigInteger());
              if (sum.compareTo(LIMIT) < 0) {
                assertThat(a.plus(b).toBigInteger()).isEqualTo(sum);
                assertThat(a.plus(b)).isEqualTo(b.plus(a)).isGreaterThanOrEqualTo(a);
              } else {
                assertThatThrownBy(() -> a.plus(b)).isInstanceOf(ArithmeticException.class);
              }
            });
  }

  /** Words that are often all ones or zero, so that carries run through. */
  private static Work work(RandomGenerator random) {
    return Work.ofWords(word(random), word(random), word(random), word(random) >>> 1);
  }

  private static long word(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> -1;
      case 1 -> 0;
      case 2 -> 1;
      default -> random.nextLong();
    };
  }

  @Test
  void plus_carryThroughAllWords_arrives() {
    assertThat(Work.ofWords(-1, -1, -1, 0).plus(Work.ofWords(1, 0, 0, 0)))
        .isEqualTo(Work.ofWords(0, 0, 0, 1));
  }

  @Test
  void plus_beyond256Bits_throws() {
    Work most = Work.ofWords(-1, -1, -1, -1);

    assertThat(most.plus(Work.ZERO)).isEqualTo(most);
    assertThatThrownBy(() -> most.plus(Work.ofWords(1, 0, 0, 0)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void of_bigInteger_isInverse() {
    SeededRun.of(500, 1)
        .check(
            (random, size) -> {
              Work work = work(random);
              assertThat(Work.of(work.toBigInteger())).isEqualTo(work).hasSameHashCodeAs(work);
              assertThat(new BigInteger(work.toHex(), 16)).isEqualTo(work.toBigInteger());
              assertThat(Work.ofWords(work.word(0), work.word(1), work.word(2), work.word(3)))
                  .isEqualTo(work);
            });
  }

  @Test
  void of_outsideTheRange_throws() {
    assertThatThrownBy(() -> Work.of(LIMIT)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Work.of(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void compareTo_isThatOfTheNumbers() {
    SeededRun.of(2_000, 1)
        .check(
            (random, size) -> {
              Work a = work(random);
              Work b = random.nextInt(4) == 0 ? Work.of(a.toBigInteger()) : work(random);
              assertThat(Integer.signum(a.compareTo(b)))
                  .isEqualTo(a.toBigInteger().compareTo(b.toBigInteger()));
              assertThat(a.equals(b)).isEqualTo(a.toBigInteger().equals(b.toBigInteger()));
            });
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 1", "16, 1", "63, 1", "65, 2", "256, 2", "4096, 3"})
  void level_ofWork_isRoundedLog16AndAtLeastOne(long work, int level) {
    assertThat(Work.of(BigInteger.valueOf(work)).level()).isEqualTo(level);
  }

  @Test
  void toHex_hasSixtyFourDigits() {
    assertThat(Work.ofWords(0xab, 0, 0, 0).toHex()).hasSize(64).endsWith("00ab");
    assertThat(Work.ofWords(0xab, 0, 0, 0)).hasToString("ab").isNotEqualTo("ab");
  }

  @Test
  void word_outside_throws() {
    assertThatThrownBy(() -> Work.ZERO.word(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Work.ZERO.word(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
