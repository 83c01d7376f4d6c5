package org.chaincore.core.mining;

/** What comes of asking for a block to mine. */
public sealed interface TemplateResult {
  /**
   * There is work.
   *
   * @param template the block but for its nonce
   */
  record Ready(BlockTemplate template) implements TemplateResult {}

  /**
   * The next block would have to carry a time so far ahead that peers might refuse it: the times of
   * the last blocks run ahead of the clock. Waiting mends it.
   *
   * @param blockTime the earliest time that the block may carry, Unix seconds
   * @param waitUntilSeconds when to ask again, Unix seconds
   */
  record TooEarly(long blockTime, long waitUntilSeconds) implements TemplateResult {}
}
