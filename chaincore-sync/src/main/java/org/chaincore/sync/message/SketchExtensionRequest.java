package org.chaincore.sync.message;

/**
 * Asks for as much again of a sketch that could not be decoded, up to the largest there is. Source:
 * BIP330, which has it once a round.
 */
public record SketchExtensionRequest() implements Message {
  public static final String COMMAND = "reqsketchext";

  @Override
  public String command() {
    return COMMAND;
  }
}
