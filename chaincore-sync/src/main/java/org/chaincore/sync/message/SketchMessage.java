package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;
import org.chaincore.sync.sketch.Sketch;

/**
 * A sketch of the sender's set, or its extension. Source: BIP330.
 *
 * @param data {@link Sketch#BYTES_PER_ELEMENT} bytes for each difference that it can tell, of which
 *     there are at most {@link Sketch#MAX_CAPACITY}: decoding costs the square of that
 */
public record SketchMessage(Bytes data) implements Message {
  public static final String COMMAND = "sketch";

  public SketchMessage {
    if (data.length() % Sketch.BYTES_PER_ELEMENT != 0) {
      throw new IllegalArgumentException(data.length() + " bytes of four-byte elements");
    }
    Checks.atMost(
        "elements of sketch", data.length() / Sketch.BYTES_PER_ELEMENT, Sketch.MAX_CAPACITY);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
