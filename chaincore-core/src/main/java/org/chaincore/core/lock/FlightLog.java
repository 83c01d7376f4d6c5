package org.chaincore.core.lock;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Where locks tell the flight recorder. Until something records in the process, no class of an
 * event is touched: the first one loads the recorder, which takes more than a tenth of a second of
 * whoever waits then, or of the start of a program that never records. Stateless.
 */
final class FlightLog {
  private FlightLog() {}

  /** A wait that begins now; null where nobody records. */
  static @Nullable LockWaitEvent waitBegun() {
    if (!FlightRecorder.isInitialized()) {
      return null;
    }
    LockWaitEvent event = new LockWaitEvent();
    event.begin();
    return event;
  }

  /** A deadlock, or an acquire against the order. */
  static void fault(String kind, String text) {
    if (FlightRecorder.isInitialized()) {
      LockFaultEvent.commit(kind, text);
    }
  }
}
