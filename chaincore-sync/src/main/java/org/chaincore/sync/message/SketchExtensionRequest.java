package org.chaincore.sync.message;

/** Asks for the second half of a sketch that could not be decoded. Source: BIP330. */
public record SketchExtensionRequest() implements Message {
  public static final String COMMAND = "reqsketchext";

  @Override
  public String command() {
    return COMMAND;
  }
}
