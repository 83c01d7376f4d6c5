package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;

/**
 * A sketch of the sender's set, or its extension. Source: BIP330.
 *
 * @param data 4 bytes for each difference that it can tell
 */
public record SketchMessage(Bytes data) implements Message {
  public static final String COMMAND = "sketch";

  /** Bytes of one element. */
  public static final int ELEMENT_BYTES = 4;

  /** Decoding costs the square of this; a larger difference is told by inventory. */
  public static final int MAX_CAPACITY = 1_024;

  public SketchMessage {
    if (data.length() % ELEMENT_BYTES != 0) {
      throw new IllegalArgumentException(data.length() + " bytes of four-byte elements");
    }
    Checks.atMost("elements of sketch", data.length() / ELEMENT_BYTES, MAX_CAPACITY);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
