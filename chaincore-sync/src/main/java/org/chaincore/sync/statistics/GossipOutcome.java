package org.chaincore.sync.statistics;

import java.util.Optional;

/**
 * What became of a message of a peer. Immutable.
 *
 * @param answer to be sent to that peer, if there is one
 * @param refusal why nothing of the message was used, if it was the peer's fault
 */
public record GossipOutcome(Optional<StatisticsUpdate> answer, Optional<Refusal> refusal) {
  /** No answer and nothing wrong. */
  static final GossipOutcome SILENT = new GossipOutcome(Optional.empty(), Optional.empty());

  /** What a peer did wrong. */
  public enum Refusal {
    /** It is not known as a peer. */
    NOT_CONNECTED,
    /** It asked more often than once a round. */
    TOO_OFTEN,
    /** It sent an update that nobody asked for. */
    UNASKED,
    /** It sent more observations than there was room for. */
    TOO_MANY,
    /** It sent an observation that its node did not sign for this network and epoch. */
    BAD_SIGNATURE,
    /** It said to be another node than before, or this one. */
    OTHER_NODE
  }

  static GossipOutcome answered(StatisticsUpdate update) {
    return new GossipOutcome(Optional.of(update), Optional.empty());
  }

  static GossipOutcome refused(Refusal refusal) {
    return new GossipOutcome(Optional.empty(), Optional.of(refusal));
  }
}
