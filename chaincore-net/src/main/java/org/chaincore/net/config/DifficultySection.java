package org.chaincore.net.config;

import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.LwmaRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.value.Target;

/**
 * The difficulty rule of a network and the easiest target. The block time that a rule aims at is
 * the network's, so that the two cannot differ.
 */
final class DifficultySection {
  private static final int DEFAULT_HALF_LIFE_BLOCKS = 60;
  private static final int DEFAULT_EPOCH_BLOCKS = 10;
  private static final int DEFAULT_LEVELS = 4;
  private static final int MAX_BLOCKS = 100_000;
  private static final int BITCOIN_BLOCKS = 2_016;

  private final TimeRules time;

  DifficultySection(TimeRules time) {
    this.time = time;
  }

  /** The rules that come with the library. */
  private enum Rule {
    EPOCH,
    ASERT,
    LWMA,
    BITCOIN,
    FIXED
  }

  /** Compact bits that are a target. */
  static int bits(Section in, String name) {
    return in.requiredText(name, "compact bits, 8 hex digits that are a target", hex -> bits(hex));
  }

  private static int bits(String hex) {
    if (!hex.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException(hex);
    }
    int bits = Integer.parseUnsignedInt(hex, 16);
    // Also not one that says a target in other bits than everybody does.
    if (Target.ofBits(bits).bits() != bits) {
      throw new IllegalArgumentException(hex);
    }
    return bits;
  }

  /** Where none is named, the network has the rule of the chaincore network. */
  void read(Section in, ChainParams.Builder network) {
    in.section("difficulty").ifPresent(one -> one.whole(section -> rule(section, network)));
  }

  private boolean rule(Section in, ChainParams.Builder network) {
    Rule kind =
        in.choice("rule", Rule.class).orElseThrow(() -> in.missing("rule", "the name of a rule"));
    DifficultyRule rule =
        switch (kind) {
          case EPOCH ->
              new EpochRetarget(
                  in.integer("interval_blocks", 2, MAX_BLOCKS, DEFAULT_EPOCH_BLOCKS),
                  time.targetBlockSeconds(),
                  in.integer("max_change_levels", 1, 16, DEFAULT_LEVELS),
                  range(in));
          case ASERT ->
              new AsertRule(
                  in.integer(
                      "half_life_seconds",
                      1,
                      1 << 30,
                      DEFAULT_HALF_LIFE_BLOCKS * time.targetBlockSeconds()),
                  time.targetBlockSeconds(),
                  range(in));
          case LWMA ->
              new LwmaRule(
                  in.integer("window_blocks", 2, 10_000, LwmaRule.DEFAULT_WINDOW_BLOCKS),
                  time.targetBlockSeconds(),
                  range(in));
          case BITCOIN -> bitcoin(in);
          case FIXED -> new FixedDifficulty(bits(in, "bits"));
        };
    network.work(rule.easiestTarget().orElseThrow(), rule);
    return true;
  }

  private static TargetRange range(Section in) {
    Target hardest = Target.ofBits(bits(in, "hardest"));
    Target easiest = Target.ofBits(bits(in, "easiest"));
    return in.together(() -> new TargetRange(hardest, easiest));
  }

  private DifficultyRule bitcoin(Section in) {
    long spacing = time.targetBlockSeconds();
    long most = Math.min(MAX_BLOCKS, Integer.MAX_VALUE / spacing);
    long blocks = in.number("interval_blocks", 2, most, Math.min(most, BITCOIN_BLOCKS));
    return new BitcoinRetarget(
        blocks * spacing,
        spacing,
        Target.ofBits(bits(in, "easiest")),
        in.flag("allow_min_difficulty_blocks", false));
  }
}
