package org.chaincore.sync.message;

/**
 * Answers a {@link Ping}. Source: BIP31.
 *
 * @param nonce the ping's
 */
public record Pong(long nonce) implements Message {
  public static final String COMMAND = "pong";

  @Override
  public String command() {
    return COMMAND;
  }
}
