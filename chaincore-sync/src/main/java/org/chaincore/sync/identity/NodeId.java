package org.chaincore.sync.identity;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;

/**
 * Names a node by its Ed25519 public key. Anyone can make as many of these as they like: an id says
 * that two statements come from one node, never that two ids are two nodes.
 *
 * <p>Immutable and thread-safe; ordered as unsigned bytes from the first on.
 */
public final class NodeId implements Comparable<NodeId> {
  /** Bytes of an id on the wire. */
  public static final int BYTES = 32;

  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private NodeId(ByteBuffer bytes) {
    this.w0 = bytes.getLong();
    this.w1 = bytes.getLong();
    this.w2 = bytes.getLong();
    this.w3 = bytes.getLong();
  }

  /**
   * The id that is this public key. Whether it is a point of the curve is only asked when a
   * signature is checked, and a signature by one that is not never verifies.
   *
   * @throws IllegalArgumentException if it is not 32 bytes
   */
  public static NodeId of(Bytes publicKey) {
    if (publicKey.length() != BYTES) {
      throw new IllegalArgumentException("a node id has 32 bytes, got " + publicKey.length());
    }
    return new NodeId(ByteBuffer.wrap(publicKey.toArray()));
  }

  /**
   * Reads 64 hex digits of either case.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static NodeId parse(String hex) {
    return of(Bytes.parse(hex));
  }

  /**
   * Reads the 32 wire bytes; any 32 bytes are an id.
   *
   * @throws org.chaincore.core.block.MalformedBytesException if there are fewer
   */
  public static NodeId read(ByteReader in) {
    return of(in.bytes("node id", BYTES));
  }

  /** Writes the 32 wire bytes. */
  public void write(ByteWriter out) {
    out.bytes(toArray());
  }

  public Bytes toBytes() {
    return Bytes.of(toArray());
  }

  /** The first eight bytes as a number, for a quick look whether two ids may be the same. */
  public long prefix() {
    return w0;
  }

  byte[] toArray() {
    return ByteBuffer.allocate(BYTES).putLong(w0).putLong(w1).putLong(w2).putLong(w3).array();
  }

  @Override
  public int compareTo(NodeId other) {
    int c = Long.compareUnsigned(w0, other.w0);
    if (c != 0) {
      return c;
    }
    c = Long.compareUnsigned(w1, other.w1);
    if (c != 0) {
      return c;
    }
    c = Long.compareUnsigned(w2, other.w2);
    return c != 0 ? c : Long.compareUnsigned(w3, other.w3);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeId that
        && w0 == that.w0
        && w1 == that.w1
        && w2 == that.w2
        && w3 == that.w3;
  }

  /** Of all bits; keys made to collide cost a tree lookup, as ids are comparable. */
  @Override
  public int hashCode() {
    return Long.hashCode(w0 ^ w1 ^ w2 ^ w3);
  }

  /** 64 lower-case hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(toArray());
  }
}
