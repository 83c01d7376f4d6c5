package org.chaincore.sync.message;

import org.chaincore.sync.statistics.StatisticsUpdate;

/**
 * What one side of an exchange of statistics tells the other: the answer to {@link GetStatistics},
 * or what ends the exchange. ChainCore's own.
 *
 * @param update observations that the other side lacks; their signatures are not checked yet
 */
public record StatisticsMessage(StatisticsUpdate update) implements Message {
  public static final String COMMAND = "netstats";

  @Override
  public String command() {
    return COMMAND;
  }
}
