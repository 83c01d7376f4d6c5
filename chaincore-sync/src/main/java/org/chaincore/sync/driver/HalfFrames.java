package org.chaincore.sync.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Watches frames that are large and not whole: a peer that sends the rest of one drop by drop would
 * keep the node's memory for as long as it likes. Whatever it has sent before, it must go on at a
 * pace; a shorter patience holds while others wait for the room that it takes.
 *
 * <p>Only time counts in which the node reads from the peer. A frame that is within a session's
 * guaranteed part is not watched: it takes no room from anybody.
 *
 * <p>Not thread-safe; confined to the driver's thread. Times are protocol time.
 */
final class HalfFrames {
  /** What has to come of a large frame in the time that a peer has for it: 8 KiB a second. */
  static final long LEAST_BYTES = 160 * 1024;

  /** How long a peer may take for these. */
  static final long PATIENCE_MILLIS = 20_000;

  /** The same while the node's bound is reached: 32 KiB a second. */
  static final long CROWDED_PATIENCE_MILLIS = 5_000;

  /** How often the frames are looked at. */
  static final long LOOK_MILLIS = 1_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final Inbox inbox;
  private final Map<Session, Pace> watched = new LinkedHashMap<>();
  private long lookAtMillis = NEVER;

  /** How one goes on. */
  private static final class Pace {
    private long bytes;
    private long waitedMillis;
    private long lookedMillis;

    Pace(long nowMillis) {
      lookedMillis = nowMillis;
    }
  }

  HalfFrames(Inbox inbox) {
    this.inbox = inbox;
  }

  /**
   * The decoder of a session has taken bytes.
   *
   * @param isAnother whether frames have ended in them, so that the one that is not whole is new
   */
  void fed(Session session, int bytes, boolean isAnother, long nowMillis) {
    int held = session.decoder().heldBytes();
    inbox.holds(session, held);
    if (held <= Inbox.GUARANTEED_BYTES) {
      forget(session);
      return;
    }
    if (isAnother) {
      watched.remove(session);
    }
    watched.computeIfAbsent(session, any -> new Pace(nowMillis)).bytes += bytes;
    if (lookAtMillis == NEVER) {
      lookAtMillis = nowMillis + LOOK_MILLIS;
    }
  }

  /** A session is over. */
  void ended(Session session) {
    inbox.holds(session, 0);
    forget(session);
  }

  private void forget(Session session) {
    watched.remove(session);
    if (watched.isEmpty()) {
      lookAtMillis = NEVER;
    }
  }

  /** When to look again, {@link Long#MAX_VALUE} if there is nothing to look at. */
  long lookAtMillis() {
    return lookAtMillis;
  }

  /** Looks, if it is time; those that are too slow. */
  List<Session> takeSlow(long nowMillis) {
    List<Session> slow = new ArrayList<>();
    if (nowMillis < lookAtMillis) {
      return slow;
    }
    lookAtMillis = nowMillis + LOOK_MILLIS;
    long patience = inbox.isCrowded() ? CROWDED_PATIENCE_MILLIS : PATIENCE_MILLIS;
    watched.forEach(
        (session, pace) -> {
          if (isTooSlow(session, pace, patience, nowMillis)) {
            slow.add(session);
          }
        });
    slow.forEach(this::forget);
    return slow;
  }

  private boolean isTooSlow(Session session, Pace pace, long patience, long nowMillis) {
    // While the driver was busy with other things nobody could see what came.
    long passed = Math.min(nowMillis - pace.lookedMillis, 2 * LOOK_MILLIS);
    pace.lookedMillis = nowMillis;
    OptionalLong unread = inbox.unreadWhileRead(session);
    // What has come and was not taken yet is the peer's merit, once.
    if (pace.bytes + unread.orElse(0) >= LEAST_BYTES) {
      pace.bytes = -unread.orElse(0);
      pace.waitedMillis = 0;
    } else if (unread.isPresent()) {
      pace.waitedMillis += passed;
    }
    return pace.waitedMillis >= patience;
  }
}
