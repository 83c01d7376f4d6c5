package org.chaincore.store.codec;

import org.chaincore.core.block.OutPoint;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;

/** The keys of the tables. Numbers are big-endian, so that byte order is their order. Stateless. */
public final class Keys {
  private Keys() {}

  /** That of the network's identity. */
  public static byte[] ofIdentity() {
    return new byte[] {'i'};
  }

  /** That of where the chain stands. */
  public static byte[] ofState() {
    return new byte[] {'s'};
  }

  /** That of the block whose coins are on disk. */
  public static byte[] ofFlushMark() {
    return new byte[] {'f'};
  }

  /** That of the height up to which bodies are forgotten. */
  public static byte[] ofPrunedHeight() {
    return new byte[] {'p'};
  }

  /** That of how far the transaction index is. */
  public static byte[] ofTransactionMark() {
    return new byte[] {'t'};
  }

  /** That of how far the address index is. */
  public static byte[] ofAddressMark() {
    return new byte[] {'a'};
  }

  /** That of the mark of coins that are being restored. */
  public static byte[] ofRestoring() {
    return new byte[] {'r'};
  }

  /** That of the snapshot that the store began from. */
  public static byte[] ofOrigin() {
    return new byte[] {'o'};
  }

  /** That of a header, its body and its undo data: its place among all headers. */
  public static byte[] ofSequence(int sequence) {
    byte[] key = new byte[4];
    putBigEndian(key, 0, sequence);
    return key;
  }

  /**
   * The sequence that is a key, or a value.
   *
   * @throws DamagedValueException if it is none
   */
  public static int sequenceOf(byte[] key) {
    if (key.length != 4) {
      throw new DamagedValueException("a sequence of " + key.length + " bytes");
    }
    return Integer.reverseBytes(LittleEndian.getInt(key, 0));
  }

  /** That of a hash. */
  public static byte[] ofHash(Hash256 hash) {
    return hash.toWire();
  }

  /** That of a coin: the txid, then the index, so that a transaction's coins lie together. */
  public static byte[] ofCoin(OutPoint outPoint) {
    byte[] key = new byte[OutPoint.BYTES];
    outPoint.txid().writeWire(key, 0);
    putBigEndian(key, Hash256.BYTES, outPoint.index());
    return key;
  }

  /** The out point that is a key. */
  public static OutPoint coinOf(byte[] key) {
    int index = Integer.reverseBytes(LittleEndian.getInt(key, Hash256.BYTES));
    return new OutPoint(Hash256.ofWire(key, 0), index);
  }

  private static void putBigEndian(byte[] to, int offset, int value) {
    LittleEndian.putInt(to, offset, Integer.reverseBytes(value));
  }
}
