package org.chaincore.sync.peer;

/**
 * Names a connection to a peer. A peer that connects again has another one, and none is ever used
 * twice; so what a slow answer of an old connection names is never taken for the new one.
 *
 * @param value positive; the engine knows what came from this peer under the same number
 */
public record PeerId(long value) implements Comparable<PeerId> {
  public PeerId {
    if (value <= 0) {
      throw new IllegalArgumentException("peer ids are positive, not " + value);
    }
  }

  @Override
  public int compareTo(PeerId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "peer " + value;
  }
}
