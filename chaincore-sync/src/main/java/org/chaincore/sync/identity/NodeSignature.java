package org.chaincore.sync.identity;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;

/**
 * What a node signed a message with. Source: RFC 8032, section 5.1.6.
 *
 * <p>Immutable and thread-safe.
 *
 * @param bytes 64 bytes, not yet judged
 */
public record NodeSignature(Bytes bytes) {
  /** Bytes of a signature on the wire. */
  public static final int BYTES = 64;

  public NodeSignature {
    if (bytes.length() != BYTES) {
      throw new IllegalArgumentException("a node signature has 64 bytes, got " + bytes.length());
    }
  }

  /**
   * Reads the 64 wire bytes; any 64 bytes are a signature.
   *
   * @throws org.chaincore.core.block.MalformedBytesException if there are fewer
   */
  public static NodeSignature read(ByteReader in) {
    return new NodeSignature(in.bytes("node signature", BYTES));
  }

  /** Writes the 64 wire bytes. */
  public void write(ByteWriter out) {
    out.bytes(bytes);
  }

  @Override
  public String toString() {
    return bytes.toHex();
  }
}
