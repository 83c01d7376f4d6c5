package org.chaincore.sync.message;

import org.chaincore.core.chain.Locator;
import org.chaincore.core.value.Hash256;

/**
 * Asks for the headers that follow the highest known one, at most {@link Headers#MAX_HEADERS}.
 *
 * @param locator the sender's chain
 * @param stop the last one wanted; zero for as many as fit
 */
public record GetHeaders(Locator locator, Hash256 stop) implements Message {
  public static final String COMMAND = "getheaders";

  @Override
  public String command() {
    return COMMAND;
  }
}
