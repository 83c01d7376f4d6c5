package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Cuts peers that we went to and whose chain stays behind ours: stops whoever would fill our own
 * connections with peers that never tell of a block.
 *
 * <p>Every so often such a peer must have shown a chain as good as ours was when it was looked at
 * last. If not, it is asked once, and then it has to go. A few that have shown a chain as good as
 * ours are never cut for this: should our own chain turn out to be the wrong one, we must not have
 * cut off everybody who is not on it. Source: Bitcoin Core's eviction of outbound peers by chain
 * sync.
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class ChainBehind {
  /** How long a peer may stay behind before it is asked. */
  static final long PERIOD_MILLIS = 20 * 60_000;

  /** How long it has when it was asked. */
  static final long ANSWER_MILLIS = 2 * 60_000;

  static final int MAX_PROTECTED = 4;

  private static final class Watch {
    HeaderNode mark;
    boolean isAsked;

    Watch(HeaderNode mark) {
      this.mark = mark;
    }
  }

  private final MachineContext context;
  private final Map<PeerId, Watch> watched = new LinkedHashMap<>();
  private final Set<PeerId> spared = new LinkedHashSet<>();

  ChainBehind(MachineContext context) {
    this.context = context;
  }

  void established(Peer peer, long nowMillis) {
    if (peer.kind().isChosen()) {
      watched.put(peer.id(), new Watch(HeaderWorth.ours(context)));
      context.timers().set(Timer.CHAIN_BEHIND, peer.id(), nowMillis + PERIOD_MILLIS);
    }
  }

  void disconnected(PeerId peer) {
    watched.remove(peer);
    spared.remove(peer);
  }

  /** A peer has shown headers. */
  void showed(Peer peer) {
    if (peer.kind() == ConnectionKind.OUTBOUND
        && spared.size() < MAX_PROTECTED
        && isAsGoodAs(peer, HeaderWorth.ours(context))) {
      spared.add(peer.id());
    }
  }

  private static boolean isAsGoodAs(Peer peer, HeaderNode mark) {
    HeaderNode best = peer.bestKnown();
    return best != null && best.chainWork().compareTo(mark.chainWork()) >= 0;
  }

  /**
   * The time of a peer is up.
   *
   * @return whether it is to be asked for headers
   */
  boolean due(Peer peer, long nowMillis) {
    @Nullable Watch watch = watched.get(peer.id());
    if (watch == null) {
      return false;
    }
    // Genesis is part of the rules: nobody can show that it has it, and nobody is behind it.
    boolean isAsGood = watch.mark.parent() == null || isAsGoodAs(peer, watch.mark);
    if (!isAsGood && watch.isAsked && !spared.contains(peer.id())) {
      context.disconnect(peer, DisconnectReason.of(DisconnectReason.Cause.BEHIND));
      return false;
    }
    boolean isToBeAsked = !isAsGood && !watch.isAsked;
    if (isAsGood) {
      watch.mark = HeaderWorth.ours(context);
    }
    watch.isAsked = isToBeAsked;
    context
        .timers()
        .set(
            Timer.CHAIN_BEHIND,
            peer.id(),
            nowMillis + (isToBeAsked ? ANSWER_MILLIS : PERIOD_MILLIS));
    return isToBeAsked;
  }
}
