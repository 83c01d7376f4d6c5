package org.chaincore.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;

/** Trees that grow from a header which is taken at its word. */
class TrustedStartTest {
  private static final ChainParams PARAMS = TestHeaders.network().build();
  private static final BlockHeader GENESIS = PARAMS.genesis().header();
  private static final long NOW = TestHeaders.GENESIS_TIME + 10_000;

  private static HeaderNode added(HeaderTree to, BlockHeader header) {
    HeaderOutcome outcome = to.accept(header, NOW);
    assertThat(outcome).isInstanceOf(HeaderOutcome.Added.class);
    return ((HeaderOutcome.Added) outcome).node();
  }

  private static HeaderNode grow(HeaderTree tree, HeaderNode from, int count) {
    HeaderNode node = from;
    for (int i = 0; i < count; i++) {
      node = added(tree, TestHeaders.child(node.header(), 0));
    }
    return node;
  }

  private static void assertRefused(HeaderTree by, BlockHeader header, RejectionCode code) {
    HeaderOutcome outcome = by.accept(header, NOW);
    assertThat(outcome).isInstanceOf(HeaderOutcome.Refused.class);
    assertThat(((HeaderOutcome.Refused) outcome).rejection().code()).isEqualTo(code);
  }

  private static BlockHeader at(HeaderNode parent, long time) {
    return TestHeaders.child(parent.header(), 9, time, TestHeaders.EASY);
  }

  @Test
  void startingAt_aTrustedHeader_hasItsHeightAndWork() {
    BlockHeader trusted = TestHeaders.child(GENESIS, 1);
    HeaderTree above = HeaderTree.startingAt(PARAMS, trusted, 500);

    HeaderNode node = added(above, TestHeaders.child(trusted, 2));
    assertThat(node.height()).isEqualTo(501);
    assertThat(node.ancestor(500)).isSameAs(above.root());
    assertThat(node.ancestor(499)).isNull();
    assertThat(node.chainWork().toBigInteger()).isEqualTo(4);
    assertThat(above.accept(TestHeaders.mined(GENESIS), NOW))
        .isEqualTo(new HeaderOutcome.Unconnected(Hash256.ZERO));
  }

  @Test
  void startingAt_genesisOrBelowIt_isRefused() {
    assertThatThrownBy(() -> HeaderTree.startingAt(PARAMS, GENESIS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("not at 0");
  }

  @Test
  void startingAt_bitsThatAreNoTarget_isRefused() {
    BlockHeader header = BlockHeader.of(4, Hash256.ZERO, Hash256.ZERO, 1, 0, 0);

    assertThatThrownBy(() -> HeaderTree.startingAt(PARAMS, header, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a target: bits 00000000");
  }

  @Test
  void startingAt_aCheckpointedHeight_takesTheCheckpointOnly() {
    BlockHeader trusted = TestHeaders.child(GENESIS, 1);
    ChainParams params = TestHeaders.network().checkpoint(500, trusted.hash()).build();

    assertThat(HeaderTree.startingAt(params, trusted, 500).root().height()).isEqualTo(500);
    assertThatThrownBy(() -> HeaderTree.startingAt(params, TestHeaders.child(GENESIS, 2), 500))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("where the checkpoint is " + trusted.hash());
  }

  @Test
  void startingAt_aTrustedHeader_judgesTheMedianOnceItsWindowIsKnown() {
    BlockHeader trusted = TestHeaders.child(GENESIS, 1);
    HeaderTree above = HeaderTree.startingAt(PARAMS, trusted, 500);
    HeaderNode tip = above.root();
    // Of a window of eleven ten may have been mined before the trusted one, at earlier times.
    for (int i = 1; i <= 10; i++) {
      tip = added(above, at(tip, trusted.time() - 100));
    }
    assertThat(tip.height()).isEqualTo(510);

    assertRefused(above, at(tip, trusted.time() - 100), RejectionCode.TIME_TOO_OLD);
    added(above, at(tip, trusted.time() - 99));
  }

  @Test
  void startingAt_aTrustedHeader_countsRetargetsThatLookBelow() {
    Target limit = Target.ofBits(TestHeaders.EASY);
    ChainParams params =
        TestHeaders.network()
            .work(limit, new BitcoinRetarget(10, 1, limit, false))
            .time(new TimeRules(1, 11, 60))
            .build();
    HeaderTree above = HeaderTree.startingAt(params, TestHeaders.child(GENESIS, 1), 105);
    HeaderNode tip = grow(above, above.root(), 14);

    assertThat(tip.height()).isEqualTo(119);
    assertThat(above.unchecked()).isEqualTo(1);
    // The next retarget has its whole window and is judged.
    assertRefused(
        above,
        TestHeaders.child(tip.header(), 1, tip.header().time() + 1, TestHeaders.HEAVY),
        RejectionCode.BAD_DIFFICULTY);
    assertThat(above.unchecked()).isEqualTo(1);
  }

  @Test
  void ancestry_outsideTheKnownHeights_throws() {
    HeaderTree above = HeaderTree.startingAt(PARAMS, TestHeaders.child(GENESIS, 1), 500);
    HeaderNode tip = grow(above, above.root(), 5);
    NodeAncestry ancestry = new NodeAncestry(above.root()).on(tip);

    assertThat(ancestry.firstHeight()).isEqualTo(500);
    assertThat(ancestry.tipHeight()).isEqualTo(505);
    assertThat(ancestry.time(502)).isEqualTo(above.root().header().time() + 2);
    assertThat(ancestry.time(505)).isEqualTo(tip.header().time());
    assertThat(ancestry.bits(500)).isEqualTo(TestHeaders.EASY);
    assertThatThrownBy(() -> ancestry.time(499))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("height 499 outside 500..505");
    assertThatThrownBy(() -> ancestry.bits(506)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
