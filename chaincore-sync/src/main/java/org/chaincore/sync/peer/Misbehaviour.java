package org.chaincore.sync.peer;

/**
 * What a peer did wrong, and what follows. Faults that an honest node cannot commit end the
 * connection and are remembered; faults that bad luck explains add up and fade. A difference of
 * opinion, such as another network, ends the connection and no more: it is nobody's fault.
 */
public enum Misbehaviour {
  /** Bytes that are no frame, or whose checksum is wrong. */
  MALFORMED_FRAME(100),
  /** A whole frame that is no message of its kind. */
  MALFORMED_MESSAGE(100),
  /** A frame, list or field past its limit. */
  OVERSIZE(100),
  /** A message where the handshake does not allow it, or a second handshake. */
  OUT_OF_TURN(100),
  /** A message that makes no sense at this moment. */
  UNEXPECTED_MESSAGE(10),
  /** Asks for what cannot be. */
  BAD_REQUEST(50),
  /** A message of a feature that was not agreed on. */
  UNNEGOTIATED_MESSAGE(20),
  /** Bytes of another network. */
  WRONG_NETWORK(Consequence.DISCONNECT),
  /** Consensus parameters that differ. */
  OTHER_CONSENSUS(Consequence.DISCONNECT),
  /** Too little of what this node needs: version or services. */
  USELESS(Consequence.DISCONNECT),
  /** This node itself, or a second connection to the same node. */
  SAME_NODE(Consequence.DISCONNECT),

  /** A header that breaks a rule or has no proof of work. */
  BAD_HEADER(100),
  /** Headers that do not follow each other. */
  DISORDERED_HEADERS(100),
  /** Headers that lead to nothing known; a node that was offline may send some. */
  NON_CONNECTING_HEADERS(10),
  /** Headers that go back on what the same peer committed to when it told them first. */
  CHANGED_HEADERS(100),
  /** A chain whose work is not worth its download. */
  LOW_WORK_CHAIN(Consequence.DISCONNECT),
  /**
   * A block that breaks a rule, its header apart. Not for one that came as a compact block: BIP152
   * lets a node pass those on when it has checked no more than the header.
   */
  INVALID_BLOCK(100),
  /** A body that does not belong to its header. */
  MUTATED_BLOCK(100),
  /** A block that nobody asked for. */
  UNREQUESTED_BLOCK(10),
  /** Short ids, or transactions for them, that make no block. */
  BAD_COMPACT_BLOCK(100),
  /** Blocks asked for that did not come in time. */
  STALLED_BLOCKS(Consequence.DISCONNECT),
  /** Headers asked for that did not come in time. */
  STALLED_HEADERS(Consequence.DISCONNECT),

  /** A transaction that no rules of any version allow. */
  INVALID_TRANSACTION(10),
  /** A transaction that nobody asked for. */
  UNREQUESTED_TRANSACTION(2),
  /** A transaction announced and never sent. */
  STALLED_TRANSACTION(1),
  /** A sketch that decodes to what it cannot have been made of. */
  LYING_SKETCH(20),
  /** Reconciliation out of turn, or more often than agreed. */
  BAD_RECONCILIATION(20),

  /** More addresses in a message than it may hold. */
  TOO_MANY_ADDRESSES(20),
  /** Statistics whose signature is wrong or that claim what cannot be. */
  BAD_OBSERVATION(20),
  /** A settings document whose signature is wrong. */
  BAD_SIGNATURE_DOCUMENT(20),
  /** An answer to a question that nobody asked. */
  UNREQUESTED_ANSWER(5),
  /** A ping answered with the wrong number. */
  BAD_PONG(1),
  /** No sign of life for too long. */
  SILENT(Consequence.DISCONNECT),
  /** More messages, or more that cost work, than its budget allows. */
  FLOOD(50),
  /** Asks and does not read. */
  SLOW_READER(Consequence.DISCONNECT);

  /** What follows a fault, or the sum of several. */
  public enum Consequence {
    /** Nothing yet. */
    NONE,
    /** The connection ends; the peer may come again. */
    DISCONNECT,
    /** The connection ends and the host is {@linkplain BanList#discourage discouraged}. */
    DISCOURAGE
  }

  private final int points;
  private final Consequence consequence;

  Misbehaviour(int points) {
    this.points = points;
    this.consequence = points >= PeerScore.LIMIT_POINTS ? Consequence.DISCOURAGE : Consequence.NONE;
  }

  Misbehaviour(Consequence consequence) {
    this.points = 0;
    this.consequence = consequence;
  }

  /** What it adds to the peer's score, 0 to {@link PeerScore#LIMIT_POINTS}. */
  public int points() {
    return points;
  }

  /** What follows from it alone. */
  public Consequence consequence() {
    return consequence;
  }
}
