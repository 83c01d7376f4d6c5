package org.chaincore.sync.message;

/** Asks for transactions by wtxid, before verack. Source: BIP339. */
public record WtxidRelay() implements Message {
  public static final String COMMAND = "wtxidrelay";

  @Override
  public String command() {
    return COMMAND;
  }
}
