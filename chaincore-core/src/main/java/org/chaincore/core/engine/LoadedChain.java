package org.chaincore.core.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.chain.ForkChoice;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoredChain;
import org.chaincore.core.store.StoredHeader;

/**
 * The chain as a store gives it back. Its headers are judged again, all but their distance from the
 * clock, since what lies on a disk comes from outside.
 *
 * @param tree all headers
 * @param choice the branches whose bodies are there
 * @param tip the block whose coins the store holds
 */
record LoadedChain(HeaderTree tree, ForkChoice choice, HeaderNode tip) {
  /**
   * Loads the chain.
   *
   * @throws StoreException if what is stored is not a chain of this network
   */
  static LoadedChain from(ChainStore store, ChainParams params) {
    StoredChain stored = store.load(ChainIdentity.of(params));
    HeaderTree tree = HeaderTree.of(params);
    ForkChoice choice = ForkChoice.on(tree);
    List<StoredHeader> bodies = new ArrayList<>();
    for (StoredHeader header : stored.headers()) {
      add(tree, header);
      if (header.hasBody()) {
        bodies.add(header);
      }
    }
    bodies.sort((a, b) -> Integer.compare(a.bodySequence(), b.bodySequence()));
    for (StoredHeader header : bodies) {
      addBody(tree, choice, header);
    }
    // Only now, as a header above an invalid one would be refused.
    for (StoredHeader header : stored.headers()) {
      mark(choice, tree, header);
    }
    Optional<HeaderNode> tip = tree.find(stored.tip());
    if (tip.isEmpty() || !tip.get().hasBody()) {
      throw new StoreException(StoreFault.CORRUPT, "store has lost its tip " + stored.tip());
    }
    return new LoadedChain(tree, choice, tip.get());
  }

  private static void add(HeaderTree tree, StoredHeader stored) {
    // It was taken once, whatever made it worth its room then.
    HeaderOutcome outcome =
        tree.accept(stored.header(), stored.header().time(), HeaderTree.ALL_WORK);
    if (!(outcome instanceof HeaderOutcome.Added)) {
      throw new StoreException(
          StoreFault.CORRUPT,
          "stored header " + stored.header().hash() + " is not good: " + outcome);
    }
  }

  private static void addBody(HeaderTree tree, ForkChoice choice, StoredHeader stored) {
    HeaderNode node = tree.find(stored.header().hash()).orElseThrow();
    HeaderNode parent = node.parent();
    if (parent == null || !parent.hasBody()) {
      throw new StoreException(StoreFault.CORRUPT, "store has lost the body below " + node);
    }
    choice.bodyArrived(node);
  }

  private static void mark(ForkChoice choice, HeaderTree tree, StoredHeader stored) {
    Optional<HeaderNode> node = tree.find(stored.header().hash());
    if (node.isPresent()) {
      switch (stored.mark()) {
        case INVALID -> choice.markInvalid(node.get());
        case INVALIDATED_BY_HOST -> choice.invalidate(node.get());
        case NONE -> {}
      }
    }
  }
}
