package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every rule promises, and the edges of each. */
class RulesTest {
  private static final TargetRange LEVELS = TargetRange.ofLevels(1, 12);
  private static final int GENESIS_BITS = 0x1e0fffff;
  private static final EpochRetarget EPOCH = new EpochRetarget(10, 10, 4, LEVELS);
  private static final AsertRule ASERT = new AsertRule(600, 10, LEVELS);
  private static final LwmaRule LWMA = new LwmaRule(60, 10, LEVELS);

  static List<DifficultyRule> ownRules() {
    return List.of(EPOCH, ASERT, LWMA);
  }

  static List<DifficultyRule> allRules() {
    return List.of(
        EPOCH,
        ASERT,
        LWMA,
        new FixedDifficulty(GENESIS_BITS),
        BitcoinRetarget.ofLimit(Target.ofBits(0x1f00ffff), false),
        BitcoinRetarget.ofLimit(Target.ofBits(0x1f00ffff), true));
  }

  @ParameterizedTest
  @MethodSource("allRules")
  void requiredBits_headerOnGenesis_isGenesisBits(DifficultyRule rule) {
    HeaderRun parents = HeaderRun.ofGenesis(1_000, GENESIS_BITS);

    assertThat(rule.requiredBits(parents, 1_001)).hasValue(GENESIS_BITS);
  }

  @ParameterizedTest
  @MethodSource("ownRules")
  void requiredBits_genesisWrittenLongAgo_changesNothing(DifficultyRule rule) {
    HeaderRun fresh = HeaderRun.ofGenesis(999_990, GENESIS_BITS);
    HeaderRun old = HeaderRun.ofGenesis(1, GENESIS_BITS);
    long time = 1_000_000;
    for (int height = 1; height < 130; height++) {
      int bits = rule.requiredBits(fresh, time).orElseThrow();
      assertThat(rule.requiredBits(old, time)).as("height " + height).hasValue(bits);
      fresh.add(time, bits);
      old.add(time, bits);
      time += 3 + height % 5;
    }
  }

