package org.chaincore.core.block;

import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;

/**
 * The 80 bytes that name a block, its parent, its transactions and its work. Its double SHA-256 is
 * the block's hash.
 *
 * <p>Immutable and thread-safe; the hash is computed with the header.
 */
public final class BlockHeader {
  /** Bytes of a header on the wire. */
  public static final int BYTES = 80;

  private static final int PREVIOUS = 4;
  private static final int MERKLE_ROOT = 36;
  private static final int TIME = 68;
  private static final int BITS = 72;
  private static final int NONCE = 76;

  private final int version;
  private final Hash256 previous;
  private final Hash256 merkleRoot;
  private final int time;
  private final int bits;
  private final int nonce;
  private final Hash256 hash;

  private BlockHeader(byte[] wire, int offset, Sha256 hasher) {
    this.version = LittleEndian.getInt(wire, offset);
    this.previous = Hash256.ofWire(wire, offset + PREVIOUS);
    this.merkleRoot = Hash256.ofWire(wire, offset + MERKLE_ROOT);
    this.time = LittleEndian.getInt(wire, offset + TIME);
    this.bits = LittleEndian.getInt(wire, offset + BITS);
    this.nonce = LittleEndian.getInt(wire, offset + NONCE);
    this.hash = hasher.doubleHash(wire, offset, BYTES);
  }

  /**
   * A header of these fields.
   *
   * @param time Unix seconds, 0..2³²−1
   * @param bits the target as compact bits, not yet judged
   * @throws IllegalArgumentException if the time does not fit
   */
  public static BlockHeader of(
      int version, Hash256 previous, Hash256 merkleRoot, long time, int bits, int nonce) {
    if (time < 0 || time > 0xffff_ffffL) {
      throw new IllegalArgumentException("header time outside 0..2^32-1: " + time);
    }
    byte[] wire = new byte[BYTES];
    LittleEndian.putInt(wire, 0, version);
    previous.writeWire(wire, PREVIOUS);
    merkleRoot.writeWire(wire, MERKLE_ROOT);
    LittleEndian.putInt(wire, TIME, (int) time);
    LittleEndian.putInt(wire, BITS, bits);
    LittleEndian.putInt(wire, NONCE, nonce);
    return new BlockHeader(wire, 0, Sha256.create());
  }

  /** Reads the 80 bytes at {@code offset}; every 80 bytes are a header. */
  public static BlockHeader read(byte[] wire, int offset, Sha256 hasher) {
    return new BlockHeader(wire, offset, hasher);
  }

  public static BlockHeader read(ByteReader in, Sha256 hasher) {
    return in.header(hasher);
  }

  /**
   * Reads exactly 80 bytes.
   *
   * @throws MalformedBytesException if there are more or fewer
   */
  public static BlockHeader parse(byte[] wire) {
    return ByteReader.readAll(wire, "header", in -> read(in, Sha256.create()));
  }

  public int version() {
    return version;
  }

  /** The hash of the parent; zero for a genesis block. */
  public Hash256 previous() {
    return previous;
  }

  public Hash256 merkleRoot() {
    return merkleRoot;
  }

  /** Unix seconds, 0..2³²−1. */
  public long time() {
    return Integer.toUnsignedLong(time);
  }

  /** The target as compact bits, as the header has them. */
  public int bits() {
    return bits;
  }

  public int nonce() {
    return nonce;
  }

  public Hash256 hash() {
    return hash;
  }

  public BlockHeader withNonce(int newNonce) {
    return of(version, previous, merkleRoot, time(), bits, newNonce);
  }

  public BlockHeader withTime(long newTime) {
    return of(version, previous, merkleRoot, newTime, bits, nonce);
  }

  public byte[] toWire() {
    byte[] wire = new byte[BYTES];
    writeWire(wire, 0);
    return wire;
  }

  /** Writes the 80 bytes behind what was written before. */
  public void write(ByteWriter out) {
    out.header(this);
  }

  /** Writes the 80 bytes. */
  public void writeWire(byte[] to, int offset) {
    LittleEndian.putInt(to, offset, version);
    previous.writeWire(to, offset + PREVIOUS);
    merkleRoot.writeWire(to, offset + MERKLE_ROOT);
    LittleEndian.putInt(to, offset + TIME, time);
    LittleEndian.putInt(to, offset + BITS, bits);
    LittleEndian.putInt(to, offset + NONCE, nonce);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockHeader that && hash.equals(that.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "header " + hash;
  }
}
