package org.chaincore.sync.statistics;

import org.chaincore.core.value.Bytes;

/** The peers of one address group, as one source of hearsay. Not thread-safe. */
final class SourceGroup {
  private final Bytes name;
  private int peers;
  private int held;

  SourceGroup(Bytes name) {
    this.name = name;
  }

  Bytes name() {
    return name;
  }

  void joined() {
    peers++;
  }

  void left() {
    peers--;
  }

  boolean hasPeers() {
    return peers > 0;
  }

  /** How many observations of the set in use came by this group. */
  int held() {
    return held;
  }

  void took() {
    held++;
  }

  void lost() {
    held--;
  }
}
