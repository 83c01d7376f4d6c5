package org.chaincore.bench.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bitcoinj.base.Sha256Hash;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/** The Merkle root of 2,000 ids. One operation is one root. */
public final class MerkleRoots {
  /** As many as a full block has transactions. */
  public static final int LEAVES = 2_000;

  /** How many roots one run is. */
  public static final int ROOTS = 20;

  private final List<Hash256> ids = new ArrayList<>();
  private final List<Sha256Hash> theirIds = new ArrayList<>();
  private final Hash256 root;

  private MerkleRoots(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] id = new byte[Hash256.BYTES];
    for (int i = 0; i < LEAVES; i++) {
      random.nextBytes(id);
      ids.add(Hash256.ofWire(id));
      theirIds.add(Sha256Hash.wrap(id.clone()));
    }
    root = MerkleTree.root(ids).hash();
  }

  public static MerkleRoots ofSeed(long seed) {
    return new MerkleRoots(seed);
  }

  /** The library's, which also looks for the same hash twice. */
  public Work chaincore() {
    return new Work("chaincore", ROOTS, () -> () -> repeated(() -> MerkleTree.root(ids).hash()));
  }

  /** Nothing but the hashes, in one array, by the JDK's digest. */
  public Work hashesOnly() {
    return new Work("limit: MessageDigest alone", ROOTS, () -> () -> repeated(this::bare));
  }

  private Hash256 bare() {
    Sha256 hasher = Sha256.create();
    byte[] level = new byte[(LEAVES + 1) * Hash256.BYTES];
    for (int i = 0; i < LEAVES; i++) {
      ids.get(i).writeWire(level, i * Hash256.BYTES);
    }
    for (int width = LEAVES; width > 1; width = (width + 1) / 2) {
      if ((width & 1) == 1) {
        System.arraycopy(level, (width - 1) * 32, level, width * 32, 32);
      }
      for (int i = 0; i < width; i += 2) {
        hasher.doubleHash(level, i * 32, 64, level, i / 2 * 32);
      }
    }
    return Hash256.ofWire(level, 0);
  }

  /** As bitcoinj does it: level by level, a value for each node. */
  public Work bitcoinj() {
    return new Work("bitcoinj's Sha256Hash", ROOTS, () -> () -> repeated(this::byBitcoinj));
  }

  private Hash256 byBitcoinj() {
    List<Sha256Hash> level = theirIds;
    while (level.size() > 1) {
      List<Sha256Hash> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        Sha256Hash right = level.get(Math.min(i + 1, level.size() - 1));
        next.add(Sha256Hash.wrap(Sha256Hash.hashTwice(level.get(i).getBytes(), right.getBytes())));
      }
      level = next;
    }
    return Hash256.ofWire(level.get(0).getBytes());
  }

  /** One way to a root. */
  private interface Way {
    Hash256 root();
  }

  private Object repeated(Way way) {
    int right = 0;
    for (int i = 0; i < ROOTS; i++) {
      right += way.root().equals(root) ? 1 : 0;
    }
    if (right != ROOTS) {
      throw new IllegalStateException("only " + right + " right roots");
    }
    return right;
  }
}
