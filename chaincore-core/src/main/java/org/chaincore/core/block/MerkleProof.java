package org.chaincore.core.block;

import java.util.List;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * The path from one leaf of a Merkle tree to its root: who has the header and this proof knows that
 * the transaction is in the block, without the block.
 *
 * <p>A 64-byte transaction could pose as an inner node and be "proved" (CVE-2017-12842); the rules
 * of ChainCore's own networks refuse such transactions.
 *
 * <p>Immutable.
 *
 * @param index the leaf's place in the list
 * @param siblings the other child at every step, leaf level first
 */
public record MerkleProof(int index, List<Hash256> siblings) {
  /** More levels than a list of 2³¹ leaves has. */
  private static final int MAX_DEPTH = 31;

  public MerkleProof {
    if (siblings.size() > MAX_DEPTH) {
      throw new IllegalArgumentException("a proof of " + siblings.size() + " levels");
    }
    if (index < 0 || index >= 1L << siblings.size()) {
      throw new IllegalArgumentException("leaf " + index + " in " + siblings.size() + " levels");
    }
    siblings = List.copyOf(siblings);
  }

  /** The root that this path leads to from {@code leaf}. */
  public Hash256 rootFrom(Hash256 leaf) {
    Sha256 hasher = Sha256.create();
    byte[] pair = new byte[2 * Hash256.BYTES];
    Hash256 node = leaf;
    int place = index;
    for (Hash256 sibling : siblings) {
      boolean isRight = (place & 1) == 1;
      (isRight ? sibling : node).writeWire(pair, 0);
      (isRight ? node : sibling).writeWire(pair, Hash256.BYTES);
      node = hasher.doubleHash(pair, 0, pair.length);
      place >>= 1;
    }
    return node;
  }

  public boolean proves(Hash256 leaf, Hash256 root) {
    return rootFrom(leaf).equals(root);
  }
}
