package org.chaincore.sync.settings;

import java.util.Set;
import java.util.TreeSet;
import org.chaincore.core.config.Networks;

/**
 * Tells the names of consensus parameters from those of settings: every name in a group that {@link
 * org.chaincore.core.config.ChainParams#consensusFields()} has, also those that are not thought of
 * yet. Nobody's signature changes what the nodes of a network agree on.
 */
final class ConsensusKeys {
  private static final Set<String> GROUPS = groups();

  private ConsensusKeys() {}

  private static Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    Networks.chaincore().consensusFields().keySet().forEach(name -> groups.add(group(name)));
    // The one group of which that network has no member.
    groups.add("checkpoint");
    return groups;
  }

  private static String group(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  static boolean contains(String name) {
    return GROUPS.contains(group(name));
  }
}
