package org.chaincore.sync.codec;

/**
 * Bytes that are no frame of this network. It is the last thing that its decoder finds.
 *
 * @param reason what kind of fault it is
 * @param command of the frame; empty if that could not be read
 * @param detail the field and what is wrong with it, for people; printable whatever the peer sent
 */
public record MalformedFrame(Reason reason, String command, String detail) implements Frame {
  /** Kinds of faults. */
  public enum Reason {
    /** The frame begins with the magic of another network, or is no frame at all. */
    WRONG_MAGIC,
    /** The command is empty, not printable ASCII or not padded with zeros. */
    BAD_COMMAND,
    /** The header declares more than this command, or any, may have. */
    TOO_LONG,
    /** The payload is not the one that was sent. */
    WRONG_CHECKSUM,
    /**
     * The payload ends early, or a field of it is not in its canonical form or out of its range.
     */
    BAD_PAYLOAD,
    /** The payload goes on behind the message. */
    EXTRA_BYTES
  }
}
