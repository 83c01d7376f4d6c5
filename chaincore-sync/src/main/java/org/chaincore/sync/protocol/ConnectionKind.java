package org.chaincore.sync.protocol;

/** Who made a connection, and what for. */
public enum ConnectionKind {
  /** The peer came to us. */
  INBOUND,
  /** We went to the peer, for everything there is. */
  OUTBOUND,
  /**
   * We went to the peer for blocks only: no transactions and no addresses pass, so nobody can draw
   * the map of the network from them.
   */
  BLOCK_RELAY,
  /** We only look whether somebody is there, and leave. */
  FEELER;

  /** Whether the peer came to us. */
  public boolean isInbound() {
    return this == INBOUND;
  }
}
