package org.chaincore.sync.peer;

/** Placeholder of the type that its own branch brings. */
public enum Misbehaviour {
  MALFORMED_FRAME,
  UNEXPECTED_MESSAGE,
  /** Said something in the handshake twice, too late, or in a shape that it never has. */
  BROKEN_HANDSHAKE
}
