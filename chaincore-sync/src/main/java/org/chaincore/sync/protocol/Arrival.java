package org.chaincore.sync.protocol;

/** What an arriving block came to. */
enum Arrival {
  /** It is on the chain now. */
  CONNECTED,
  /** It is good as far as it was judged, and kept off the chain. */
  ASIDE,
  /** It was there. */
  KNOWN,
  /** It came before its parent, which is asked for already, and waits for it. */
  EARLY,
  /** Its parent is not known, or not there; it waits among the orphans if they have room. */
  ORPHANED,
  /** Its body does not belong to its header: another peer may have the one that does. */
  MUTATED,
  /** It breaks a rule, and so does every chain through it. */
  INVALID,
  /** It is not wanted now, which is nobody's fault. */
  UNWANTED;

  /** Whether nobody had brought the block before, and it may be good. */
  boolean isNews() {
    return this == CONNECTED || this == ASIDE || this == EARLY || this == ORPHANED;
  }

  /** Whether the body is with the engine now. */
  boolean isThere() {
    return this == CONNECTED || this == ASIDE || this == KNOWN;
  }
}
