package org.chaincore.core.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.PartialMerkleTree.Match;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;

/** Merkle roots, proofs and partial trees against a slow model. */
class MerkleTest {
  private static List<Hash256> leaves(RandomGenerator random, int count) {
    return new RandomBlocks(random, 1).hashes(count);
  }

  private static List<Hash256> leaves(int count) {
    return leaves(new SplittableRandom(count), count);
  }

  /** The model: the root of a list is the hash of the roots of its halves, filled up by repeats. */
  private static Hash256 modelRoot(List<Hash256> leaves) {
    int width = 1;
    while (width < leaves.size()) {
      width *= 2;
    }
    return modelNode(leaves, 0, width);
  }

  private static Hash256 modelNode(List<Hash256> leaves, int from, int width) {
    if (width == 1) {
      return leaves.get(from);
    }
    Hash256 left = modelNode(leaves, from, width / 2);
    int middle = from + width / 2;
    Hash256 right = middle < leaves.size() ? modelNode(leaves, middle, width / 2) : left;
    return Sha256.doubleHash(ByteWriter.create().hash(left).hash(right).toArray());
  }

  @Test
  void root_noLeaves_isZero() {
    assertThat(MerkleTree.root(List.of())).isEqualTo(new MerkleTree.Root(Hash256.ZERO, false));
  }

  @Test
  void root_oneLeaf_isTheLeaf() {
    assertThat(MerkleTree.root(leaves(1))).isEqualTo(new MerkleTree.Root(leaves(1).get(0), false));
  }

  @Test
  void root_anyList_isTheModels() {
    SeededRun.of(150, 150)
        .check(
            (random, size) -> {
              List<Hash256> leaves = leaves(random, size);
              assertThat(MerkleTree.root(leaves))
                  .isEqualTo(new MerkleTree.Root(modelRoot(leaves), false));
            });
  }

  @Test
  void root_tailRepeated_isTheSameAndMutated() {
    for (int count = 1; count <= 40; count++) {
      List<Hash256> honest = leaves(count);
      // What the tree repeats itself: the last subtree of the lowest level of odd width.
      int tail = Integer.lowestOneBit(count);
      List<Hash256> mutated = new ArrayList<>(honest);
      mutated.addAll(honest.subList(count - tail, count));
      if (count == tail) {
        assertThat(MerkleTree.root(mutated).hash()).isNotEqualTo(MerkleTree.root(honest).hash());
      } else {
        assertThat(MerkleTree.root(mutated).hash()).isEqualTo(MerkleTree.root(honest).hash());
      }
      assertThat(MerkleTree.root(honest).isMutated()).isFalse();
      assertThat(MerkleTree.root(mutated).isMutated()).isTrue();
    }
  }

  @Test
  void root_equalLeavesInDifferentPairs_areNoMutation() {
    List<Hash256> leaves = new ArrayList<>(leaves(4));
    leaves.set(2, leaves.get(1));

    assertThat(MerkleTree.root(leaves).isMutated()).isFalse();
  }

  @Test
  void prove_everyIndexOfListsOfOneToForty_provesThatLeafOnly() {
    for (int count = 1; count <= 40; count++) {
      List<Hash256> leaves = leaves(count);
      Hash256 root = MerkleTree.root(leaves).hash();
      for (int i = 0; i < count; i++) {
        MerkleProof proof = MerkleTree.prove(leaves, i);
        assertThat(proof.index()).isEqualTo(i);
        for (int j = 0; j < count; j++) {
          assertThat(proof.proves(leaves.get(j), root)).isEqualTo(i == j);
        }
      }
    }
  }

