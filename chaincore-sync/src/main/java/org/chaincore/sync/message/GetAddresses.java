package org.chaincore.sync.message;

/** Asks for addresses of other nodes. */
public record GetAddresses() implements Message {
  public static final String COMMAND = "getaddr";

  @Override
  public String command() {
    return COMMAND;
  }
}
