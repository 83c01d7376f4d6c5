package org.chaincore.sync.message;

/** Accepts the other side's version; after both, the connection is up. */
public record Verack() implements Message {
  public static final String COMMAND = "verack";

  @Override
  public String command() {
    return COMMAND;
  }
}
