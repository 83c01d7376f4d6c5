package org.chaincore.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestHeaders;
import org.junit.jupiter.api.Test;

class ForkChoiceTest {
  private final HeaderTree tree = HeaderTree.of(TestHeaders.anyWork().build());
  private final ForkChoice choice = ForkChoice.on(tree);

  private HeaderNode add(HeaderNode parent, long salt, int bits) {
    HeaderOutcome outcome =
        tree.accept(
            TestHeaders.child(parent.header(), salt, parent.header().time() + 1, bits),
            RandomTree.NOW);
    return ((HeaderOutcome.Added) outcome).node();
  }

  private HeaderNode easy(HeaderNode parent, long salt) {
    return add(parent, salt, TestHeaders.EASY);
  }

  @Test
  void best_ofEqualWork_isTheFirstWhoseBodyCame() {
    HeaderNode first = easy(tree.root(), 1);
    HeaderNode second = easy(tree.root(), 2);
    choice.bodyArrived(second);
    choice.bodyArrived(first);

    assertThat(choice.best()).isSameAs(second);
    assertThat(ForkChoice.isBetter(first, second)).isFalse();
    assertThat(ForkChoice.isBetter(second, first)).isTrue();
    assertThat(ForkChoice.isBetter(first, first)).isFalse();
  }

  @Test
  void best_ofMoreWork_winsOverMoreBlocks() {
    HeaderNode two = easy(easy(tree.root(), 1), 1);
    HeaderNode heavy = add(tree.root(), 2, TestHeaders.HEAVY);
    choice.bodyArrived(Objects.requireNonNull(two.parent()));
    choice.bodyArrived(two);
    choice.bodyArrived(heavy);

    assertThat(choice.best()).isSameAs(heavy);
    assertThat(choice.branches()).containsExactly(two, heavy);
  }

  @Test
  void isBetter_withoutBodyOrInvalid_isFalse() {
    HeaderNode node = easy(tree.root(), 1);
    assertThat(ForkChoice.isBetter(node, tree.root())).isFalse();
    choice.bodyArrived(node);
    assertThat(ForkChoice.isBetter(node, tree.root())).isTrue();
    choice.markInvalid(node);

    assertThat(ForkChoice.isBetter(node, tree.root())).isFalse();
    assertThat(choice.best()).isSameAs(tree.root());
  }

  @Test
  void bodyArrived_beforeItsParentsOrTwice_isRefused() {
    HeaderNode node = easy(tree.root(), 1);
    HeaderNode child = easy(node, 1);

    assertThatThrownBy(() -> choice.bodyArrived(child))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("body before its parent's");
    choice.bodyArrived(node);
    choice.bodyArrived(child);
    assertThatThrownBy(() -> choice.bodyArrived(node)).hasMessageStartingWith("body came before");
    assertThatThrownBy(() -> choice.bodyArrived(tree.root()))
        .hasMessageStartingWith("body came before");
    assertThat(choice.branches()).containsExactly(child);
  }

  @Test
  void branches_ofManyTips_keepTheOrderOfArrival() {
    List<HeaderNode> tips = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      HeaderNode tip = easy(tree.root(), i);
      choice.bodyArrived(tip);
      tips.add(tip);
    }

