package org.chaincore.core.block;

/**
 * Bytes that are no encoding of what they were read as: where, which field, and what is wrong with
 * it.
 */
public final class MalformedBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final String field;
  private final String reason;

  public MalformedBytesException(int offset, String field, String reason) {
    super(field + " at offset " + offset + ": " + reason);
    this.offset = offset;
    this.field = field;
    this.reason = reason;
  }

  /** The offset in bytes at which the field begins. */
  public int offset() {
    return offset;
  }

  public String field() {
    return field;
  }

  public String reason() {
    return reason;
  }
}
