package org.chaincore.sync.peer;

/** Placeholder of the type that its own branch brings. */
public enum Misbehaviour {
  MALFORMED_FRAME,
  UNEXPECTED_MESSAGE
}
