package org.chaincore.sync.protocol;

import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * What is to be said to one question of a peer, piece by piece: a question that names fifty
 * thousand things waits as one message and a place in it.
 *
 * <p>Not thread-safe; confined to {@link ChainServer}.
 */
final class Answer {
  private final int pieces;
  private final int pieceWeight;
  private final IntUnaryOperator send;
  private int sent;

  /**
   * An answer in pieces.
   *
   * @param pieceWeight how many things each piece names
   * @param send sends a piece, and says how many bytes that took
   */
  Answer(int pieces, int pieceWeight, IntUnaryOperator send) {
    this.pieces = pieces;
    this.pieceWeight = pieceWeight;
    this.send = send;
  }

  /** An answer in one piece. */
  Answer(int weight, IntSupplier send) {
    this(1, weight, only -> send.getAsInt());
  }

  int pieceWeight() {
    return pieceWeight;
  }

  /** How many things are named by what was not sent yet. */
  int weight() {
    return (pieces - sent) * pieceWeight;
  }

  /** Sends the next piece; how many bytes that took. */
  int sendNext() {
    return send.applyAsInt(sent++);
  }

  boolean isSent() {
    return sent == pieces;
  }
}
