package org.chaincore.core.lock;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A wait for a ranked lock, in a flight recording. */
@Name("org.chaincore.LockWait")
@Label("Ranked Lock Wait")
@Category({"ChainCore", "Locks"})
@Description("An acquire of a ranked lock that had to queue")
@Threshold("10 ms")
final class LockWaitEvent extends Event {
  @Label("Lock")
  String lock = "";

  @Label("Write")
  boolean write;

  @Label("Outcome")
  String outcome = "";

  /** The wait is over. */
  void commit(String lockName, boolean isWrite, String howItEnded) {
    end();
    if (shouldCommit()) {
      lock = lockName;
      write = isWrite;
      outcome = howItEnded;
      commit();
    }
  }
}
