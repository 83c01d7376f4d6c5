package org.chaincore.core.chain;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks the part of a tree above a node. Stateless; for the writer. */
final class Descendants {
  private Descendants() {}

  /** Walks the descendants without recursion, as a chain may be deep. */
  static void forEach(HeaderNode node, Consumer<HeaderNode> visit) {
    HeaderNode at = node.firstChild;
    while (at != null) {
      visit.accept(at);
      at = at.firstChild != null ? at.firstChild : nextBelow(at, node);
    }
  }

  private static @Nullable HeaderNode nextBelow(HeaderNode from, HeaderNode top) {
    HeaderNode at = from;
    while (at != null && at != top) {
      if (at.nextSibling != null) {
        return at.nextSibling;
      }
      at = at.parent();
    }
    return null;
  }
}
