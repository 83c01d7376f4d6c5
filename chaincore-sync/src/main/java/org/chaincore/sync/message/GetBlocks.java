package org.chaincore.sync.message;

import org.chaincore.core.chain.Locator;
import org.chaincore.core.value.Hash256;

/**
 * Asks for an {@link Inventory} of the blocks that follow the highest known one, at most {@link
 * #MAX_ANSWER}.
 *
 * @param locator the sender's chain
 * @param stop the last one wanted; zero for as many as fit
 */
public record GetBlocks(Locator locator, Hash256 stop) implements Message {
  public static final String COMMAND = "getblocks";

  /** Blocks that one answer may name, as everywhere in Bitcoin's network. */
  public static final int MAX_ANSWER = 500;

  @Override
  public String command() {
    return COMMAND;
  }
}