  @Test
  void prove_noSuchLeaf_throws() {
    assertThatThrownBy(() -> MerkleTree.prove(leaves(3), 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> MerkleTree.prove(leaves(3), -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void proof_indexBeyondItsLevels_throws() {
    List<Hash256> siblings = leaves(2);
    assertThat(new MerkleProof(3, siblings).index()).isEqualTo(3);
    assertThatThrownBy(() -> new MerkleProof(4, siblings))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MerkleProof(-1, siblings))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void proof_tooManyLevels_throws() {
    List<Hash256> most = Collections.nCopies(31, Hash256.ZERO);
    assertThat(new MerkleProof(Integer.MAX_VALUE, most).siblings()).hasSize(31);
    assertThatThrownBy(() -> new MerkleProof(0, Collections.nCopies(32, Hash256.ZERO)))
        .hasMessageContaining("32 levels");
  }

  @Test
  void partial_anySelection_extractsExactlyThat() {
    SeededRun.of(400, 120)
        .check(
            (random, size) -> {
              List<Hash256> leaves = leaves(random, size);
              boolean[] wanted = new boolean[size];
              int rarity = 1 + random.nextInt(size);
              List<Match> expected = new ArrayList<>();
              for (int i = 0; i < size; i++) {
                wanted[i] = random.nextInt(rarity) == 0;
                if (wanted[i]) {
                  expected.add(new Match(i, leaves.get(i)));
                }
              }
              PartialMerkleTree tree = PartialMerkleTree.of(leaves, i -> wanted[i]);
              assertThat(tree.extract(MerkleTree.root(leaves).hash())).hasValue(expected);
              assertThat(tree.extract(leaves.get(0)).isPresent()).isEqualTo(size == 1);
            });
  }

  @Test
  void partial_nothingWanted_isTheRootAlone() {
    PartialMerkleTree tree = PartialMerkleTree.of(leaves(9), i -> false);

    assertThat(tree.hashes()).containsExactly(MerkleTree.root(leaves(9)).hash());
    assertThat(tree.flags()).isEqualTo(Bytes.of((byte) 0));
    assertThat(tree.extract(tree.hashes().get(0))).hasValue(List.of());
  }

  @Test
  void partial_anyChange_extractsNothingThatIsNotInTheBlock() {
    SeededRun.of(600, 60)
        .check(
            (random, size) -> {
              RandomBlocks values = new RandomBlocks(random, size);
              List<Hash256> leaves = values.hashes(size);
              Hash256 root = MerkleTree.root(leaves).hash();
              PartialMerkleTree tree = PartialMerkleTree.of(leaves, i -> random.nextInt(3) == 0);
              PartialMerkleTree changed = changed(tree, values);
              // A changed count may keep the shape of the walk, and then moves a place at most.
              changed
                  .extract(root)
                  .ifPresent(
                      matches ->
                          assertThat(leaves)
                              .containsAll(matches.stream().map(Match::txid).toList()));
            });
  }

  private static PartialMerkleTree changed(PartialMerkleTree tree, RandomBlocks values) {
    RandomGenerator random = values.random();
    long count = tree.transactionCount();
    List<Hash256> hashes = new ArrayList<>(tree.hashes());
    byte[] flags = tree.flags().toArray();
    switch (random.nextInt(6)) {
      case 0 -> count += random.nextInt(-(int) count, 10);
      case 1 -> hashes.remove(random.nextInt(hashes.size()));
      case 2 -> hashes.add(random.nextInt(hashes.size() + 1), values.hash());
      case 3 -> hashes.set(random.nextInt(hashes.size()), values.hash());
      case 4 -> flags[random.nextInt(flags.length)] ^= (byte) (1 << random.nextInt(8));
      default -> flags = Arrays.copyOf(flags, flags.length + random.nextInt(-1, 2));
    }
    return new PartialMerkleTree(count, hashes, Bytes.of(flags));
  }

  @Test
  void extract_impossibleCount_isNothing() {
    PartialMerkleTree one = PartialMerkleTree.of(leaves(1), i -> true);
    for (long count : new long[] {0, PartialMerkleTree.MAX_TRANSACTIONS + 1, 0xffff_ffffL}) {
      PartialMerkleTree tree = new PartialMerkleTree(count, one.hashes(), one.flags());
      assertThat(tree.extract(leaves(1).get(0))).isEmpty();
    }
  }

  @Test
  void extract_moreHashesThanTransactions_isNothing() {
    PartialMerkleTree tree = new PartialMerkleTree(1, leaves(2), Bytes.of((byte) 1));

    assertThat(tree.extract(leaves(2).get(0))).isEmpty();
  }

  @Test
  void extract_fewerBitsThanHashes_isNothing() {
    PartialMerkleTree tree = new PartialMerkleTree(20, leaves(9), Bytes.of((byte) 0));

    assertThat(tree.extract(leaves(9).get(0))).isEmpty();
  }

  @Test
  void extract_hashesRunOut_isNothing() {
    PartialMerkleTree tree = new PartialMerkleTree(4, leaves(1), Bytes.of((byte) 0xff));

    assertThat(tree.extract(leaves(1).get(0))).isEmpty();
  }

  @Test
  void extract_bitsRunOut_isNothing() {
    // Eight bits of ones lead down the left edge and stop in the middle of the tree.
    PartialMerkleTree tree = new PartialMerkleTree(1_000, leaves(8), Bytes.of((byte) 0xff));

    assertThat(tree.extract(Hash256.ZERO)).isEmpty();
  }

  @Test
  void extract_hashLeftOver_isNothing() {
    List<Hash256> leaves = leaves(4);
    PartialMerkleTree tree = PartialMerkleTree.of(leaves, i -> i == 0);
    List<Hash256> more = new ArrayList<>(tree.hashes());
    more.add(Hash256.ZERO);

    assertThat(new PartialMerkleTree(4, more, tree.flags()).extract(MerkleTree.root(leaves).hash()))
        .isEmpty();
  }

  @Test
  void extract_byteOfFlagsLeftOver_isNothing() {
    List<Hash256> leaves = leaves(4);
    PartialMerkleTree tree = PartialMerkleTree.of(leaves, i -> i == 0);
    Bytes more = Bytes.of(tree.flags().at(0), (byte) 0);

    assertThat(
            new PartialMerkleTree(4, tree.hashes(), more).extract(MerkleTree.root(leaves).hash()))
        .isEmpty();
  }

  @Test
  void extract_equalChildren_isNothing() {
    // [1, 2, 3, 3] has the root of [1, 2, 3] (CVE-2012-2459).
    List<Hash256> honest = leaves(3);
    List<Hash256> mutated = new ArrayList<>(honest);
    mutated.add(honest.get(2));
    Hash256 root = MerkleTree.root(honest).hash();

    assertThat(PartialMerkleTree.of(honest, i -> i == 2).extract(root)).isPresent();
    assertThat(PartialMerkleTree.of(mutated, i -> i == 3).extract(root)).isEmpty();
  }

  @Test
  void partial_largestBlock_works() {
    List<Hash256> leaves = leaves(PartialMerkleTree.MAX_TRANSACTIONS);
    PartialMerkleTree tree = PartialMerkleTree.of(leaves, i -> i % 5_000 == 16_665 % 5_000);

    assertThat(tree.extract(MerkleTree.root(leaves).hash()).orElseThrow())
        .extracting(Match::index)
        .containsExactly(1_665, 6_665, 11_665, 16_665);
  }

  @Test
  void partial_impossibleBlock_throws() {
    assertThatThrownBy(() -> PartialMerkleTree.of(List.of(), i -> true))
        .hasMessageContaining("0 transactions");
    List<Hash256> tooMany =
        Collections.nCopies(PartialMerkleTree.MAX_TRANSACTIONS + 1, Hash256.ZERO);
    assertThatThrownBy(() -> PartialMerkleTree.of(tooMany, i -> true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void partial_countOutsideTheWiresRange_throws() {
    assertThatThrownBy(() -> new PartialMerkleTree(-1, List.of(), Bytes.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PartialMerkleTree(1L << 32, List.of(), Bytes.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
