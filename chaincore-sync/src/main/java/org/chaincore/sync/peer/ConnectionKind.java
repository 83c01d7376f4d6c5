package org.chaincore.sync.peer;

/** Why a connection is there, and what it carries. */
public enum ConnectionKind {
  /** The peer dialled us. */
  INBOUND,
  /** We dialled; carries everything. */
  OUTBOUND,
  /** We dialled; carries blocks only, so that nobody can tell from gossip that it is there. */
  BLOCK_RELAY,
  /** We dialled to find out whether a node is there; ends after the handshake. */
  FEELER,
  /** The host application told us to dial; it answers for it. */
  MANUAL;

  /** Whether the peer dialled us. */
  public boolean isInbound() {
    return this == INBOUND;
  }

  /** Whether this node chose the peer itself. */
  public boolean isChosen() {
    return this == OUTBOUND || this == BLOCK_RELAY;
  }
}
