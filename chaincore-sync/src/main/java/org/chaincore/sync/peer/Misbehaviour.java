package org.chaincore.sync.peer;

/** Placeholder of the type that its own branch brings. */
public enum Misbehaviour {
  MALFORMED_FRAME,
  UNEXPECTED_MESSAGE,
  /** Said something in the handshake twice, too late, or in a shape that it never has. */
  BROKEN_HANDSHAKE,
  /** A header that breaks a rule or has no proof of work. */
  BAD_HEADER,
  /** Headers that do not follow each other. */
  DISORDERED_HEADERS,
  /** Headers that lead to nothing known; a node that was offline may send some. */
  NON_CONNECTING_HEADERS,
  /** Headers that go back on what the same peer committed to when it told them first. */
  CHANGED_HEADERS,
  /** A block that breaks a rule, its header apart. */
  INVALID_BLOCK,
  /** A body that does not belong to its header. */
  MUTATED_BLOCK
}
