package org.chaincore.core.engine;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.value.Work;

/**
 * Takes runs of headers into the tree and the store, or into neither.
 *
 * <p>Not thread-safe; confined to the writer.
 */
final class HeaderIntake {
  private final HeaderTree tree;
  private final ChainStore store;

  HeaderIntake(HeaderTree tree, ChainStore store) {
    this.tree = tree;
    this.store = store;
  }

  /**
   * Takes headers in up to the first that is not good, in one commit.
   *
   * @param shown the work that was seen of the chain that they are part of
   * @param tip that of our own chain
   */
  HeadersOutcome offer(List<BlockHeader> headers, Work shown, HeaderNode tip, long nowSeconds) {
    Work ofChain = tree.isFull() ? standing(headers, shown, tip) : shown;
    List<HeaderNode> added = new ArrayList<>();
    boolean committed = false;
    try {
      HeadersOutcome outcome = add(headers, ofChain, nowSeconds, added);
      if (!added.isEmpty()) {
        ChainCommit commit = ChainCommit.create();
        added.forEach(node -> commit.header(node.header()));
        store.commit(commit);
      }
      committed = true;
      return outcome;
    } finally {
      for (int i = added.size() - 1; i >= 0 && !committed; i--) {
        tree.takeBack(added.get(i));
      }
    }
  }

  private HeadersOutcome add(
      List<BlockHeader> headers, Work ofChain, long nowSeconds, List<HeaderNode> added) {
    int known = 0;
    for (BlockHeader header : headers) {
      HeaderOutcome outcome = tree.accept(header, nowSeconds, ofChain);
      if (outcome instanceof HeaderOutcome.Added good) {
        added.add(good.node());
      } else if (outcome instanceof HeaderOutcome.Known) {
        known++;
      } else {
        return new HeadersOutcome(added.size(), known, outcome);
      }
    }
    return new HeadersOutcome(added.size(), known, null);
  }

  /**
   * What headers have to their credit where there is no more room: the work at the end of their
   * run; and all where they continue our own chain, which stands beside a heavier one for good.
   * Else a full tree would stop the chain that we are on.
   */
  private Work standing(List<BlockHeader> headers, Work shown, HeaderNode tip) {
    HeaderNode parent =
        headers.isEmpty() ? null : tree.find(headers.get(0).previous()).orElse(null);
    boolean isOurs =
        parent != null
            && !HeaderTree.forksNear(tip, tree.heaviest())
            && HeaderTree.forksNear(tip, parent);
    Work ofRun = isOurs ? HeaderTree.ALL_WORK : tree.workOf(headers);
    return ofRun.compareTo(shown) > 0 ? ofRun : shown;
  }
}
