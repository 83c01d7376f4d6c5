package org.chaincore.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class ChainViewTest {
  private final HeaderTree tree = HeaderTree.of(TestHeaders.network().build());

  private static HeaderNode grow(HeaderTree tree, HeaderNode from, int count, long salt) {
    HeaderNode node = from;
    for (int i = 0; i < count; i++) {
      BlockHeader header = TestHeaders.child(node.header(), salt);
      node = ((HeaderOutcome.Added) tree.accept(header, RandomTree.NOW)).node();
    }
    return node;
  }

  @Test
  void of_aTip_showsItsChain() {
    HeaderNode tip = grow(tree, tree.root(), 12, 1);
    ChainView view = ChainView.of(tree, tip);

    assertThat(view.tip()).isSameAs(tip);
    assertThat(view.height()).isEqualTo(12);
    assertThat(view.work()).isEqualTo(tip.chainWork());
    assertThat(view.params()).isSameAs(tree.params());
    assertThat(view.at(0)).contains(tree.root());
    assertThat(view.at(12)).contains(tip);
    assertThat(view.at(13)).isEmpty();
    assertThat(view.at(-1)).isEmpty();
    // Times 2 to 12 are the last eleven.
    assertThat(view.medianTimePast()).isEqualTo(TestHeaders.GENESIS_TIME + 7);
    assertThat(view).hasToString("chain of height 12 with tip " + tip.hash());
  }

  @Test
  void heaviestHeader_ofALaterHeader_isStillThatOfTheView() {
    HeaderNode tip = grow(tree, tree.root(), 3, 1);
    HeaderNode side = grow(tree, tree.root(), 5, 2);
    ChainView view = ChainView.of(tree, tip);
    HeaderNode later = grow(tree, tip, 4, 1);

    assertThat(view.heaviestHeader()).isSameAs(side);
    assertThat(ChainView.of(tree, tip).heaviestHeader()).isSameAs(later);
  }

  @Test
  void find_ofAHeaderThatCameLater_isEmpty() {
    HeaderNode tip = grow(tree, tree.root(), 3, 1);
    HeaderNode side = grow(tree, tree.root(), 1, 2);
    ChainView view = ChainView.of(tree, tip);
    HeaderNode later = grow(tree, tip, 1, 1);

    assertThat(view.find(side.hash())).contains(side);
    assertThat(view.onChain(side.hash())).isEmpty();
    assertThat(view.onChain(tip.hash())).contains(tip);
    assertThat(view.find(later.hash())).isEmpty();
    assertThat(ChainView.of(tree, tip).find(later.hash())).contains(later);
    assertThat(view.find(Hash256.ZERO)).isEmpty();
  }

  @Test
  void nextBits_ofAView_areThoseItsTipDemands() {
    ChainView view = ChainView.of(tree, grow(tree, tree.root(), 3, 1));
    HeaderTree any = HeaderTree.of(TestHeaders.anyWork().build());

    assertThat(view.nextBits(0)).hasValue(TestHeaders.EASY);
    assertThat(ChainView.of(any, any.root()).nextBits(0)).isEmpty();
  }

  @Test
  void above_aBlock_givesTheNextOnesLowestFirst() {
    HeaderNode tip = grow(tree, tree.root(), 10, 1);
    ChainView view = ChainView.of(tree, tip);
    HeaderNode third = view.at(3).orElseThrow();

    assertThat(view.above(third, 4)).extracting(HeaderNode::height).containsExactly(4, 5, 6, 7);
    assertThat(view.above(third, 100)).hasSize(7).endsWith(tip);
    assertThat(view.above(tip, 5)).isEmpty();
    assertThat(view.above(third, 0)).isEmpty();
    assertThat(view.above(third, -3)).isEmpty();
    HeaderNode higher = grow(tree, tip, 5, 2);
    assertThat(view.above(higher, 5)).isEmpty();
  }

  @Test
  void hashes_ofALocator_areElevenAndThenWiderSteps() {
    HeaderNode tip = grow(tree, tree.root(), 100, 1);

    List<Integer> heights =
        ChainView.of(tree, tip).locator().hashes().stream()
            .map(hash -> tree.find(hash).orElseThrow().height())
            .toList();

    assertThat(heights)
        .containsExactly(100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 84, 76, 60, 28, 0);
  }

  @Test
  void hashes_ofALocatorOfTheRoot_areThatOne() {
    assertThat(Locator.of(tree.root()).hashes()).containsExactly(tree.root().hash());
    HeaderTree above =
        HeaderTree.startingAt(tree.params(), TestHeaders.child(tree.root().header(), 1), 1_000_000);
    HeaderNode tip = grow(above, above.root(), 40, 1);
    assertThat(Locator.of(tip).hashes()).hasSize(15).endsWith(above.root().hash());
  }

  @Test
  void new_locatorOfTooManyHashes_isRefused() {
    assertThat(new Locator(Collections.nCopies(101, Hash256.ZERO)).hashes()).hasSize(101);
    assertThatThrownBy(() -> new Locator(Collections.nCopies(102, Hash256.ZERO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a locator of 102 hashes");
  }

  @Test
  void forkWith_aLocatorOfRandomChains_isAtMostTwiceAsDeepAsTheFork() {
    SeededRun.of(150, 120)
        .check(
            (random, size) -> {
              RandomTree nodes = new RandomTree(random);
              nodes.grow(size);
              HeaderNode mine = nodes.anyNode();
              HeaderNode theirs = nodes.nodes.get(random.nextInt(nodes.nodes.size()));
              ChainView view = ChainView.of(nodes.tree, mine);

              HeaderNode found = view.forkWith(Locator.of(theirs));

              HeaderNode fork = mine.forkWith(theirs);
              assertThat(mine.descendsFrom(found)).isTrue();
              assertThat(theirs.descendsFrom(found)).isTrue();
              int below = theirs.height() - Objects.requireNonNull(fork).height();
              int depth = theirs.height() - found.height();
              assertThat(depth).isBetween(below, Math.max(below, 2 * below));
              assertThat(Locator.of(theirs).hashes())
                  .hasSizeLessThan(Locator.MAX_HASHES)
                  .doesNotHaveDuplicates();
            });
  }

  @Test
  void forkWith_aLocatorOfStrangers_isTheRoot() {
    HeaderNode tip = grow(tree, tree.root(), 3, 1);
    ChainView view = ChainView.of(tree, tip);

    assertThat(view.forkWith(new Locator(List.of(Hash256.ZERO)))).isSameAs(tree.root());
    assertThat(view.forkWith(new Locator(List.of()))).isSameAs(tree.root());
    assertThat(view.forkWith(new Locator(List.of(Hash256.ZERO, tip.hash())))).isSameAs(tip);
  }

  @Test
  void on_aTreeWithHeaders_isRefused() {
    grow(tree, tree.root(), 1, 1);

    assertThatThrownBy(() -> HeaderChain.on(tree))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the tree already has 2 headers");
  }

  @Test
  void accept_ofRandomHeaders_keepsTheFirstOfMostWork() {
    SeededRun.of(200, 80)
        .check(
            (random, size) -> {
              RandomTree source = new RandomTree(random);
              source.grow(size);
              HeaderChain chain = HeaderChain.on(HeaderTree.of(source.tree.params()));
              HeaderNode best = source.tree.root();
              int reorganisations = 0;
              Set<BlockHeader> seen = new HashSet<>();
              List<HeaderNode> order = new ArrayList<>(source.nodes.subList(1, size + 1));
              for (HeaderNode node : order) {
                assertThat(seen.add(node.header())).isTrue();
                chain.accept(node.header(), RandomTree.NOW);
                if (node.chainWork().compareTo(best.chainWork()) > 0) {
                  reorganisations += node.parent() == best ? 0 : 1;
                  best = node;
                }
                assertThat(chain.tip().hash()).isEqualTo(best.hash());
              }
              assertThat(chain.reorganisations()).isEqualTo(reorganisations);
              assertThat(chain.tree().size()).isEqualTo(size + 1);
            });
  }
}
