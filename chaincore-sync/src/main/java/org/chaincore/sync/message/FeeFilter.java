package org.chaincore.sync.message;

/**
 * Asks not to be told of transactions that pay less. Source: BIP133.
 *
 * @param unitsPerKilobyte base units for 1,000 virtual bytes, 0 or more
 */
public record FeeFilter(long unitsPerKilobyte) implements Message {
  public static final String COMMAND = "feefilter";

  public FeeFilter {
    Checks.inRange("fee filter", unitsPerKilobyte, 0, Long.MAX_VALUE);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
