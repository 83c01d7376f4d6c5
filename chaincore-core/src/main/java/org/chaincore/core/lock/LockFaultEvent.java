package org.chaincore.core.lock;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** An inversion or a deadlock, in a flight recording. */
@Name("org.chaincore.LockFault")
@Label("Ranked Lock Fault")
@Category({"ChainCore", "Locks"})
@Description("An acquire against the lock order, or a deadlock")
final class LockFaultEvent extends Event {
  @Label("Kind")
  String kind = "";

  @Label("Text")
  String text = "";

  static void commit(String kind, String text) {
    LockFaultEvent event = new LockFaultEvent();
    event.kind = kind;
    event.text = text;
    event.commit();
  }
}
