package org.chaincore.sync.peer;

import org.chaincore.sync.peer.Misbehaviour.Consequence;

/**
 * What one connection has done wrong, in points that fade: one a minute. At {@link #LIMIT_POINTS}
 * the peer is discouraged. The sum is a connection's own, so that nobody can be blamed for what
 * another one did from the same address; it ends with the connection, so that a host cannot be kept
 * away for small faults.
 *
 * <p>Not thread-safe; confined to the protocol's thread.
 */
public final class PeerScore {
  /** Points at which a peer is discouraged. */
  public static final int LIMIT_POINTS = 100;

  /** Time in which one point fades. */
  public static final long MILLIS_PER_POINT = 60_000;

  /** Points as the time that they take to fade. */
  private long scoreMillis;

  private long atMillis;
  private boolean discouraged;

  private PeerScore(long nowMillis) {
    this.atMillis = nowMillis;
  }

  /** The score of a connection that begins now. */
  public static PeerScore of(long nowMillis) {
    return new PeerScore(nowMillis);
  }

  /**
   * Adds a fault.
   *
   * @return what follows; once a peer is discouraged, always that
   */
  public Consequence add(Misbehaviour fault, long nowMillis) {
    fade(nowMillis);
    scoreMillis += fault.points() * MILLIS_PER_POINT;
    discouraged |=
        fault.consequence() == Consequence.DISCOURAGE
            || scoreMillis >= LIMIT_POINTS * MILLIS_PER_POINT;
    return discouraged ? Consequence.DISCOURAGE : fault.consequence();
  }

  /** Points that have not faded, rounded up. */
  public int points(long nowMillis) {
    fade(nowMillis);
    long points = (scoreMillis + MILLIS_PER_POINT - 1) / MILLIS_PER_POINT;
    return (int) Math.min(points, Integer.MAX_VALUE);
  }

  private void fade(long nowMillis) {
    if (nowMillis > atMillis) {
      scoreMillis = Math.max(0, scoreMillis - (nowMillis - atMillis));
      atMillis = nowMillis;
    }
  }
}
