package org.chaincore.sync.statistics;

/**
 * Bytes sent and received in the round that runs. Summaries that peers send come unasked, so some
 * room is left for them until they are there.
 *
 * <p>Not thread-safe.
 */
final class TrafficBudget {
  /** Bytes of a frame beside its payload. */
  static final int FRAME_BYTES = 24;

  /** Requests expected at most in a round; more are rare while peers honour pauses. */
  private static final int EXPECTED_REQUESTS = 7;

  private final int maxBytes;
  private int used;
  private int requests;
  private int exchangeBytes;

  TrafficBudget(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A round begins, in which a request and a bare answer take about so many bytes. */
  void beginRound(int newExchangeBytes) {
    used = 0;
    requests = 0;
    exchangeBytes = newExchangeBytes + 2 * FRAME_BYTES;
  }

  void spend(int payloadBytes) {
    used += payloadBytes + FRAME_BYTES;
  }

  void requestArrived(int payloadBytes) {
    requests++;
    spend(payloadBytes);
  }

  int used() {
    return used;
  }

  /** Whether a payload of this size may still be sent. */
  boolean allows(int payloadBytes) {
    return used + payloadBytes + FRAME_BYTES <= maxBytes;
  }

  /** How many observations may still be sent or taken, after payloads of so many bytes. */
  int observations(int payloadBytes) {
    int reserved = Math.max(0, EXPECTED_REQUESTS - requests) * exchangeBytes;
    int left = maxBytes - used - reserved - payloadBytes - FRAME_BYTES;
    return Math.max(0, left / SignedObservation.MAX_BYTES);
  }
}
