package org.chaincore.core.block;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** Random values that every field's whole range goes into; size bounds lists and byte strings. */
record RandomBlocks(RandomGenerator random, int size) {
  Hash256 hash() {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  List<Hash256> hashes(int count) {
    return list(count, this::hash);
  }

  Bytes bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  BlockHeader header() {
    return BlockHeader.of(
        random.nextInt(),
        hash(),
        hash(),
        random.nextLong(1L << 32),
        random.nextInt(),
        random.nextInt());
  }

  Transaction transaction() {
    boolean witnessed = random.nextBoolean();
    List<TransactionInput> inputs = list(1 + random.nextInt(size), () -> input(witnessed));
    List<TransactionOutput> outputs = list(random.nextInt(size + 1), this::output);
    return Transaction.of(random.nextInt(), inputs, outputs, random.nextLong(1L << 32));
  }

  private TransactionInput input(boolean witnessed) {
    OutPoint spent = new OutPoint(hash(), random.nextInt());
    Witness witness =
        witnessed ? new Witness(list(random.nextInt(4), () -> bytes(40))) : Witness.EMPTY;
    return new TransactionInput(spent, bytes(30), random.nextLong(1L << 32), witness);
  }

  private TransactionOutput output() {
    // Some scripts longer than a one-byte CompactSize says.
    return new TransactionOutput(random.nextLong(), bytes(random.nextInt(10) == 0 ? 400 : 40));
  }

  Block block() {
    return new Block(header(), list(random.nextInt(size + 1), this::transaction));
  }

  private static <T> List<T> list(int count, Supplier<T> item) {
    List<T> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }

  /** The bytes with one of: a bit flipped, a byte replaced, cut off, added, removed, inserted. */
  byte[] mutate(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    byte[] noise = new byte[1 + random.nextInt(9)];
    random.nextBytes(noise);
    byte[] changed = bytes.clone();
    switch (random.nextInt(6)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = noise[0];
      case 2 -> changed = splice(bytes, at, bytes.length - at, new byte[0]);
      case 3 -> changed = splice(bytes, bytes.length, 0, noise);
      case 4 -> changed = splice(bytes, at, 1, new byte[0]);
      default -> changed = splice(bytes, at, 0, noise);
    }
    return changed;
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    return ByteWriter.create()
        .bytes(Bytes.of(bytes, 0, at))
        .bytes(inserted)
        .bytes(Bytes.of(bytes, at + removed, bytes.length - at - removed))
        .toArray();
  }
}
