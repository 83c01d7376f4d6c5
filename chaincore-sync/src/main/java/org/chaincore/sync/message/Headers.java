package org.chaincore.sync.message;

import java.util.List;
import org.chaincore.core.block.BlockHeader;

/**
 * Headers one after the other: an answer to {@link GetHeaders}, or an announcement (BIP130).
 *
 * @param headers lowest first; that they connect is not yet known
 */
public record Headers(List<BlockHeader> headers) implements Message {
  public static final String COMMAND = "headers";

  /** What one message may make a node hash and hold. Less than this ends a download. */
  public static final int MAX_HEADERS = 2_000;

  public Headers {
    Checks.atMost("headers", headers.size(), MAX_HEADERS);
    headers = List.copyOf(headers);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
