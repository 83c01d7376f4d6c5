package org.chaincore.sync.codec;

/**
 * A message that this version does not know, whose payload was skipped and not kept; so its
 * checksum is not checked either.
 *
 * @param command 1 to 12 printable ASCII characters
 * @param payloadBytes bytes that were skipped
 */
public record UnknownFrame(String command, int payloadBytes) implements Frame {
  /** The size of the whole frame. */
  public int frameBytes() {
    return FrameHeader.BYTES + payloadBytes;
  }
}
