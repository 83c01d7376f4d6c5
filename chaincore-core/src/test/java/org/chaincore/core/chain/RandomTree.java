package org.chaincore.core.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.TestHeaders;

/** A header tree that grows at random places, with every node in the order in which it came. */
final class RandomTree {
  static final long NOW = TestHeaders.GENESIS_TIME + 1_000_000;

  private static final ChainParams PARAMS = TestHeaders.anyWork().build();

  final HeaderTree tree = HeaderTree.of(PARAMS);
  final List<HeaderNode> nodes = new ArrayList<>(List.of(tree.root()));
  private final RandomGenerator random;
  private int salt;

  RandomTree(RandomGenerator random) {
    this.random = random;
  }

  /** A random node; recent ones are likelier, so that branches grow long. */
  HeaderNode anyNode() {
    int size = nodes.size();
    int from = random.nextBoolean() ? Math.max(0, size - 4) : 0;
    return nodes.get(from + random.nextInt(size - from));
  }

  /** A child of a node, of one of two weights; the parent must not be invalid. */
  HeaderNode grow(HeaderNode parent) {
    salt++;
    int bits = random.nextInt(4) == 0 ? TestHeaders.HEAVY : TestHeaders.EASY;
    BlockHeader header = TestHeaders.child(parent.header(), salt, parent.header().time() + 1, bits);
    HeaderNode node = ((HeaderOutcome.Added) tree.accept(header, NOW)).node();
    nodes.add(node);
    return node;
  }

  void grow(int count) {
    for (int i = 0; i < count; i++) {
      grow(anyNode());
    }
  }
}
