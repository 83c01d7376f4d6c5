package org.chaincore.sync.message;

/** Asks for the inventory of the mempool. Source: BIP35. */
public record MempoolRequest() implements Message {
  public static final String COMMAND = "mempool";

  @Override
  public String command() {
    return COMMAND;
  }
}
