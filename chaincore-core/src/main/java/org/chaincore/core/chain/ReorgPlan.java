package org.chaincore.core.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The way from one tip to another: which blocks leave the chain and which join it. An extension is
 * the plan that disconnects nothing. Immutable.
 *
 * @param fork the highest block of both chains
 * @param disconnect highest first
 * @param connect lowest first
 */
public record ReorgPlan(HeaderNode fork, List<HeaderNode> disconnect, List<HeaderNode> connect) {
  public ReorgPlan {
    disconnect = List.copyOf(disconnect);
    connect = List.copyOf(connect);
  }

  /**
   * The way between two nodes of one tree.
   *
   * @throws IllegalArgumentException if they have no common root
   */
  public static ReorgPlan between(HeaderNode from, HeaderNode to) {
    HeaderNode fork = from.forkWith(to);
    if (fork == null) {
      throw new IllegalArgumentException("no common root: " + from + ", " + to);
    }
    List<HeaderNode> connect = above(fork, to);
    if (connect.size() > 1) {
      Collections.reverse(connect);
    }
    return new ReorgPlan(fork, above(fork, from), connect);
  }

  /** Highest first. */
  private static List<HeaderNode> above(HeaderNode fork, HeaderNode top) {
    if (top == fork) {
      return List.of();
    }
    if (top.parent() == fork) {
      return List.of(top); // The next block of the chain, as it nearly always is.
    }
    List<HeaderNode> nodes = new ArrayList<>(top.height() - fork.height());
    for (HeaderNode node = top; node != null && node != fork; node = node.parent()) {
      nodes.add(node);
    }
    return nodes;
  }

  /** Where the way leads: the new tip. */
  public HeaderNode target() {
    return connect.isEmpty() ? fork : connect.get(connect.size() - 1);
  }

  /** How many blocks leave the chain. */
  public int depth() {
    return disconnect.size();
  }

  public boolean isReorg() {
    return !disconnect.isEmpty();
  }
}
