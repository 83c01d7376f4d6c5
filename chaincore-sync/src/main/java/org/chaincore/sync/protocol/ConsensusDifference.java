package org.chaincore.sync.protocol;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Says in a line where two networks have different consensus parameters. Stateless. */
final class ConsensusDifference {
  /**
   * What is shown of a name or a value. Logs and status pages show it, and a stranger must not fill
   * them.
   */
  static final int MAX_SHOWN = 80;

  /** What is said where the parameters of the peer are not known, or name no difference. */
  static final String FINGERPRINT = "fingerprint";

  private ConsensusDifference() {}

  /**
   * The first field, in the order of names, that is not the same on both sides, with both values.
   *
   * @param ours our parameters, name to value
   * @param theirs the peer's, printable ASCII as {@link org.chaincore.sync.message.Params} demands
   */
  static String first(SortedMap<String, String> ours, SortedMap<String, String> theirs) {
    SortedSet<String> names = new TreeSet<>(ours.keySet());
    names.addAll(theirs.keySet());
    for (String name : names) {
      String our = ours.getOrDefault(name, "(none)");
      String their = theirs.getOrDefault(name, "(none)");
      if (!our.equals(their)) {
        return bounded(name) + ": ours " + bounded(our) + ", theirs " + bounded(their);
      }
    }
    return FINGERPRINT;
  }

  private static String bounded(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }
}
