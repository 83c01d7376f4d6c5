package org.chaincore.sync.message;

/**
 * Asks for a {@link Pong} with the same number. Source: BIP31.
 *
 * @param nonce any
 */
public record Ping(long nonce) implements Message {
  public static final String COMMAND = "ping";

  @Override
  public String command() {
    return COMMAND;
  }
}
