package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.statistics.GossipOutcome.Refusal;

/**
 * Judges what a peer says: an update is taken as a whole or refused as a whole. A signature is
 * checked only of what is of use, or says who the peer is.
 *
 * <p>Not thread-safe; confined to {@link StatisticsGossip}.
 */
final class Hearing {
  private final NodeKey self;
  private final NetworkId network;
  private final Signatures signatures;

  Hearing(NodeKey self, NetworkId network, Signatures signatures) {
    this.self = self;
    this.network = network;
    this.signatures = signatures;
  }

  /**
   * Takes the observations of an update that are of use.
   *
   * @param room how many observations were asked for
   * @param share how many of the sample may come from the peer's address group
   * @return why nothing was taken, if it was the peer's fault
   */
  Optional<Refusal> accept(
      Sample sample, GossipPeer peer, StatisticsUpdate update, int room, int share) {
    ObservationSet set = sample.current();
    List<SignedObservation> observations = update.observations();
    if (observations.size() > room) {
      return Optional.of(Refusal.TOO_MANY);
    }
    int left = share - peer.group().held();
    List<SampledNode> heard = new ArrayList<>();
    for (int i = 0; i < observations.size(); i++) {
      SignedObservation signed = observations.get(i);
      boolean isOwn = i == update.own();
      if (signed.node().equals(self.id())) {
        if (isOwn) {
          return Optional.of(Refusal.OTHER_NODE);
        }
        continue;
      }
      SampledNode node = new SampledNode(signed, set.salt().rank(signed.node()), peer.group());
      boolean isWelcome = heard.size() < left && set.isWelcome(node);
      if (!isWelcome && !isOwn) {
        continue;
      }
      if (!signed.isValid(network, signatures)) {
        return Optional.of(Refusal.BAD_SIGNATURE);
      }
      if (isOwn && !peer.says(signed.node())) {
        return Optional.of(Refusal.OTHER_NODE);
      }
      if (isWelcome) {
        heard.add(node);
      }
    }
    heard.forEach(sample::hear);
    return Optional.empty();
  }
}
