package org.chaincore.core.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * Bitcoin's Merkle tree: each level hashes its nodes in pairs, and a level of odd length pairs its
 * last node with itself.
 *
 * <p>That self-pairing lets two lists have one root: [1, 2, 3] and [1, 2, 3, 3]. Whoever remembers
 * a block as invalid because of such a body rejects the honest body with the same hash
 * (CVE-2012-2459). So the tree reports whether two equal nodes stand side by side in a pair
 * anywhere; a list that has such a pair is <em>mutated</em>, and to refuse it must say nothing
 * about the header.
 *
 * <p>Stateless.
 */
public final class MerkleTree {
  private MerkleTree() {}

  /**
   * The root of a list.
   *
   * @param hash the root; zero for the empty list
   * @param isMutated whether some pair of the tree holds the same hash twice
   */
  public record Root(Hash256 hash, boolean isMutated) {}

  public static Root root(List<Hash256> leaves) {
    if (leaves.isEmpty()) {
      return new Root(Hash256.ZERO, false);
    }
    if (leaves.size() == 1) {
      return new Root(leaves.get(0), false); // Of a block with nothing but its coinbase.
    }
    Sha256 hasher = Sha256.create();
    byte[] level = firstLevel(leaves);
    boolean mutated = false;
    for (int width = leaves.size(); width > 1; width = (width + 1) / 2) {
      mutated |= hashLevel(level, width, hasher);
    }
    return new Root(Hash256.ofWire(level, 0), mutated);
  }

  /**
   * The proof that leaf {@code index} is in the list.
   *
   * @throws IndexOutOfBoundsException if there is no such leaf
   */
  public static MerkleProof prove(List<Hash256> leaves, int index) {
    if (index < 0 || index >= leaves.size()) {
      throw new IndexOutOfBoundsException("leaf " + index + " of " + leaves.size());
    }
    Sha256 hasher = Sha256.create();
    byte[] level = firstLevel(leaves);
    List<Hash256> siblings = new ArrayList<>();
    int node = index;
    for (int width = leaves.size(); width > 1; width = (width + 1) / 2) {
      int sibling = Math.min(node ^ 1, width - 1);
      siblings.add(Hash256.ofWire(level, sibling * Hash256.BYTES));
      hashLevel(level, width, hasher);
      node /= 2;
    }
    return new MerkleProof(index, siblings);
  }

  private static byte[] firstLevel(List<Hash256> leaves) {
    // One more place, so that an odd last node can be written twice.
    byte[] level = new byte[Math.multiplyExact(leaves.size() + 1, Hash256.BYTES)];
    for (int i = 0; i < leaves.size(); i++) {
      leaves.get(i).writeWire(level, i * Hash256.BYTES);
    }
    return level;
  }

  /** Hashes the pairs of a level in place; says whether a real pair held the same hash twice. */
  private static boolean hashLevel(byte[] level, int width, Sha256 hasher) {
    int bytes = Hash256.BYTES;
    boolean twins = false;
    for (int i = 0; i + 1 < width; i += 2) {
      int left = i * bytes;
      int right = left + bytes;
      twins |= Arrays.equals(level, left, right, level, right, right + bytes);
    }
    if ((width & 1) == 1) {
      System.arraycopy(level, (width - 1) * bytes, level, width * bytes, bytes);
    }
    for (int i = 0; i < width; i += 2) {
      hasher.doubleHash(level, i * bytes, 2 * bytes, level, i / 2 * bytes);
    }
    return twins;
  }
}
