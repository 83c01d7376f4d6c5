package org.chaincore.sync.message;

import org.chaincore.sync.statistics.StatisticsRequest;

/**
 * Opens an exchange of statistics. ChainCore's own.
 *
 * @param request what the sender has, and what it wants
 */
public record GetStatistics(StatisticsRequest request) implements Message {
  public static final String COMMAND = "getnetstats";

  @Override
  public String command() {
    return COMMAND;
  }
}
