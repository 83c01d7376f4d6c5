package org.chaincore.sync.settings;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What came of settings that should change: all of it, or nothing. Immutable. */
public sealed interface SettingsChange {
  /**
   * All of it is good.
   *
   * @param settings what they are now
   * @param changed the names of the settings that are different from before
   */
  record Applied(OperationalSettings settings, SortedSet<String> changed)
      implements SettingsChange {
    public Applied {
      changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
    }
  }

  /**
   * One is not allowed, and so none changed.
   *
   * @param reason one of {@link RefusalReason#CONSENSUS_KEY}, {@link RefusalReason#UNKNOWN_KEY} and
   *     {@link RefusalReason#OUT_OF_RANGE}
   * @param key the first setting at fault
   * @param value what it should have become
   * @param allowed what it may become, in words; empty for a key that is no setting
   */
  record Refused(RefusalReason reason, String key, String value, String allowed)
      implements SettingsChange {
    /** In words. */
    public String detail() {
      return allowed.isEmpty() ? key : key + " is " + value + ", allowed is " + allowed;
    }
  }
}
