package org.chaincore.sync.protocol;

import java.util.Map;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.peer.PeerId;

/**
 * Tells peers what our mempool asks of a transaction at least, so that they do not announce what it
 * would refuse (BIP133).
 *
 * <p>Not thread-safe; confined to {@link TransactionRelay}.
 */
final class FeeFloor {
  /** Peers of an earlier version do not know feefilter. */
  private static final int FEEFILTER_VERSION = 70_013;

  private final MachineContext context;
  private final Map<PeerId, PeerRelay> relays;

  FeeFloor(MachineContext context, Map<PeerId, PeerRelay> relays) {
    this.context = context;
    this.relays = relays;
  }

  void established(Peer peer, PeerRelay relay, long nowMillis) {
    if (peer.facts().version() >= FEEFILTER_VERSION) {
      tell(peer, relay, floor(nowMillis));
    }
  }

  /** The mempool takes other fees than before. */
  void changed(long nowMillis) {
    tellAll(nowMillis, (told, floor) -> told != floor);
  }

  /**
   * Tells peers of our floor if it has become quite another: it rises when the mempool is full and
   * sinks for a while after that.
   */
  void follow(long nowMillis) {
    tellAll(nowMillis, FeeFloor::isQuiteAnother);
  }

  private long floor(long nowMillis) {
    return context.engine().mempoolStats(context.seconds(nowMillis)).minFeePerKilobyte();
  }

  /** Tells those for whom the floor differs enough from what they were told. */
  private void tellAll(long nowMillis, Difference differs) {
    long floor = floor(nowMillis);
    for (Peer peer : context.peers().established()) {
      PeerRelay relay = relays.get(peer.id());
      if (relay != null && relay.toldFloor >= 0 && differs.test(relay.toldFloor, floor)) {
        tell(peer, relay, floor);
      }
    }
  }

  private void tell(Peer peer, PeerRelay relay, long floor) {
    relay.toldFloor = floor;
    context.out().send(peer.id(), new FeeFilter(floor));
  }

  /** Whether a floor is to be told to who was told another. */
  @FunctionalInterface
  private interface Difference {
    boolean test(long told, long floor);
  }

  /** By more than a quarter, or between none and some. */
  private static boolean isQuiteAnother(long told, long floor) {
    long most = Math.max(told, floor);
    return Math.min(told, floor) < most - most / 4;
  }
}
