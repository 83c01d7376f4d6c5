package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.pow.Ancestry;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.LwmaRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** Weighing chains of headers, and who may send them. */
final class LowWorkChainTest {
  private static final long NOW = TestHeaders.GENESIS_TIME + 1_000_000;
  private static final TargetRange RANGE =
      new TargetRange(Target.ofBits(0x1f00ffff), Target.ofBits(TestHeaders.EASY));

  private static ChainParams network(DifficultyRule rule) {
    return TestHeaders.network().work(Target.ofBits(TestHeaders.EASY), rule).build();
  }

  /** Headers that keep the rule, so many seconds apart. */
  private static List<BlockHeader> grow(HeaderTree tree, int count, int gapSeconds) {
    List<BlockHeader> headers = new ArrayList<>();
    HeaderNode tip = tree.heaviest();
    for (int i = 0; i < count; i++) {
      HeaderNode below = tip;
      long time = tip.header().time() + gapSeconds;
      int bits =
          tree.params()
              .work()
              .difficulty()
              .requiredBits(
                  new Ancestry() {
                    @Override
                    public int tipHeight() {
                      return below.height();
                    }

                    @Override
                    public int firstHeight() {
                      return 0;
                    }

                    @Override
                    public long time(int height) {
                      return node(below, height).header().time();
                    }

                    @Override
                    public int bits(int height) {
                      return node(below, height).header().bits();
                    }
                  },
                  time)
              .orElse(TestHeaders.EASY);
      BlockHeader header = TestHeaders.child(tip.header(), 1, time, bits);
      HeaderOutcome outcome = tree.accept(header, NOW);
      assertThat(outcome).isInstanceOf(HeaderOutcome.Added.class);
      tip = ((HeaderOutcome.Added) outcome).node();
      headers.add(header);
    }
    return headers;
  }

  private static HeaderNode node(HeaderNode tip, int height) {
    HeaderNode node = tip.ancestor(height);
    if (node == null) {
      throw new IndexOutOfBoundsException("height " + height);
    }
    return node;
  }

  private static LowWorkChain above(HeaderTree tree, HeaderNode fork, Work needed) {
    return new LowWorkChain(tree.params(), fork, needed, new SplittableRandom(1), NOW);
  }

  @Test
  void take_headersThatKeepTheRule_agreesWithTheTree() {
    List<DifficultyRule> rules =
        List.of(
            new EpochRetarget(10, 10, 4, RANGE),
            new LwmaRule(60, 10, RANGE),
            new AsertRule(600, 10, RANGE));
    for (DifficultyRule rule : rules) {
      HeaderTree tree = HeaderTree.of(network(rule));
      List<BlockHeader> headers = grow(tree, 400, 11);
      for (int forkHeight : new int[] {0, 1, 2, 150}) {
        HeaderNode fork = node(tree.heaviest(), forkHeight);
        List<BlockHeader> rest = headers.subList(forkHeight, 400);
        LowWorkChain chain = above(tree, fork, tree.heaviest().chainWork());
        assertThat(chain.take(rest, true, NOW)).isEqualTo(LowWorkChain.Next.ASK_ON);
        assertThat(chain.isSecondPass()).as(rule.canonical()).isTrue();
        assertThat(chain.take(rest, false, NOW)).isEqualTo(LowWorkChain.Next.SHOWN);
        assertThat(chain.released()).isEqualTo(rest);

        BlockHeader wrong =
            TestHeaders.child(rest.get(99), 5, rest.get(99).time() + 11, TestHeaders.HEAVY);
        LowWorkChain lying = above(tree, fork, Work.ofWords(0, 0, 0, 1));
        List<BlockHeader> spoiled = new ArrayList<>(rest.subList(0, 100));
        spoiled.add(wrong);
        assertThat(lying.take(spoiled, true, NOW)).isEqualTo(LowWorkChain.Next.FAULT);
        assertThat(lying.fault()).contains("the rule demands");
      }
    }
  }

  @Test
  void take_timesThatCannotBe_isAFaultOrTheEnd() {
    HeaderTree tree = HeaderTree.of(TestHeaders.network().build());
    List<BlockHeader> headers = grow(tree, 20, 1);
    BlockHeader last = headers.get(19);
    LowWorkChain old = above(tree, tree.root(), Work.ofWords(0, 0, 0, 1));
    List<BlockHeader> backwards = new ArrayList<>(headers);
    backwards.add(TestHeaders.child(last, 1, headers.get(10).time(), TestHeaders.EASY));
    assertThat(old.take(backwards, true, NOW)).isEqualTo(LowWorkChain.Next.FAULT);
    assertThat(old.fault()).contains("median");
    LowWorkChain early = above(tree, tree.root(), Work.ofWords(0, 0, 0, 1));
    List<BlockHeader> ahead = new ArrayList<>(headers);
    ahead.add(TestHeaders.child(last, 1, NOW + 1_000_000, TestHeaders.EASY));
    assertThat(early.take(ahead, true, NOW)).isEqualTo(LowWorkChain.Next.GIVE_UP);
  }

