package org.chaincore.sync.message;

import org.chaincore.sync.sketch.SketchPart;

/**
 * Asks for the sketch of a part of the receiver's set, because the largest sketch of all of it
 * could not be decoded. Source: the bisection of the first drafts of BIP330.
 */
public record BisectionRequest(SketchPart part) implements Message {
  public static final String COMMAND = "reqbisec";

  @Override
  public String command() {
    return COMMAND;
  }
}
