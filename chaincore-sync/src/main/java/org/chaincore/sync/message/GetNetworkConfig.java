package org.chaincore.sync.message;

/**
 * Tells the version of the newest signed settings that the sender has applied, and asks for newer
 * ones. ChainCore's own.
 *
 * @param version 0 if it has applied none
 */
public record GetNetworkConfig(long version) implements Message {
  public static final String COMMAND = "getnetconf";

  public GetNetworkConfig {
    if (version < 0) {
      throw new IllegalArgumentException("versions begin at 0, got " + version);
    }
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
