package org.chaincore.sync.peer;

/**
 * What an address book knows of an address at one moment. Times are Unix seconds, 0 for never.
 *
 * @param address where it is
 * @param services what it offers, bits of {@link Services}; hearsay until it was reached
 * @param history what came of it so far
 * @param isTried whether it was reached, and holds a place among those
 */
public record KnownAddress(
    NetworkAddress address, long services, History history, boolean isTried) {
  /**
   * What came of an address so far.
   *
   * @param seenSeconds when it was last said, or found, to be there
   * @param attemptSeconds when it was last dialled
   * @param successSeconds when it was last reached
   * @param failures how often it was not reached since then
   */
  public record History(long seenSeconds, long attemptSeconds, long successSeconds, int failures) {}
}
