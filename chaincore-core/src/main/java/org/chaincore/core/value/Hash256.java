package org.chaincore.core.value;

/**
 * A 256-bit hash: the id of a block or a transaction, a Merkle root, a commitment.
 *
 * <p>A hash has two byte orders. On the wire it is 32 bytes as the hash function gave them; shown
 * to a person it is those bytes reversed, as 64 lower-case hex digits ({@link #toString()}, {@link
 * #parse}). Read as a number — which is what proof of work and {@link #compareTo} do — the wire
 * bytes are least significant first, so the displayed digits are the number in hex.
 *
 * <p>Immutable and thread-safe.
 */
public final class Hash256 implements Comparable<Hash256> {
  /** Bytes of a hash on the wire. */
  public static final int BYTES = 32;

  /**
   * The hash of all zero bits: the parent of a genesis block, the previous transaction of a
   * coinbase.
   */
  public static final Hash256 ZERO = new Hash256(0, 0, 0, 0);

  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private Hash256(long w0, long w1, long w2, long w3) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  /** The hash whose 32 wire bytes begin at {@code offset}. */
  public static Hash256 ofWire(byte[] wire, int offset) {
    return new Hash256(
        LittleEndian.getLong(wire, offset),
        LittleEndian.getLong(wire, offset + 8),
        LittleEndian.getLong(wire, offset + 16),
        LittleEndian.getLong(wire, offset + 24));
  }

  /** The hash whose wire bytes are exactly these 32. */
  public static Hash256 ofWire(byte[] wire) {
    if (wire.length != BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, got " + wire.length);
    }
    return ofWire(wire, 0);
  }

  /** The hash as four words, least significant first, in the order of {@link #word}. */
  public static Hash256 ofWords(long w0, long w1, long w2, long w3) {
    return new Hash256(w0, w1, w2, w3);
  }

  /**
   * Reads 64 hex digits in display order.
   *
   * @throws IllegalArgumentException if there are not exactly 64 hex digits
   */
  public static Hash256 parse(String displayHex) {
    long[] words = UInt256.parseHex(displayHex);
    return new Hash256(words[0], words[1], words[2], words[3]);
  }

  /** Writes the 32 wire bytes. */
  public void writeWire(byte[] to, int offset) {
    LittleEndian.putLong(to, offset, w0);
    LittleEndian.putLong(to, offset + 8, w1);
    LittleEndian.putLong(to, offset + 16, w2);
    LittleEndian.putLong(to, offset + 24, w3);
  }

  public byte[] toWire() {
    byte[] wire = new byte[BYTES];
    writeWire(wire, 0);
    return wire;
  }

  /** Word {@code i} of four, word 0 the least significant of the number. */
  public long word(int i) {
    return switch (i) {
      case 0 -> w0;
      case 1 -> w1;
      case 2 -> w2;
      case 3 -> w3;
      default -> throw new IndexOutOfBoundsException("a hash has words 0..3, not " + i);
    };
  }

  public boolean isZero() {
    return (w0 | w1 | w2 | w3) == 0;
  }

  /** Compares as unsigned 256-bit numbers. */
  @Override
  public int compareTo(Hash256 other) {
    return UInt256.compare(w3, w2, w1, w0, other.w3, other.w2, other.w1, other.w0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash256 that
        && w0 == that.w0
        && w1 == that.w1
        && w2 == that.w2
        && w3 == that.w3;
  }

  /**
   * Of the low bits, which proof of work leaves random; colliding keys stay harmless as hashes are
   * comparable.
   */
  @Override
  public int hashCode() {
    return (int) (w0 ^ w0 >>> 32);
  }

  /** 64 lower-case hex digits in display order. */
  @Override
  public String toString() {
    return UInt256.toHex(w3, w2, w1, w0);
  }
}