  @ParameterizedTest
  @MethodSource("ownRules")
  void requiredBits_randomTimes_stayInRangeAndAreCompact(DifficultyRule rule) {
    SeededRun.of(60, 400)
        .check(
            (random, size) -> {
              HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS);
              for (int i = 0; i < size; i++) {
                long time = wildTime(random, parents.time(parents.tipHeight()));
                Target next = Target.ofBits(rule.requiredBits(parents, time).orElseThrow());
                assertThat(next).isBetween(LEVELS.hardest(), LEVELS.easiest());
                parents.add(time, next.bits());
              }
            });
  }

  /** Mostly ordinary, sometimes backwards, sometimes at the ends of what a header can say. */
  private static long wildTime(RandomGenerator random, long parentTime) {
    long time =
        switch (random.nextInt(10)) {
          case 0 -> random.nextLong(1L << 32);
          case 1 -> parentTime - random.nextLong(5_000);
          case 2 -> random.nextBoolean() ? 0 : 0xffff_ffffL;
          default -> parentTime + random.nextLong(25);
        };
    return Math.max(0, Math.min(0xffff_ffffL, time));
  }

  @ParameterizedTest
  @MethodSource("allRules")
  void requiredBits_trustedStart_isThatOfTheWholeChainOrEmpty(DifficultyRule rule) {
    HeaderRun whole = HeaderRun.ofGenesis(0, GENESIS_BITS);
    HeaderRun part = HeaderRun.startingAt(37);
    int known = 0;
    for (int height = 1; height < 200; height++) {
      long time = whole.time(height - 1) + (height * 7) % 19;
      int bits = rule.requiredBits(whole, time).orElseThrow();
      if (height > 37) {
        var answer = rule.requiredBits(part, time);
        known += answer.isPresent() ? 1 : 0;
        answer.ifPresent(partBits -> assertThat(partBits).isEqualTo(bits));
      }
      whole.add(time, bits);
      if (height >= 37) {
        part.add(time, bits);
      }
    }
    if (rule.equals(ASERT)) {
      assertThat(known).as("ASERT needs its anchor").isZero();
    } else {
      assertThat(known).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("allRules")
  void canonical_ofEachRule_isOneLineAndItsOwn(DifficultyRule rule) {
    assertThat(rule.canonical()).isPrintable();
    assertThat(allRules().stream().filter(r -> r.canonical().equals(rule.canonical()))).hasSize(1);
  }

  @Test
  void canonical_isStable() {
    assertThat(allRules().stream().map(DifficultyRule::canonical))
        .containsExactly(
            "epoch interval=10 block_time_s=10 max_change_levels=4"
                + " hardest=1b00ffff easiest=200fffff",
            "asert half_life_s=600 block_time_s=10 hardest=1b00ffff easiest=200fffff",
            "lwma window=60 block_time_s=10 hardest=1b00ffff easiest=200fffff",
            "fixed bits=1e0fffff",
            "bitcoin timespan_s=1209600 spacing_s=600 limit=1f00ffff min_difficulty=false",
            "bitcoin timespan_s=1209600 spacing_s=600 limit=1f00ffff min_difficulty=true");
  }

  @Test
  void canonical_localeWithOtherDigits_isTheSame() {
    Locale before = Locale.getDefault();
    List<String> expected = allRules().stream().map(DifficultyRule::canonical).toList();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(allRules().stream().map(DifficultyRule::canonical).toList()).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void fixed_notATarget_throws() {
    assertThatThrownBy(() -> new FixedDifficulty(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void epoch_firstRetarget_isAtHeightTwenty() {
    HeaderRun parents =
        HeaderRun.ofGenesis(0, GENESIS_BITS)
            .add(1_000_000, GENESIS_BITS)
            .addEvery(1, 17, 0x1e0fffff);
    assertThat(parents.tipHeight()).isEqualTo(18);
    assertThat(EPOCH.requiredBits(parents, 0)).hasValue(GENESIS_BITS);

    parents.addEvery(1, 1, GENESIS_BITS);

    // Ten gaps of a second against ninety seconds.
    assertThat(EPOCH.requiredBits(parents, 0)).hasValue(ratio(GENESIS_BITS, 10, 90));
  }

  @ParameterizedTest
  @CsvSource({"9, 90, 90", "10, 100, 90", "1, 10, 90", "0, 1, 90", "-5, 1, 90", "100, 1000, 90"})
  void epoch_evenGaps_scaleByNinety(long gap, int numerator, int denominator) {
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).add(1_000_000, GENESIS_BITS);
    parents.addEvery(gap, 28, GENESIS_BITS);

    assertThat(EPOCH.requiredBits(parents, 0))
        .hasValue(ratio(GENESIS_BITS, numerator, denominator));
  }

  @Test
  void epoch_betweenRetargets_keepsTheParentsBits() {
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).addEvery(3, 23, 0x1e0aaaaa);

    assertThat(EPOCH.requiredBits(parents, 0)).hasValue(0x1e0aaaaa);
  }

  @Test
  void epoch_hugeSpan_movesFourLevels() {
    Target old = Target.ofBits(0x1b00ffff);

    Target next = EPOCH.next(old, Long.MAX_VALUE);

    assertThat(next.toBigInteger()).isEqualTo(old.toBigInteger().shiftLeft(16));
  }

  @Test
  void epoch_hugeSpanNearTheLimit_stopsAtTheLimit() {
    assertThat(EPOCH.next(Target.ofBits(0x2000ffff), 0xffff_ffffL)).isEqualTo(LEVELS.easiest());
  }

  @Test
  void epoch_noSpanNearTheHardest_stopsThere() {
    assertThat(EPOCH.next(Target.ofBits(0x1b00ffff), -3)).isEqualTo(LEVELS.hardest());
  }

  @Test
  void epoch_noSpanOfLongBlocks_movesDownByMaxLevelsOnly() {
    EpochRetarget slow = new EpochRetarget(10, 600, 1, LEVELS);
    Target old = Target.ofBits(0x1e0ff000);

    assertThat(slow.next(old, 1).toBigInteger()).isEqualTo(old.toBigInteger().shiftRight(4));
    assertThat(slow.next(old, 1_000_000).toBigInteger()).isEqualTo(old.toBigInteger().shiftLeft(4));
  }

  @Test
  void epoch_parameters_areChecked() {
    assertThatThrownBy(() -> new EpochRetarget(1, 10, 4, LEVELS))
        .hasMessageContaining("interval in blocks outside 2..100000: 1");
    assertThatThrownBy(() -> new EpochRetarget(10, 0, 4, LEVELS))
        .hasMessageContaining("block time");
    assertThatThrownBy(() -> new EpochRetarget(10, 10, 17, LEVELS)).hasMessageContaining("17");
  }

  @Test
  void bitcoin_parameters_areChecked() {
    Target limit = LEVELS.easiest();
    assertThatThrownBy(() -> new BitcoinRetarget(600, 0, limit, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BitcoinRetarget(600, 600, limit, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BitcoinRetarget(1_000, 300, limit, false))
        .hasMessageContaining("1000 s");
    assertThatThrownBy(() -> new BitcoinRetarget(1L << 40, 2, limit, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1, 25", "25, 25", "30, 30", "400, 400", "401, 400"})
  void bitcoin_window_isClampedToAFactorOfFour(long took, long counted) {
    BitcoinRetarget rule = new BitcoinRetarget(100, 10, LEVELS.easiest(), false);

    assertThat(rule.next(GENESIS_BITS, took).bits()).isEqualTo(ratio(GENESIS_BITS, counted, 100));
  }

  @Test
  void bitcoin_targetOfOne_staysOne() {
    BitcoinRetarget rule = new BitcoinRetarget(100, 10, LEVELS.easiest(), false);

    assertThat(rule.next(0x01010000, 1).toBigInteger()).isEqualTo(BigInteger.ONE);
  }

  @Test
  void bitcoin_lateBlock_mayCarryTheLimitAndIsSkippedAfterwards() {
    int limit = 0x1d00ffff;
    BitcoinRetarget rule = new BitcoinRetarget(100, 10, Target.ofBits(limit), true);
    HeaderRun parents = HeaderRun.startingAt(20).add(0, 0x1c03f65b).add(10, 0x1c03f65b);

    assertThat(rule.requiredBits(parents, 30)).as("twenty seconds").hasValue(0x1c03f65b);
    assertThat(rule.requiredBits(parents, 31)).as("later").hasValue(limit);
    parents.add(31, limit).add(60, limit);
    assertThat(rule.requiredBits(parents, 61)).as("back to ordinary").hasValue(0x1c03f65b);
  }

  @Test
  void bitcoin_exceptionsDownToTheRetarget_giveItsBits() {
    int limit = 0x1d00ffff;
    BitcoinRetarget rule = new BitcoinRetarget(100, 10, Target.ofBits(limit), true);
    HeaderRun parents = HeaderRun.startingAt(19).add(0, 0x1c03f65b).add(10, limit).add(40, limit);

    assertThat(rule.requiredBits(parents, 41)).hasValue(limit);
  }

  @Test
  void bitcoin_windowBelowTheTrustedStart_isUnchecked() {
    BitcoinRetarget rule = new BitcoinRetarget(100, 10, LEVELS.easiest(), false);
    HeaderRun parents = HeaderRun.startingAt(21).add(0, GENESIS_BITS);
    parents.addEvery(10, 8, GENESIS_BITS);

    assertThat(rule.requiredBits(parents, 0)).as("height 30").isEmpty();
    parents.addEvery(10, 10, GENESIS_BITS);
    assertThat(rule.requiredBits(parents, 0)).as("height 40").isPresent();
  }

  @Test
  void bitcoin_exceptionsDownToTheTrustedStart_areUnchecked() {
    int limit = 0x1d00ffff;
    BitcoinRetarget rule = new BitcoinRetarget(100, 10, Target.ofBits(limit), true);
    HeaderRun parents = HeaderRun.startingAt(23).add(0, limit).add(30, limit);

    assertThat(rule.requiredBits(parents, 31)).isEmpty();
  }

  @Test
  void asert_onSchedule_keepsTheAnchorsTarget() {
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).add(5_000, GENESIS_BITS);
    parents.addEvery(10, 500, GENESIS_BITS);

    assertThat(ASERT.requiredBits(parents, 0)).hasValue(GENESIS_BITS);
  }

  @ParameterizedTest
  @CsvSource({"600, 1", "1200, 2", "-600, -1", "-2400, -4"})
  void asert_wholeHalfLives_doubleTheTarget(long drift, int doublings) {
    Target anchor = Target.ofBits(0x1d100000);

    Target next = ASERT.next(anchor, drift + 10, 0);

    BigInteger expected =
        doublings > 0
            ? anchor.toBigInteger().shiftLeft(doublings)
            : anchor.toBigInteger().shiftRight(-doublings);
    assertThat(next.toBigInteger()).isEqualTo(expected);
  }

  @Test
  void asert_negativeFractionOfAnExponent_truncatesTowardZero() {
    // A drift of -1 s at a half-life of 2^17 s is an exponent of -1/2: zero, not -1.
    AsertRule rule = new AsertRule(1 << 17, 10, LEVELS);
    Target anchor = Target.ofBits(0x1d7fffff);

    assertThat(rule.next(anchor, 9, 0)).isEqualTo(anchor);
  }

  @Test
  void asert_outrageousDrift_stopsAtTheEnds() {
    AsertRule rule = new AsertRule(1, 1_000_000, LEVELS);
    Target anchor = Target.ofBits(GENESIS_BITS);

    assertThat(rule.next(anchor, 0xffff_ffffL, 0)).isEqualTo(LEVELS.easiest());
    assertThat(rule.next(anchor, 0, Integer.MAX_VALUE)).isEqualTo(LEVELS.hardest());
  }

  @Test
  void asert_doubleArithmetic_agreesWithinTheSpecifiedError() {
    SeededRun.of(2_000, 4_000)
        .check(
            (random, size) -> {
              long drift = random.nextLong(-size, size + 1);
              Target anchor = Target.ofBits(0x1d00ffff | random.nextInt(0x7f00) << 8);
              double expected = anchor.toBigInteger().doubleValue() * Math.pow(2, drift / 600.0);
              double actual = ASERT.next(anchor, drift + 10, 0).toBigInteger().doubleValue();
              // 0.013 % of the polynomial, 2^-16 of the fixed point, 2^-15 of compact bits.
              assertThat(actual / expected).isBetween(1 - 2.5e-4, 1 + 2.5e-4);
            });
  }

  @Test
  void asert_parameters_areChecked() {
    assertThatThrownBy(() -> new AsertRule(0, 10, LEVELS)).hasMessageContaining("half-life");
    assertThatThrownBy(() -> new AsertRule(600, 0, LEVELS)).hasMessageContaining("block time");
  }

  @Test
  void lwma_windowNotFull_keepsGenesisBits() {
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).addEvery(1, 60, GENESIS_BITS);
    assertThat(LWMA.requiredBits(parents, 0)).hasValue(GENESIS_BITS);

    parents.addEvery(1, 1, GENESIS_BITS);

    assertThat(LWMA.requiredBits(parents, 0)).hasValue(ratio(GENESIS_BITS, 1, 10));
  }

  @Test
  void lwma_evenGaps_scaleByTheBlockTime() {
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).addEvery(13, 80, GENESIS_BITS);

    assertThat(LWMA.requiredBits(parents, 0)).hasValue(ratio(GENESIS_BITS, 13, 10));
  }

  @Test
  void lwma_longGaps_countAsSixBlockTimes() {
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).addEvery(10_000, 80, GENESIS_BITS);

    assertThat(LWMA.requiredBits(parents, 0)).hasValue(ratio(GENESIS_BITS, 6, 1));
  }

  @Test
  void lwma_timesRunningBackwards_countAsASecond() {
    HeaderRun parents =
        HeaderRun.ofGenesis(0, GENESIS_BITS)
            .add(1_000_000, GENESIS_BITS)
            .addEvery(-9, 80, GENESIS_BITS);

    assertThat(LWMA.requiredBits(parents, 0)).hasValue(ratio(GENESIS_BITS, 1, 10));
  }

  @Test
  void lwma_recentGap_weighsMost() {
    LwmaRule rule = new LwmaRule(3, 10, LEVELS);
    HeaderRun parents = HeaderRun.ofGenesis(0, GENESIS_BITS).add(100, GENESIS_BITS);
    parents.add(110, GENESIS_BITS).add(115, GENESIS_BITS).add(147, GENESIS_BITS);

    // (1*10 + 2*5 + 3*32) / (6 * 10)
    assertThat(rule.requiredBits(parents, 0)).hasValue(ratio(GENESIS_BITS, 116, 60));
  }

  @Test
  void lwma_parameters_areChecked() {
    assertThatThrownBy(() -> new LwmaRule(1, 10, LEVELS)).hasMessageContaining("window");
    assertThatThrownBy(() -> new LwmaRule(60, 0, LEVELS)).hasMessageContaining("block time");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 200fffff", "2, 2000ffff", "3, 1f0fffff", "4, 1f00ffff", "5, 1e0fffff", "6, 1e00ffff",
    "7, 1d0fffff", "8, 1d00ffff", "9, 1c0fffff", "10, 1c00ffff", "11, 1b0fffff", "12, 1b00ffff"
  })
  void targetOfLevel_ofTheTable_hasThoseBits(int level, String bits) {
    Target target = TargetRange.targetOfLevel(level);

    assertThat(Integer.toHexString(target.bits())).isEqualTo(bits);
    assertThat(target.work().level()).isEqualTo(level);
  }

  @Test
  void targetOfLevel_everyLevel_isReportedAsItself() {
    for (int level = 1; level <= TargetRange.MAX_LEVEL; level++) {
      assertThat(TargetRange.targetOfLevel(level).work().level()).isEqualTo(level);
    }
  }

  @Test
  void targetOfLevel_outside_throws() {
    assertThatThrownBy(() -> TargetRange.targetOfLevel(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> TargetRange.targetOfLevel(61)).hasMessageContaining("61");
  }

  @Test
  void targetRange_upsideDown_throws() {
    assertThatThrownBy(() -> TargetRange.ofLevels(5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("easier");
  }

  private static int ratio(int bits, long numerator, long denominator) {
    return Target.ofValue(
            Target.ofBits(bits)
                .toBigInteger()
                .multiply(BigInteger.valueOf(numerator))
                .divide(BigInteger.valueOf(denominator)))
        .bits();
  }
}