  @Test
  void take_aLongSecondPass_releasesOnlyBehindTheBuffer() {
    HeaderTree tree = HeaderTree.of(TestHeaders.network().build());
    List<BlockHeader> headers = grow(tree, 6_000, 1);
    LowWorkChain chain = above(tree, tree.root(), tree.heaviest().chainWork());
    for (int from = 0; from < 6_000; from += 2_000) {
      chain.take(headers.subList(from, from + 2_000), true, NOW);
      assertThat(chain.released()).isEmpty();
    }
    chain.take(headers.subList(0, 2_000), true, NOW);
    assertThat(chain.released()).isEmpty();
    assertThat(chain.locator().hashes().get(0)).isEqualTo(headers.get(1_999).hash());
    chain.take(headers.subList(2_000, 4_000), true, NOW);
    assertThat(chain.released()).hasSize(4_000 - LowWorkChain.BUFFER_HEADERS);
    assertThat(chain.buffered()).isEqualTo(LowWorkChain.BUFFER_HEADERS);
    assertThat(chain.take(headers.subList(4_000, 6_000), false, NOW))
        .isEqualTo(LowWorkChain.Next.SHOWN);
    assertThat(chain.buffered()).isZero();
    // A bit for each 32 headers.
    assertThat(chain.commitmentBytes()).isEqualTo(64);
  }

  @Test
  void take_aSecondPassThatEnds_isGivenUp() {
    HeaderTree tree = HeaderTree.of(TestHeaders.network().build());
    List<BlockHeader> headers = grow(tree, 100, 1);
    LowWorkChain chain = above(tree, tree.root(), tree.heaviest().chainWork());
    chain.take(headers, false, NOW);
    assertThat(chain.isSecondPass()).isTrue();
    assertThat(chain.take(headers.subList(0, 50), false, NOW)).isEqualTo(LowWorkChain.Next.GIVE_UP);
  }

  @Test
  void time_ofAHeightThatIsForgotten_isToldApart() {
    HeaderTree tree = HeaderTree.of(TestHeaders.network().build());
    WindowAncestry ancestry = new WindowAncestry(tree.root());
    for (int i = 1; i <= WindowAncestry.WINDOW + 10; i++) {
      ancestry.add(i, i);
    }
    assertThat(ancestry.firstHeight()).isZero();
    assertThat(ancestry.time(0)).isEqualTo(TestHeaders.GENESIS_TIME);
    assertThat(ancestry.time(1)).isEqualTo(1);
    assertThat(ancestry.bits(2)).isEqualTo(2);
    assertThat(ancestry.bits(11)).isEqualTo(11);
    assertThatThrownBy(() -> ancestry.time(10)).isInstanceOf(WindowAncestry.Forgotten.class);
    assertThatThrownBy(() -> ancestry.time(WindowAncestry.WINDOW + 11))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .isNotInstanceOf(WindowAncestry.Forgotten.class);
    assertThatThrownBy(() -> ancestry.time(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Looks at a header that no window keeps. */
  private record FarSighted() implements DifficultyRule {
    @Override
    public OptionalInt requiredBits(Ancestry parents, long time) {
      return OptionalInt.of(parents.bits(Math.min(5, parents.tipHeight())));
    }

    @Override
    public String canonical() {
      return "far";
    }
  }

  @Test
  void take_aRuleThatLooksTooFarBack_leavesItsHeadersToTheTree() {
    HeaderTree tree = HeaderTree.of(network(new FarSighted()));
    List<BlockHeader> headers = grow(tree, 4_200, 1);
    LowWorkChain chain = above(tree, tree.root(), tree.heaviest().chainWork());
    assertThat(chain.take(headers, false, NOW)).isEqualTo(LowWorkChain.Next.ASK_ON);
    assertThat(chain.isSecondPass()).isTrue();
  }

  @Test
  void take_ofTurns_opensPlacesAsTimeGoesByAndTakesThemBackInTheEnd() {
    BulkTurns turns = new BulkTurns();
    assertThat(turns.first()).isNull();
    assertThat(turns.take(new PeerId(1), 0)).isTrue();
    assertThat(turns.take(new PeerId(1), 0)).isTrue();
    assertThat(turns.take(new PeerId(2), 0)).isFalse();
    for (int i = 2; i <= BulkTurns.MAX_PLACES; i++) {
      assertThat(turns.take(new PeerId(i), (i - 1) * BulkTurns.OPENING_MILLIS)).isTrue();
    }
    long later = 100 * BulkTurns.OPENING_MILLIS;
    assertThat(turns.take(new PeerId(9), later)).isFalse();
    assertThat(turns.toMakeRoom(later)).isEqualTo(new PeerId(1));
    turns.giveBack(new PeerId(1));
    assertThat(turns.toMakeRoom(later)).isNull();
    assertThat(turns.take(new PeerId(9), later)).isTrue();
    // The next has twice as long.
    long taken = 2 * BulkTurns.FIRST_PATIENCE_MILLIS;
    turns.progressed(later);
    assertThat(turns.toMakeRoom(later + BulkTurns.FIRST_PATIENCE_MILLIS)).isEqualTo(new PeerId(2));
    assertThat(turns.toMakeRoom(later + taken - 1)).isNull();
    assertThat(turns.toMakeRoom(later + taken)).isEqualTo(new PeerId(2));
    assertThat(turns.first()).isEqualTo(new PeerId(2));
  }
}