    assertThat(choice.branches()).containsExactlyElementsOf(tips);
  }

  @Test
  void invalidate_ofRoot_leavesRootAsTheBest() {
    HeaderNode node = easy(tree.root(), 1);
    choice.bodyArrived(node);
    choice.invalidate(tree.root());

    assertThat(choice.best()).isSameAs(tree.root());
    assertThat(node.isInvalid()).isTrue();
  }

  /** What is known of a tree, kept in the most obvious way. */
  private static final class Model {
    private final RandomTree tree;
    private final RandomGenerator random;
    private final ForkChoice choice;
    private final List<HeaderNode> bodies = new ArrayList<>();
    private final Set<HeaderNode> broken = new LinkedHashSet<>();
    private final Set<HeaderNode> refused = new LinkedHashSet<>();

    Model(RandomGenerator random) {
      this.random = random;
      this.tree = new RandomTree(random);
      this.choice = ForkChoice.on(tree.tree);
      bodies.add(tree.tree.root());
    }

    private static List<HeaderNode> path(HeaderNode node) {
      List<HeaderNode> path = new ArrayList<>();
      for (HeaderNode at = node; at != null; at = at.parent()) {
        path.add(at);
      }
      return path;
    }

    private boolean isInvalid(HeaderNode node) {
      return path(node).stream().anyMatch(at -> broken.contains(at) || refused.contains(at));
    }

    private HeaderNode best() {
      HeaderNode best = tree.tree.root();
      for (HeaderNode node : bodies) {
        boolean more = node.chainWork().compareTo(best.chainWork()) > 0;
        if (!isInvalid(node) && more) {
          best = node;
        }
      }
      return best;
    }

    void step() {
      HeaderNode node = tree.anyNode();
      switch (random.nextInt(10)) {
        case 0 -> markBroken(node);
        case 1 -> refuse(node);
        case 2 -> reconsider(node);
        case 3, 4, 5 -> grow(node);
        default -> body(node);
      }
    }

    private void grow(HeaderNode node) {
      if (!isInvalid(node)) {
        tree.grow(node);
      }
    }

    private void markBroken(HeaderNode node) {
      if (node != tree.tree.root()) {
        choice.markInvalid(node);
        broken.add(node);
      }
    }

    private void refuse(HeaderNode node) {
      if (node != tree.tree.root()) {
        choice.invalidate(node);
        refused.add(node);
      }
    }

    private void reconsider(HeaderNode node) {
      Set<HeaderNode> expected = new LinkedHashSet<>(broken);
      expected.addAll(refused);
      List<HeaderNode> above = path(node);
      expected.removeIf(at -> !above.contains(at) && !path(at).contains(node));
      assertThat(choice.markedAround(node)).containsExactlyInAnyOrderElementsOf(expected);
      Set<HeaderNode> cleared = new LinkedHashSet<>();
      choice.reconsider(node, at -> assertThat(cleared.add(at)).isTrue());
      assertThat(cleared).containsExactlyInAnyOrderElementsOf(expected);
      broken.removeAll(expected);
      refused.removeAll(expected);
    }

    private void body(HeaderNode node) {
      HeaderNode parent = node.parent();
      if (parent != null && bodies.contains(parent) && !bodies.contains(node)) {
        choice.bodyArrived(node);
        bodies.add(node);
      }
    }

    void assertAgrees() {
      assertThat(choice.best()).isSameAs(best());
      for (HeaderNode node : tree.nodes) {
        assertThat(node.isInvalid()).as(node.toString()).isEqualTo(isInvalid(node));
        assertThat(node.brokeRule()).isEqualTo(broken.contains(node));
        assertThat(node.isInvalidatedByHost()).isEqualTo(refused.contains(node));
        assertThat(node.hasBody()).isEqualTo(bodies.contains(node));
      }
      assertThat(choice.branches()).containsExactlyElementsOf(branches());
    }

    private List<HeaderNode> branches() {
      Map<HeaderNode, Boolean> hasChild = new LinkedHashMap<>();
      for (HeaderNode node : bodies) {
        hasChild.put(node, false);
        HeaderNode parent = node.parent();
        if (parent != null) {
          hasChild.put(parent, true);
        }
      }
      return hasChild.keySet().stream().filter(node -> !hasChild.getOrDefault(node, true)).toList();
    }
  }

  @Test
  void best_ofRandomTreesWithMarks_agreesWithLookingAtEverything() {
    SeededRun.of(400, 80)
        .check(
            (random, size) -> {
              Model model = new Model(random);
              model.tree.grow(1 + size / 4);
              for (int i = 0; i < size; i++) {
                model.step();
                model.assertAgrees();
              }
            });
  }

  @Test
  void isBetter_asBodiesArrive_followsTheBestOfAll() {
    SeededRun.of(300, 60)
        .check(
            (random, size) -> {
              Model model = new Model(random);
              model.tree.grow(size);
              HeaderNode tip = model.tree.tree.root();
              for (int i = 0; i < 3 * size; i++) {
                HeaderNode node = model.tree.anyNode();
                model.body(node);
                tip = ForkChoice.isBetter(node, tip) ? node : tip;
                assertThat(tip).isSameAs(model.best()).isSameAs(model.choice.best());
              }
            });
  }

  @Test
  void between_randomNodes_leavesOneChainForTheOther() {
    SeededRun.of(150, 80)
        .check(
            (random, size) -> {
              RandomTree tree = new RandomTree(random);
              tree.grow(size);
              HeaderNode from = tree.anyNode();
              HeaderNode to = tree.nodes.get(random.nextInt(tree.nodes.size()));
              ReorgPlan plan = ReorgPlan.between(from, to);

              List<HeaderNode> chain = Model.path(from);
              List<HeaderNode> target = Model.path(to);
              assertThat(chain.subList(0, plan.depth())).isEqualTo(plan.disconnect());
              assertThat(chain.get(plan.depth())).isSameAs(plan.fork());
              List<HeaderNode> joined = new ArrayList<>(plan.connect());
              Collections.reverse(joined);
              joined.addAll(chain.subList(plan.depth(), chain.size()));
              assertThat(joined).isEqualTo(target);
              assertThat(plan.isReorg()).isEqualTo(!target.contains(from));
            });
  }
}
