package org.chaincore.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise of the readers: bytes either decode to one value that encodes back to them, or are
 * refused as malformed. Nothing else is ever thrown.
 */
class EncodingPropertyTest {
  /** One kind of value, with its writer and its reader. */
  record Format<T>(
      String name,
      Function<RandomBlocks, T> random,
      Function<T, byte[]> encode,
      Function<byte[], T> decode) {
    byte[] randomBytes(RandomBlocks values) {
      return encode.apply(random.apply(values));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Format<?>> formats() {
    return List.of(
        new Format<>("header", RandomBlocks::header, BlockHeader::toWire, BlockHeader::parse),
        new Format<>(
            "transaction", RandomBlocks::transaction, Transaction::toWire, Transaction::parse),
        new Format<>("block", RandomBlocks::block, Block::toWire, Block::parse),
        new Format<>(
            "partial Merkle tree",
            EncodingPropertyTest::partialTree,
            EncodingPropertyTest::encode,
            wire -> ByteReader.readAll(wire, "tree", PartialMerkleTree::read)));
  }

  private static PartialMerkleTree partialTree(RandomBlocks values) {
    int leaves = 1 + values.random().nextInt(4 * values.size());
    return PartialMerkleTree.of(values.hashes(leaves), i -> values.random().nextInt(4) == 0);
  }

  private static byte[] encode(PartialMerkleTree tree) {
    ByteWriter out = ByteWriter.create();
    tree.write(out);
    return out.toArray();
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void decode_ofAnEncoding_isTheValue(Format<T> format) {
    SeededRun.of(400, 12)
        .check(
            (random, size) -> {
              T value = format.random().apply(new RandomBlocks(random, size));
              byte[] wire = format.encode().apply(value);
              T decoded = format.decode().apply(wire);
              assertThat(decoded).isEqualTo(value).hasSameHashCodeAs(value);
              assertThat(format.encode().apply(decoded)).isEqualTo(wire);
            });
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void decode_ofAMutation_isRefusedOrEncodesBackToIt(Format<T> format) {
    SeededRun.of(300, 6)
        .check(
            (random, size) -> {
              RandomBlocks values = new RandomBlocks(random, size);
              byte[] wire = format.randomBytes(values);
              for (int i = 0; i < 60; i++) {
                byte[] mutated = values.mutate(wire);
                refusedOrEncodesBack(format, mutated);
                refusedOrEncodesBack(
                    format, mutated.length == 0 ? mutated : values.mutate(mutated));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void decode_ofEveryPrefix_isRefused(Format<T> format) {
    SeededRun.of(20, 3)
        .check(
            (random, size) -> {
              byte[] wire = format.randomBytes(new RandomBlocks(random, size));
              for (int length = 0; length < wire.length; length++) {
                assertThat(refusedOrEncodesBack(format, Arrays.copyOf(wire, length)))
                    .as("prefix of " + length)
                    .isFalse();
              }
            });
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void decode_ofNoise_isRefusedOrEncodesBackToIt(Format<T> format) {
    SeededRun.of(3_000, 300)
        .check(
            (random, size) -> {
              byte[] noise = new byte[size];
              random.nextBytes(noise);
              // Small counts, so that noise gets past the first of them.
              for (int i = 0; i < size; i++) {
                noise[i] = random.nextInt(3) > 0 ? (byte) random.nextInt(3) : noise[i];
              }
              refusedOrEncodesBack(format, noise);
            });
  }

  /** Whether it decodes; anything thrown but a refusal fails the test. */
  private static <T> boolean refusedOrEncodesBack(Format<T> format, byte[] wire) {
    T value;
    try {
      value = format.decode().apply(wire);
    } catch (MalformedBytesException refused) {
      assertThat(refused.offset()).isBetween(0, wire.length);
      assertThat(refused.field()).isNotBlank();
      return false;
    }
    assertThat(format.encode().apply(value)).isEqualTo(wire);
    return true;
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void sizes_ofAValue_areThoseOfItsEncoding(Format<T> format) {
    SeededRun.of(200, 10)
        .check(
            (random, size) -> {
              T value = format.random().apply(new RandomBlocks(random, size));
              if (value instanceof Transaction transaction) {
                checkSizes(transaction);
              } else if (value instanceof Block block) {
                checkSizes(block);
              }
            });
  }

  private static void checkSizes(Transaction transaction) {
    byte[] stripped = transaction.toWireWithoutWitness();
    assertThat(transaction.size()).isEqualTo(transaction.toWire().length);
    assertThat(transaction.strippedSize()).isEqualTo(stripped.length);
    assertThat(transaction.hasWitness()).isEqualTo(transaction.size() > stripped.length);
    assertThat(transaction.txid()).isEqualTo(Sha256.doubleHash(stripped));
    assertThat(transaction.wtxid()).isEqualTo(Sha256.doubleHash(transaction.toWire()));
    assertThat(transaction.weight()).isEqualTo(3 * stripped.length + transaction.size());
    assertThat(transaction.virtualSize()).isEqualTo((int) Math.ceil(transaction.weight() / 4.0));
  }

  private static void checkSizes(Block block) {
    int witnessBytes =
        block.transactions().stream().mapToInt(tx -> tx.size() - tx.strippedSize()).sum();
    assertThat(block.size()).isEqualTo(block.toWire().length);
    assertThat(block.strippedSize()).isEqualTo(block.size() - witnessBytes);
    assertThat(block.weight()).isEqualTo(3 * block.strippedSize() + block.size());
  }
}
