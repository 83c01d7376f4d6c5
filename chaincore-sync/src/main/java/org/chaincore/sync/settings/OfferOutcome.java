package org.chaincore.sync.settings;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What came of a document that was offered. Immutable. */
public sealed interface OfferOutcome {
  /**
   * It is in force.
   *
   * @param settings what the settings are now
   * @param changed the names of those that are different from before
   */
  record Applied(OperationalSettings settings, SortedSet<String> changed) implements OfferOutcome {
    public Applied {
      changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
    }
  }

  /**
   * It changed nothing.
   *
   * @param reason why
   * @param detail the same in words
   */
  record Refused(RefusalReason reason, String detail) implements OfferOutcome {}
}
