package org.chaincore.sync.message;

/** Asks for {@link Params}, when the fingerprints of the handshake differ. ChainCore's own. */
public record GetParams() implements Message {
  public static final String COMMAND = "getparams";

  @Override
  public String command() {
    return COMMAND;
  }
}
