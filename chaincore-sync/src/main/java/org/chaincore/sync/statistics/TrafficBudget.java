package org.chaincore.sync.statistics;

import java.util.Arrays;

/**
 * Bytes sent and received in the last stretch of time as long as a round, wherever it lies: rounds
 * do not begin evenly, and two halves of different rounds must not cost more than one whole.
 * Summaries that peers send come unasked, so some room is left for them until they are there.
 *
 * <p>Not thread-safe.
 */
final class TrafficBudget {
  /** Bytes of a frame beside its payload. */
  static final int FRAME_BYTES = 24;

  /** Requests expected at most in a round; more are rare while peers honour pauses. */
  private static final int EXPECTED_REQUESTS = 7;

  private final int maxBytes;

  /** Bytes of each of the last seconds, a ring. */
  private final int[] bytesBySecond;

  private long second;
  private int used;
  private int requests;
  private int exchangeBytes;

  TrafficBudget(int maxBytes, int roundSeconds) {
    this.maxBytes = maxBytes;
    this.bytesBySecond = new int[roundSeconds];
  }

  /** It is this second now; a clock that goes back begins anew. */
  void at(long now) {
    if (now < second || now - second >= bytesBySecond.length) {
      Arrays.fill(bytesBySecond, 0);
      used = 0;
    } else {
      for (long next = second + 1; next <= now; next++) {
        used -= bytesBySecond[place(next)];
        bytesBySecond[place(next)] = 0;
      }
    }
    second = now;
  }

  private int place(long ofSecond) {
    return (int) Math.floorMod(ofSecond, (long) bytesBySecond.length);
  }

  /** A round begins, in which a request and a bare answer take about so many bytes. */
  void beginRound(int newExchangeBytes) {
    requests = 0;
    exchangeBytes = newExchangeBytes + 2 * FRAME_BYTES;
  }

  void spend(int payloadBytes) {
    int bytes = payloadBytes + FRAME_BYTES;
    used += bytes;
    bytesBySecond[place(second)] += bytes;
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
