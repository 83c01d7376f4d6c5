package org.chaincore.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The jumps against walks from parent to parent. */
class HeaderNodeTest {
  private static @Nullable HeaderNode walk(HeaderNode from, int height) {
    @Nullable HeaderNode node = from;
    while (node != null && node.height() > height) {
      node = node.parent();
    }
    return node != null && node.height() == height ? node : null;
  }

  private static HeaderNode naiveFork(HeaderNode a, HeaderNode b) {
    List<HeaderNode> ancestors = new ArrayList<>();
    for (HeaderNode node = a; node != null; node = node.parent()) {
      ancestors.add(node);
    }
    HeaderNode node = b;
    while (!ancestors.contains(node)) {
      node = Objects.requireNonNull(node.parent());
    }
    return node;
  }

  @Test
  void ancestor_ofRandomNodes_isWhatAWalkFinds() {
    SeededRun.of(120, 150)
        .check(
            (random, size) -> {
              RandomTree tree = new RandomTree(random);
              tree.grow(size);
              for (int i = 0; i < 40; i++) {
                HeaderNode node = tree.anyNode();
                int height = random.nextInt(node.height() + 4) - 1;
                assertThat(node.ancestor(height)).isSameAs(walk(node, height));
                assertThat(node.root()).isSameAs(tree.tree.root());
              }
            });
  }

  @Test
  void forkWith_ofRandomNodes_isTheHighestCommonAncestor() {
    SeededRun.of(120, 120)
        .check(
            (random, size) -> {
              RandomTree tree = new RandomTree(random);
              tree.grow(size);
              for (int i = 0; i < 40; i++) {
                HeaderNode a = tree.anyNode();
                HeaderNode b = tree.nodes.get(random.nextInt(tree.nodes.size()));
                HeaderNode fork = naiveFork(a, b);
                assertThat(a.forkWith(b)).isSameAs(fork);
                assertThat(b.forkWith(a)).isSameAs(fork);
                assertThat(a.descendsFrom(b)).isEqualTo(fork == b);
              }
            });
  }

  @Test
  void ancestor_overALongChain_takesFewSteps() {
    HeaderNode tip = HeaderNode.root(TestHeaders.network().build().genesis().header(), 7, one());
    BlockHeader header = tip.header();
    for (int i = 0; i < 100_000; i++) {
      tip = tip.child(header, one(), i + 1);
    }
    for (int height : new int[] {7, 8, 12_345, 65_535, 65_536, 99_999, 100_007}) {
      HeaderNode ancestor = tip.ancestor(height);
      assertThat(ancestor).isNotNull();
      assertThat(Objects.requireNonNull(ancestor).height()).isEqualTo(height);
    }
    assertThat(tip.ancestor(6)).isNull();
    assertThat(tip.ancestor(100_008)).isNull();
  }

  private static Work one() {
    return Work.ofWords(1, 0, 0, 0);
  }

  @Test
  void forkWith_ofAnotherTree_isNull() {
    HeaderNode low = HeaderNode.root(TestHeaders.network().build().genesis().header(), 0, one());
    HeaderNode high = HeaderNode.root(low.header(), 5, one());
    HeaderNode deep = low;
    for (int i = 0; i < 20; i++) {
      deep = deep.child(low.header(), one(), i + 1);
    }
    HeaderNode other = high;
    for (int i = 0; i < 12; i++) {
      other = other.child(low.header(), one(), i + 1);
    }
    HeaderNode unrelated = deep;

    assertThat(deep.forkWith(other)).isNull();
    assertThat(other.forkWith(deep)).isNull();
    assertThat(low.forkWith(high)).isNull();
    assertThat(deep.descendsFrom(other)).isFalse();
    HeaderNode stranger = other;
    assertThatThrownBy(() -> ReorgPlan.between(unrelated, stranger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no common root");
  }

  @Test
  void medianTimePast_ofRandomTimes_isTheMiddleOfTheSortedOnes() {
    SeededRun.of(200, 30)
        .check(
            (random, size) -> {
              HeaderNode node = null;
              List<Long> times = new ArrayList<>();
              for (int i = 0; i <= size; i++) {
                long time = 1_000L + random.nextInt(12);
                times.add(time);
                BlockHeader header =
                    TestHeaders.network().build().genesis().header().withTime(time);
                node =
                    node == null ? HeaderNode.root(header, 0, one()) : node.child(header, one(), i);
              }
              HeaderNode tip = Objects.requireNonNull(node);
              int span = 1 + random.nextInt(14);
              List<Long> window =
                  times.subList(Math.max(0, times.size() - span), times.size()).stream()
                      .sorted()
                      .toList();
              long median = window.get(window.size() / 2);
              assertThat(tip.medianTimePast(span)).isEqualTo(median);
              for (long time = 998; time < 1_014; time++) {
                assertThat(tip.isAfterMedianTime(time, span)).isEqualTo(time > median);
              }
            });
  }

  @Test
  void toString_ofANode_namesHashAndHeight() {
    HeaderNode root = HeaderNode.root(TestHeaders.network().build().genesis().header(), 3, one());

    assertThat(root).hasToString("header " + root.hash() + " at height 3");
  }
}
