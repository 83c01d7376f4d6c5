package org.chaincore.sync.peer;

/**
 * How many addresses one peer may tell: one in ten seconds, and a thousand at once after it was
 * asked. The rest is passed over. Stops floods of invented addresses, each of which would be passed
 * on to others. The numbers are Bitcoin Core's.
 *
 * <p>Not thread-safe; confined to the protocol's thread.
 */
public final class AddressRate {
  /** Milliseconds for which an address is earned. */
  public static final long MILLIS_PER_ADDRESS = 10_000;

  /** Addresses that an answer to our own question may hold, and that may be saved up. */
  public static final int BURST = 1_000;

  private static final long MOST_SAVED_MILLIS = BURST * MILLIS_PER_ADDRESS;

  private long creditMillis = MILLIS_PER_ADDRESS;
  private long atMillis;
  private long refused;

  private AddressRate(long nowMillis) {
    this.atMillis = nowMillis;
  }

  /** The rate of a peer that connected now: one address, for it will tell its own. */
  public static AddressRate of(long nowMillis) {
    return new AddressRate(nowMillis);
  }

  /**
   * Grants an answer to a question that was just asked. Asking again saves up two answers at most.
   */
  public void asked(long nowMillis) {
    earn(nowMillis);
    creditMillis = Math.min(creditMillis + MOST_SAVED_MILLIS, 2 * MOST_SAVED_MILLIS);
  }

  /**
   * Takes in as many addresses as the peer may tell now.
   *
   * @param told how many it tells
   * @return how many of these count; the others are to be passed over
   */
  public int accept(int told, long nowMillis) {
    earn(nowMillis);
    int accepted = (int) Math.min(told, creditMillis / MILLIS_PER_ADDRESS);
    creditMillis -= accepted * MILLIS_PER_ADDRESS;
    refused += told - accepted;
    return accepted;
  }

  /** How many were passed over. */
  public long refused() {
    return refused;
  }

  private void earn(long nowMillis) {
    if (nowMillis > atMillis && creditMillis < MOST_SAVED_MILLIS) {
      creditMillis = Math.min(creditMillis + (nowMillis - atMillis), MOST_SAVED_MILLIS);
    }
    atMillis = Math.max(atMillis, nowMillis);
  }
}
