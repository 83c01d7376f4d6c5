package org.chaincore.sync.message;

/**
 * Asks not to be told of transactions that pay less. Source: BIP133.
 *
 * @param unitsPerKilobyte base units for 1,000 virtual bytes. Less than 0 is no fee rate, but no
 *     fault either: such a message is to be ignored
 */
public record FeeFilter(long unitsPerKilobyte) implements Message {
  public static final String COMMAND = "feefilter";

  @Override
  public String command() {
    return COMMAND;
  }
}
