package org.chaincore.sync.settings;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the documents that were offered. Immutable.
 *
 * @param applied how many came into force
 * @param expired how many of those ended by their own time
 * @param refused how many were refused, for each reason
 */
public record SettingsCounts(long applied, long expired, SortedMap<RefusalReason, Long> refused) {
  public SettingsCounts {
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
  }

  /** How many were refused for one reason. */
  public long refused(RefusalReason reason) {
    return refused.getOrDefault(reason, 0L);
  }
}
