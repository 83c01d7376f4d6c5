package org.chaincore.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.Activations;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTreeTest {
  private static final ChainParams PARAMS = TestHeaders.network().build();
  private static final BlockHeader GENESIS = PARAMS.genesis().header();
  private static final long NOW = TestHeaders.GENESIS_TIME + 10_000;

  private final HeaderTree tree = HeaderTree.of(PARAMS);

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

  private static Rejection refused(HeaderTree by, BlockHeader header) {
    int before = by.size();
    HeaderOutcome outcome = by.accept(header, NOW);
    assertThat(outcome).isInstanceOf(HeaderOutcome.Refused.class);
    assertThat(by.size()).isEqualTo(before);
    return ((HeaderOutcome.Refused) outcome).rejection();
  }

  private static void assertRefused(HeaderTree by, BlockHeader header, RejectionCode code) {
    assertThat(refused(by, header).code()).isEqualTo(code);
  }

  @Test
  void accept_ofAGoodHeader_addsItOnTopOfItsParent() {
    HeaderNode node = added(tree, TestHeaders.child(GENESIS, 1));

    assertThat(node.height()).isEqualTo(1);
    assertThat(node.parent()).isSameAs(tree.root());
    assertThat(node.chainWork().toBigInteger()).isEqualTo(4);
    assertThat(tree.find(node.hash())).contains(node);
    assertThat(tree.size()).isEqualTo(2);
    assertThat(tree.params()).isSameAs(PARAMS);
    assertThat(node.hasBody()).isFalse();
    assertThat(tree.root().hasBody()).isTrue();
  }

  @Test
  void accept_ofAKnownHeader_findsIt() {
    HeaderNode node = added(tree, TestHeaders.child(GENESIS, 1));

    assertThat(tree.accept(node.header(), 0)).isEqualTo(new HeaderOutcome.Known(node));
    assertThat(tree.accept(GENESIS, 0)).isEqualTo(new HeaderOutcome.Known(tree.root()));
    assertThat(tree.size()).isEqualTo(2);
  }

  @Test
  void accept_ofAnInvalidHeader_isRefusedAsKnown() {
    HeaderNode node = added(tree, TestHeaders.child(GENESIS, 1));
    HeaderNode child = added(tree, TestHeaders.child(node.header(), 1));
    tree.markInvalid(node);

    assertRefused(tree, node.header(), RejectionCode.KNOWN_INVALID);
    assertRefused(tree, child.header(), RejectionCode.KNOWN_INVALID);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x01800001, 0x21010000, 0x20ffffff, 0x23000001})
  void accept_ofBitsThatAreNoTarget_isRefused(int bits) {
    BlockHeader header = BlockHeader.of(4, GENESIS.hash(), Hash256.ZERO, NOW, bits, 0);

    assertRefused(tree, header, RejectionCode.BAD_BITS);
    assertThat(tree.checkProofOfWork(header).map(Rejection::code)).contains(RejectionCode.BAD_BITS);
  }

  @Test
  void accept_ofATargetEasierThanTheLimit_isRefused() {
    ChainParams harder =
        TestHeaders.anyWork()
            .genesis("harder", TestHeaders.GENESIS_TIME, TestHeaders.HEAVY)
            .work(
                Target.ofBits(TestHeaders.HEAVY), TestHeaders.anyWork().build().work().difficulty())
            .build();
    HeaderTree heavy = HeaderTree.of(harder);
    BlockHeader header = TestHeaders.child(heavy.root().header(), 1);

    assertThat(refused(heavy, header))
        .hasToString("bad-bits: bits 207fffff are easier than the limit 201fffff");
  }

  @Test
  void accept_ofAHashAboveTheTarget_isRefused() {
    BlockHeader header = TestHeaders.unmined(TestHeaders.child(GENESIS, 1));

    assertRefused(tree, header, RejectionCode.HIGH_HASH);
    assertThat(tree.checkProofOfWork(header).map(Rejection::code))
        .contains(RejectionCode.HIGH_HASH);
    assertThat(tree.checkProofOfWork(TestHeaders.mined(header))).isEmpty();
  }

  @Test
  void accept_ofAnUnknownParent_namesIt() {
    BlockHeader first = TestHeaders.child(GENESIS, 1);
    BlockHeader second = TestHeaders.child(first, 1);

    assertThat(tree.accept(second, NOW)).isEqualTo(new HeaderOutcome.Unconnected(first.hash()));
    assertThat(tree.size()).isEqualTo(1);
  }

  @Test
  void accept_onAnInvalidParent_isRefused() {
    HeaderNode node = added(tree, TestHeaders.child(GENESIS, 1));
    BlockHeader child = TestHeaders.child(node.header(), 1);
    tree.markInvalidatedByHost(node);

    assertRefused(tree, child, RejectionCode.INVALID_PARENT);
    tree.clearInvalid(node, cleared -> {});
    added(tree, child);
  }

  @Test
  void accept_ofOtherBitsThanDemanded_isRefused() {
    BlockHeader header = TestHeaders.child(GENESIS, 1, GENESIS.time() + 1, TestHeaders.HEAVY);

    assertThat(refused(tree, header))
        .hasToString("bad-diffbits: bits 201fffff, the rule demands 207fffff");
  }

  @Test
  void accept_ofATimeNotAfterTheMedian_isRefused() {
    HeaderNode tip = grow(tree, tree.root(), 10);
    // Eleven headers of times 0 to 10: the median is 5.
    long median = TestHeaders.GENESIS_TIME + 5;

    assertThat(tip.medianTimePast(11)).isEqualTo(median);
    assertRefused(tree, at(tip, median), RejectionCode.TIME_TOO_OLD);
    assertRefused(tree, at(tip, median - 1), RejectionCode.TIME_TOO_OLD);
    added(tree, at(tip, median + 1));
  }

  @Test
  void accept_onAYoungChain_takesTheMedianOfThoseThereAre() {
    assertRefused(tree, at(tree.root(), GENESIS.time()), RejectionCode.TIME_TOO_OLD);
    HeaderNode first = added(tree, at(tree.root(), GENESIS.time() + 10));
    // Of two times the later counts.
    assertRefused(tree, at(first, GENESIS.time() + 10), RejectionCode.TIME_TOO_OLD);
    added(tree, at(first, GENESIS.time() + 11));
  }

  private static BlockHeader at(HeaderNode parent, long time) {
    return TestHeaders.child(parent.header(), 9, time, TestHeaders.EASY);
  }

  @Test
  void accept_ofATimeTooFarAhead_isRefusedUntilItComes() {
    BlockHeader header = at(tree.root(), NOW + 61);

    assertRefused(tree, header, RejectionCode.TIME_TOO_NEW);
    assertThat(tree.accept(header, NOW + 1)).isInstanceOf(HeaderOutcome.Added.class);
    added(tree, at(tree.root(), NOW + 60));
  }

  @Test
  void accept_ofAVersionBelowTheDemanded_isRefused() {
    HeaderTree aging =
        HeaderTree.of(TestHeaders.network().activations(new Activations(1, 2, 3)).build());
    HeaderNode tip = aging.root();
    for (int height = 1; height <= 4; height++) {
      int least = Math.min(4, height + 1);
      assertRefused(aging, version(tip, least - 1), RejectionCode.BAD_VERSION);
      assertRefused(aging, version(tip, -1), RejectionCode.BAD_VERSION);
      added(aging, version(tip, 0x2000_0000));
      tip = added(aging, version(tip, least));
    }
  }

  private static BlockHeader version(HeaderNode parent, int version) {
    BlockHeader h = TestHeaders.child(parent.header(), 1);
    return TestHeaders.mined(
        BlockHeader.of(version, h.previous(), h.merkleRoot(), h.time(), h.bits(), 0));
  }

  @Test
  void accept_ofDeepSideHeadersBeyondTheRoom_isRefused() {
    HeaderTree small = HeaderTree.withRoom(PARAMS, 2);
    HeaderNode tip = grow(small, small.root(), HeaderTree.NEAR_FORK_BLOCKS + 1);
    HeaderNode near = Objects.requireNonNull(tip.ancestor(1));
    HeaderNode first = grow(small, added(small, TestHeaders.child(small.root().header(), 9)), 1);

    assertThat(refused(small, TestHeaders.child(first.header(), 3)))
        .hasToString("too-many-headers: more than 2 headers off the heaviest chain");
    assertThat(small.accept(first.header(), NOW)).isInstanceOf(HeaderOutcome.Known.class);
    assertThat(small.accept(TestHeaders.child(near.header(), 4), NOW))
        .as("a fork near the heaviest tip")
        .isInstanceOf(HeaderOutcome.Added.class);
    assertThat(small.accept(TestHeaders.child(tip.header(), 5), NOW))
        .as("the heaviest chain itself")
        .isInstanceOf(HeaderOutcome.Added.class);
  }

  @Test
  void heaviest_ofMarksAndTakeBacks_isTheValidOneOfMostWork() {
    HeaderTree tree = HeaderTree.of(PARAMS);
    HeaderNode four = grow(tree, tree.root(), 4);
    HeaderNode one = Objects.requireNonNull(four.ancestor(1));
    HeaderNode three = grow(tree, added(tree, TestHeaders.child(one.header(), 9)), 1);
    HeaderNode below = Objects.requireNonNull(four.parent());
    assertThat(tree.heaviest()).isSameAs(four);

    tree.markInvalid(four);
    assertThat(tree.heaviest()).as("the first of equal work").isSameAs(below);
    tree.markInvalidatedByHost(below);
    assertThat(tree.heaviest()).isSameAs(three);
    tree.clearInvalid(four, cleared -> {});
    assertThat(tree.heaviest()).isSameAs(four);
    HeaderNode five = grow(tree, four, 1);
    assertThat(tree.heaviest()).isSameAs(five);
    tree.takeBack(five);
    assertThat(tree.heaviest()).isSameAs(four);
  }

  /** Each header has this fault and all those that are looked for after it. */
  @Test
  void accept_ofManyFaults_namesTheFirstInTheOrderOfTheChecks() {
    ChainParams params = TestHeaders.network().checkpoint(1, Hash256.ZERO).build();
    HeaderTree full = HeaderTree.of(params);
    long old = GENESIS.time();
    Hash256 nowhere = Hash256.ofWords(1, 1, 1, 1);

    assertRefused(full, faulty(nowhere, 0x20ffffff, old, 0), RejectionCode.BAD_BITS);
    assertRefused(
        full,
        TestHeaders.unmined(faulty(nowhere, TestHeaders.HEAVY, old, 0)),
        RejectionCode.HIGH_HASH);
    assertThat(full.accept(TestHeaders.mined(faulty(nowhere, TestHeaders.HEAVY, old, 0)), NOW))
        .isInstanceOf(HeaderOutcome.Unconnected.class);
    assertMined(full, TestHeaders.HEAVY, old, 0, RejectionCode.BAD_DIFFICULTY);
    assertMined(full, TestHeaders.EASY, old, 0, RejectionCode.TIME_TOO_OLD);
    assertMined(full, TestHeaders.EASY, NOW + 61, 0, RejectionCode.TIME_TOO_NEW);
    assertMined(full, TestHeaders.EASY, NOW, 0, RejectionCode.BAD_VERSION);
    assertMined(full, TestHeaders.EASY, NOW, 4, RejectionCode.CHECKPOINT_MISMATCH);
    full.markInvalid(full.root());
    assertMined(full, TestHeaders.HEAVY, old, 0, RejectionCode.INVALID_PARENT);
  }

  private static void assertMined(
      HeaderTree by, int bits, long time, int version, RejectionCode code) {
    assertRefused(by, TestHeaders.mined(faulty(GENESIS.hash(), bits, time, version)), code);
  }

  private static BlockHeader faulty(Hash256 parent, int bits, long time, int version) {
    return BlockHeader.of(version, parent, Hash256.ZERO, time, bits, 0);
  }

  @Test
  void accept_atACheckpoint_takesThatHeaderOnly() {
    List<BlockHeader> chain = chain(6);
    HeaderTree guarded = guarded(chain, 3);
    HeaderNode second = grow2(guarded, chain, 2);

    assertRefused(
        guarded, TestHeaders.child(second.header(), 77), RejectionCode.CHECKPOINT_MISMATCH);
    assertThat(added(guarded, chain.get(2)).height()).isEqualTo(3);
  }

  @Test
  void accept_belowThePassedCheckpoint_takesNoFork() {
    List<BlockHeader> chain = chain(6);
    HeaderTree guarded = guarded(chain, 3);
    HeaderNode first = grow2(guarded, chain, 1);
    // Before the checkpoint is passed a fork below it is as good as any.
    HeaderNode fork = added(guarded, TestHeaders.child(first.header(), 77));
    chain.subList(1, 4).forEach(header -> added(guarded, header));

    assertRefused(guarded, TestHeaders.child(GENESIS, 78), RejectionCode.FORK_BEFORE_CHECKPOINT);
    assertRefused(guarded, TestHeaders.child(fork.header(), 79), RejectionCode.CHECKPOINT_MISMATCH);
    added(guarded, TestHeaders.child(chain.get(2), 80));
  }

  @Test
  void takeBack_ofACheckpoint_letsForksBelowItInAgain() {
    List<BlockHeader> chain = chain(6);
    ChainParams params =
        TestHeaders.network()
            .checkpoint(2, chain.get(1).hash())
            .checkpoint(4, chain.get(3).hash())
            .build();
    HeaderTree guarded = HeaderTree.of(params);
    HeaderNode fourth = grow2(guarded, chain, 4);
    BlockHeader forkAt3 = TestHeaders.child(chain.get(1), 77);
    BlockHeader forkAt1 = TestHeaders.child(GENESIS, 77);
    assertRefused(guarded, forkAt3, RejectionCode.FORK_BEFORE_CHECKPOINT);

    guarded.takeBack(fourth);
    assertRefused(guarded, forkAt1, RejectionCode.FORK_BEFORE_CHECKPOINT);
    guarded.takeBack(added(guarded, forkAt3));
    guarded.takeBack(guarded.find(chain.get(2).hash()).orElseThrow());
    guarded.takeBack(guarded.find(chain.get(1).hash()).orElseThrow());
    added(guarded, forkAt1);
  }

  private static List<BlockHeader> chain(int length) {
    List<BlockHeader> headers = new ArrayList<>();
    BlockHeader tip = GENESIS;
    for (int i = 0; i < length; i++) {
      tip = TestHeaders.child(tip, 0);
      headers.add(tip);
    }
    return headers;
  }

  private static HeaderTree guarded(List<BlockHeader> chain, int height) {
    Hash256 hash = chain.get(height - 1).hash();
    return HeaderTree.of(TestHeaders.network().checkpoint(height, hash).build());
  }

  private static HeaderNode grow2(HeaderTree tree, List<BlockHeader> chain, int count) {
    HeaderNode node = tree.root();
    for (BlockHeader header : chain.subList(0, count)) {
      node = added(tree, header);
    }
    return node;
  }

  @Test
  void takeBack_ofTheNewest_leavesTheTreeAsItWas() {
    HeaderNode first = added(tree, TestHeaders.child(GENESIS, 1));
    HeaderNode second = added(tree, TestHeaders.child(GENESIS, 2));
    assertThat(tree.branchTips()).isEqualTo(2);

    assertThatThrownBy(() -> tree.takeBack(first))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not the newest");
    tree.takeBack(second);
    assertThat(tree.branchTips()).isEqualTo(1);
    assertThat(tree.size()).isEqualTo(2);
    assertThat(tree.find(second.hash())).isEmpty();
    assertThat(added(tree, second.header())).isNotSameAs(second);
    tree.takeBack(tree.find(second.hash()).orElseThrow());
    tree.takeBack(first);
    assertThat(tree.size()).isEqualTo(1);
    assertThat(tree.branchTips()).isEqualTo(1);
    assertThatThrownBy(() -> tree.takeBack(tree.root())).hasMessageStartingWith("not the newest");
  }

  @Test
  void takeBack_ofAnUncheckedHeader_countsItNoMore() {
    HeaderTree any = HeaderTree.of(TestHeaders.anyWork().build());
    HeaderNode node = added(any, TestHeaders.child(any.root().header(), 1));
    assertThat(any.unchecked()).isEqualTo(1);

    any.takeBack(node);
    assertThat(any.unchecked()).isZero();
    added(tree, TestHeaders.child(GENESIS, 1));
    tree.takeBack(tree.find(TestHeaders.child(GENESIS, 1).hash()).orElseThrow());
    assertThat(tree.unchecked()).isZero();
  }

  @Test
  void branchTips_ofAGrowingTree_countsHeadersWithoutChild() {
    HeaderNode first = added(tree, TestHeaders.child(GENESIS, 1));
    assertThat(tree.branchTips()).isEqualTo(1);
    added(tree, TestHeaders.child(GENESIS, 2));
    added(tree, TestHeaders.child(GENESIS, 3));
    assertThat(tree.branchTips()).isEqualTo(3);
    added(tree, TestHeaders.child(first.header(), 1));
    assertThat(tree.branchTips()).isEqualTo(3);
  }

  @Test
  void forks_ofATree_areTheRecentValidEndsBesideTheChain() {
    HeaderNode stale = added(tree, TestHeaders.child(GENESIS, 1));
    HeaderNode first = added(tree, TestHeaders.child(GENESIS, 2));
    HeaderNode second = added(tree, TestHeaders.child(first.header(), 1));
    HeaderNode beside = added(tree, TestHeaders.child(first.header(), 2));
    HeaderNode ahead = added(tree, TestHeaders.child(second.header(), 1));

    assertThat(tree.forks(second, 144)).isEqualTo(2);
    assertThat(tree.forks(ahead, 2)).isEqualTo(1);
    assertThat(tree.forks(ahead, 1)).isZero();
    assertThat(tree.forks(stale, 144)).isEqualTo(2);
    assertThat(tree.forks(tree.root(), 144)).isZero();
    tree.markInvalid(beside);
    assertThat(tree.forks(ahead, 144)).isEqualTo(1);
    tree.takeBack(ahead);
    assertThat(tree.forks(second, 144)).isEqualTo(1);
  }

  @Test
  void accept_ofAnUncheckedHeaderThatIsRefused_doesNotCountIt() {
    ChainParams params = TestHeaders.anyWork().checkpoint(1, Hash256.ZERO).build();
    HeaderTree any = HeaderTree.of(params);

    assertRefused(
        any, TestHeaders.child(any.root().header(), 1), RejectionCode.CHECKPOINT_MISMATCH);
    assertThat(any.unchecked()).isZero();
  }
}
