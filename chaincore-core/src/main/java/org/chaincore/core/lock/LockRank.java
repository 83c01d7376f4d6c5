package org.chaincore.core.lock;

import java.util.List;

/**
 * The place of a lock in the one order in which locks may be taken: while a thread holds a lock it
 * may take another one only if that one's order is greater. Locks of equal order are never held
 * together by one thread.
 *
 * <p>The ranks of a node have the orders 100 (CHAIN), 200 (UTXO), 300 (MEMPOOL), 400 (PEERS), 500
 * (SESSION), 600 (MINING) and 700 (NETWORK). A host puts its own ranks before them (order below
 * 100), between them or after them (above 700) with {@link #host}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name what people read in reports
 * @param order smaller is taken first
 */
public record LockRank(String name, int order) implements Comparable<LockRank> {
  /** The header tree, the active chain and its published view. */
  public static final LockRank CHAIN = new LockRank("CHAIN", 100);

  /** The unspent outputs. */
  public static final LockRank UTXO = new LockRank("UTXO", 200);

  /** The transactions that wait for a block. */
  public static final LockRank MEMPOOL = new LockRank("MEMPOOL", 300);

  /** The table of peers and the address book. */
  public static final LockRank PEERS = new LockRank("PEERS", 400);

  /** The state of one connection. */
  public static final LockRank SESSION = new LockRank("SESSION", 500);

  /** The miner's template and its workers. */
  public static final LockRank MINING = new LockRank("MINING", 600);

  /** The transport. */
  public static final LockRank NETWORK = new LockRank("NETWORK", 700);

  private static final List<LockRank> NODE =
      List.of(CHAIN, UTXO, MEMPOOL, PEERS, SESSION, MINING, NETWORK);

  /** Refuses a blank name. */
  public LockRank {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a rank needs a name");
    }
  }

  /**
   * A host's own rank.
   *
   * @throws IllegalArgumentException if a rank of the node has this order, because the two could
   *     then never be held together, which is seldom meant
   */
  public static LockRank host(String name, int order) {
    for (LockRank rank : NODE) {
      if (rank.order == order) {
        throw new IllegalArgumentException(
            "order " + order + " of host rank " + name + " belongs to " + rank.name);
      }
    }
    return new LockRank(name, order);
  }

  /** The ranks of a node in their order. */
  public static List<LockRank> ofNode() {
    return NODE;
  }

  @Override
  public int compareTo(LockRank other) {
    int byOrder = Integer.compare(order, other.order);
    return byOrder != 0 ? byOrder : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name + "/" + order;
  }
}
