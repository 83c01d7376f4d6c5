package org.chaincore.core.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * The part of a block's Merkle tree that proves some of its transactions at once, as a {@code
 * merkleblock} message carries it (BIP37).
 *
 * <p><b>Idea.</b> The number of transactions gives the tree's shape. A walk from the root down,
 * left before right, writes one flag bit a node: 1 for a wanted leaf and for a node above one,
 * where the walk goes on; 0 for a node with nothing wanted below it, which is cut off. Every wanted
 * leaf and every cut node adds its hash. Whoever has the bits and hashes walks the same way and
 * computes the root.
 *
 * <p><b>Hostile trees.</b> {@link #extract} answers only if the walk uses up all hashes and all
 * bits but those that fill the last byte, and meets the root. A node whose two children are equal
 * is refused, since that is how one list of transactions poses as another (CVE-2012-2459). The
 * declared number of transactions costs nothing: the walk visits one node a bit and is as deep as
 * the tree, at most 15 levels. That a cut tree hides wanted transactions cannot be seen.
 *
 * <p>Immutable and thread-safe.
 *
 * @param transactionCount transactions of the block, as an unsigned 32-bit number of the wire
 * @param hashes of the wanted leaves and the cut nodes, in the order of the walk
 * @param flags bits of the walk, eight in a byte, the least significant first
 */
public record PartialMerkleTree(long transactionCount, List<Hash256> hashes, Bytes flags) {
  /** More transactions of 60 bytes do not fit into a block of 4,000,000 weight units. */
  public static final int MAX_TRANSACTIONS = 16_666;

  public PartialMerkleTree {
    if (transactionCount < 0 || transactionCount > 0xffff_ffffL) {
      throw new IllegalArgumentException(
          "number of transactions outside 0..2^32-1: " + transactionCount);
    }
    hashes = List.copyOf(hashes);
  }

  /**
   * A transaction that the tree proves.
   *
   * @param index its place in the block
   * @param txid its name
   */
  public record Match(int index, Hash256 txid) {}

  /**
   * The partial tree of a block that proves the transactions at the wanted places.
   *
   * @throws IllegalArgumentException if there are no transactions or more than {@link
   *     #MAX_TRANSACTIONS}
   */
  public static PartialMerkleTree of(List<Hash256> txids, IntPredicate isWanted) {
    if (!isPossible(txids.size())) {
      throw new IllegalArgumentException("a block of " + txids.size() + " transactions");
    }
    return new Pruning(txids, isWanted).tree();
  }

  /**
   * Reads the next partial tree of {@code in}. Whether it proves anything is for {@link #extract}
   * to say.
   */
  public static PartialMerkleTree read(ByteReader in) {
    return new PartialMerkleTree(
        in.uint32("merkle transaction count"),
        in.list("merkle hashes", Hash256.BYTES, item -> item.hash("merkle hash")),
        in.varBytes("merkle flags"));
  }

  public void write(ByteWriter out) {
    out.uint32(transactionCount).compactSize(hashes.size());
    hashes.forEach(out::hash);
    out.varBytes(flags);
  }

  /**
   * The transactions that this tree proves to be under a root, in the order of the block.
   *
   * @return empty if it is no proper partial tree of that root; an empty list if it is one of which
   *     nothing was wanted
   */
  public Optional<List<Match>> extract(Hash256 merkleRoot) {
    if (!isPossible(transactionCount)
        || hashes.size() > transactionCount
        || hashes.size() > 8L * flags.length()) {
      return Optional.empty();
    }
    Walk walk = new Walk((int) transactionCount);
    Optional<Hash256> root = walk.node(Shape.height((int) transactionCount), 0);
    return root.filter(hash -> hash.equals(merkleRoot) && walk.isUsedUp())
        .map(hash -> List.copyOf(walk.matches));
  }

  private static boolean isPossible(long transactions) {
    return transactions > 0 && transactions <= MAX_TRANSACTIONS;
  }

  /** The shape of a tree over so many leaves. Stateless. */
  private static final class Shape {
    private Shape() {}

    /** Levels above the leaves. */
    static int height(int leaves) {
      int height = 0;
      while (width(leaves, height) > 1) {
        height++;
      }
      return height;
    }

    /** Nodes at a height above the leaves. */
    static int width(int leaves, int height) {
      return (leaves + (1 << height) - 1) >>> height;
    }
  }

  /** Cuts a whole tree down. Confined to one call. */
  private static final class Pruning {
    private final int leaves;
    private final List<Hash256[]> levels = new ArrayList<>();
    private final List<boolean[]> wanted = new ArrayList<>();
    private final List<Hash256> kept = new ArrayList<>();
    private byte[] bits = new byte[16];
    private int bitCount;

    Pruning(List<Hash256> txids, IntPredicate isWanted) {
      this.leaves = txids.size();
      Hash256[] level = txids.toArray(Hash256[]::new);
      boolean[] marks = new boolean[leaves];
      for (int i = 0; i < leaves; i++) {
        marks[i] = isWanted.test(i);
      }
      levels.add(level);
      wanted.add(marks);
      Sha256 hasher = Sha256.create();
      while (level.length > 1) {
        level = levelAbove(level, hasher);
        marks = marksAbove(marks);
        levels.add(level);
        wanted.add(marks);
      }
    }

    private static Hash256[] levelAbove(Hash256[] below, Sha256 hasher) {
      Hash256[] above = new Hash256[(below.length + 1) / 2];
      for (int i = 0; i < above.length; i++) {
        int right = Math.min(2 * i + 1, below.length - 1);
        above[i] = parent(below[2 * i], below[right], hasher);
      }
      return above;
    }

    private static boolean[] marksAbove(boolean[] below) {
      boolean[] above = new boolean[(below.length + 1) / 2];
      for (int i = 0; i < below.length; i++) {
        above[i / 2] |= below[i];
      }
      return above;
    }

    PartialMerkleTree tree() {
      walk(levels.size() - 1, 0);
      return new PartialMerkleTree(leaves, kept, Bytes.of(bits, 0, (bitCount + 7) / 8));
    }

    private void walk(int height, int index) {
      boolean descends = wanted.get(height)[index];
      bit(descends);
      if (height == 0 || !descends) {
        kept.add(levels.get(height)[index]);
        return;
      }
      walk(height - 1, 2 * index);
      if (2 * index + 1 < levels.get(height - 1).length) {
        walk(height - 1, 2 * index + 1);
      }
    }

    private void bit(boolean one) {
      if (bitCount == 8 * bits.length) {
        bits = Arrays.copyOf(bits, 2 * bits.length);
      }
      if (one) {
        bits[bitCount / 8] |= (byte) (1 << bitCount % 8);
      }
      bitCount++;
    }
  }

  /** Walks a partial tree that may be hostile. Confined to one call. */
  private final class Walk {
    private final int leaves;
    private final Sha256 hasher = Sha256.create();
    private final List<Match> matches = new ArrayList<>();
    private int usedBits;
    private int usedHashes;

    Walk(int leaves) {
      this.leaves = leaves;
    }

    /** The hash of a node, or empty as soon as anything is wrong. */
    Optional<Hash256> node(int height, int index) {
      if (usedBits == 8 * flags.length()) {
        return Optional.empty();
      }
      boolean one = (flags.unsignedAt(usedBits / 8) >>> usedBits % 8 & 1) == 1;
      usedBits++;
      return height > 0 && one ? inner(height, index) : given(index, height == 0 && one);
    }

    private Optional<Hash256> given(int index, boolean isMatch) {
      if (usedHashes == hashes.size()) {
        return Optional.empty();
      }
      Hash256 hash = hashes.get(usedHashes++);
      if (isMatch) {
        matches.add(new Match(index, hash));
      }
      return Optional.of(hash);
    }

    private Optional<Hash256> inner(int height, int index) {
      Optional<Hash256> left = node(height - 1, 2 * index);
      if (left.isEmpty()) {
        return left;
      }
      if (2 * index + 1 >= Shape.width(leaves, height - 1)) {
        return Optional.of(parent(left.get(), left.get(), hasher));
      }
      Optional<Hash256> right = node(height - 1, 2 * index + 1);
      if (right.isEmpty() || right.equals(left)) {
        return Optional.empty();
      }
      return Optional.of(parent(left.get(), right.get(), hasher));
    }

    boolean isUsedUp() {
      return usedHashes == hashes.size() && (usedBits + 7) / 8 == flags.length();
    }
  }

  private static Hash256 parent(Hash256 left, Hash256 right, Sha256 hasher) {
    byte[] pair = new byte[2 * Hash256.BYTES];
    left.writeWire(pair, 0);
    right.writeWire(pair, Hash256.BYTES);
    return hasher.doubleHash(pair, 0, pair.length);
  }
}
