package org.chaincore.core.block;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * A header and the transactions it commits to. That they belong together is for the rules to judge:
 * a body can be changed without changing the hash (CVE-2012-2459), so the hash names the header
 * only.
 *
 * <p>Immutable and thread-safe.
 *
 * @param header what is hashed
 * @param transactions in order, coinbase first
 */
public record Block(BlockHeader header, List<Transaction> transactions) {
  public Block {
    transactions = List.copyOf(transactions);
  }

  /**
   * Reads exactly one block.
   *
   * @throws MalformedBytesException if the bytes are not one canonical encoding
   */
  public static Block parse(byte[] wire) {
    return ByteReader.readAll(wire, "block", in -> read(in, Sha256.create()));
  }

  /** Reads the next block of {@code in}. */
  public static Block read(ByteReader in, Sha256 hasher) {
    BlockHeader header = BlockHeader.read(in, hasher);
    List<Transaction> transactions =
        in.list(
            "block transactions", Transaction.MIN_BYTES, item -> Transaction.read(item, hasher));
    return new Block(header, transactions);
  }

  public Hash256 hash() {
    return header.hash();
  }

  /** Bytes on the wire. */
  public int size() {
    int size = overhead();
    for (Transaction transaction : transactions) {
      size = Math.addExact(size, transaction.size());
    }
    return size;
  }

  /** Bytes on the wire without witnesses. */
  public int strippedSize() {
    int size = overhead();
    for (Transaction transaction : transactions) {
      size = Math.addExact(size, transaction.strippedSize());
    }
    return size;
  }

  /**
   * Weight units: three times the stripped size and the size (BIP141).
   *
   * @throws ArithmeticException above 2³¹−1, where no wire could have brought the block
   */
  public int weight() {
    return Math.addExact(Math.multiplyExact(strippedSize(), Transaction.WITNESS_SCALE - 1), size());
  }

  private int overhead() {
    return BlockHeader.BYTES + ByteWriter.compactSizeBytes(transactions.size());
  }

  public List<Hash256> txids() {
    List<Hash256> txids = new ArrayList<>(transactions.size());
    for (Transaction transaction : transactions) {
      txids.add(transaction.txid());
    }
    return Collections.unmodifiableList(txids);
  }

  public byte[] toWire() {
    ByteWriter out = ByteWriter.ofExpectedSize(size());
    write(out);
    return out.takeArray();
  }

  public void write(ByteWriter out) {
    header.write(out);
    out.compactSize(transactions.size());
    for (int i = 0; i < transactions.size(); i++) {
      transactions.get(i).write(out);
    }
  }

  @Override
  public String toString() {
    return "block " + hash();
  }
}
