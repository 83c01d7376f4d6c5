package org.chaincore.sync.statistics;

import java.util.Optional;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/** What is remembered of a connected peer: under 100 bytes, whatever it sends. Not thread-safe. */
final class GossipPeer {
  /**
   * Rounds begin at different moments, so two requests of two rounds may fall into one of ours; a
   * third would only make us work.
   */
  private static final int MAX_REQUESTS_A_ROUND = 2;

  private final PeerId id;
  private final SourceGroup group;
  private @Nullable NodeId node;
  private boolean isIntroduced;
  private long askAfterRound;
  private long requestsRound;
  private int requests;
  private long askedNonce;
  private long expectedNonce;
  private int expectedRoom;

  GossipPeer(PeerId id, SourceGroup group) {
    this.id = id;
    this.group = group;
  }

  PeerId id() {
    return id;
  }

  SourceGroup group() {
    return group;
  }

  /** The node that the peer says it is. */
  Optional<NodeId> node() {
    return Optional.ofNullable(node);
  }

  /** The peer says which node it is; it can do so once. */
  boolean says(NodeId own) {
    if (node == null) {
      node = own;
    }
    return node.equals(own);
  }

  /** Whether this node said which one it is; from now on it did. */
  boolean introduce() {
    boolean was = isIntroduced;
    isIntroduced = true;
    return was;
  }

  boolean mayBeAsked(long round) {
    return round >= askAfterRound;
  }

  void pause(long round, int rounds) {
    askAfterRound = round + rounds;
  }

  /** Counts a request of the peer; false if it is one too many. */
  boolean mayAsk(long round) {
    if (requestsRound != round) {
      requestsRound = round;
      requests = 0;
    }
    requests++;
    return requests <= MAX_REQUESTS_A_ROUND;
  }

  /** The peer was asked under this nonce. */
  void asked(long nonce) {
    askedNonce = nonce;
  }

  /** Whether the last request was this one; its answer may come after it was given up. */
  boolean wasAsked(long nonce) {
    return askedNonce == nonce;
  }

  /** The last update of an exchange that the peer opened may bring so many observations. */
  void expect(long nonce, int room) {
    expectedNonce = nonce;
    expectedRoom = room;
  }

  /** How many observations may come under this nonce, once; −1 if the update was not asked for. */
  int takeExpected(long nonce) {
    int room = expectedRoom > 0 && expectedNonce == nonce ? expectedRoom : -1;
    expectedRoom = 0;
    return room;
  }
}
