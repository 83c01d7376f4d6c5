package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.core.value.SipKey;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.BanList;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.ConnectionSlots;
import org.chaincore.sync.peer.Eviction;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.InboundPeer;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.Misbehaviour.Consequence;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerScore;
import org.chaincore.sync.peer.Reach;
import org.chaincore.sync.protocol.DisconnectReason.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows from misbehaviour, whom to let in, and who has to go when there is no room.
 *
 * <p><b>Whom to let in.</b> Nobody whom the host banned. An inbound peer takes a free slot, or that
 * of the one whom {@link Eviction} chooses, or goes. One that is discouraged does not get the last
 * slot, so it never pushes anybody out.
 *
 * <p><b>What follows.</b> Faults add up in a {@link PeerScore}. At its limit the connection ends
 * and the address is discouraged. A peer that the host named itself is cut like any other, for what
 * it sends is no better, but never discouraged: the host answers for it, and it is dialled again.
 * Addresses that many share, as the near end of a Tor proxy, are not discouraged either.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PeerSafety implements Machine {
  /** Details come from what peers said; log lines are not theirs to fill. */
  private static final int MAX_DETAIL_CHARS = 200;

  /** How one peer has behaved. */
  private static final class Conduct {
    final PeerScore score;
    final MessageBudget budget;

    Conduct(long nowMillis) {
      this.score = PeerScore.of(nowMillis);
      this.budget = new MessageBudget(nowMillis);
    }
  }

  private final MachineContext context;
  private final ConnectionSlots slots;
  private final BanList bans;
  private final GroupingRule rule;
  private final Eviction eviction;

  /** One a peer that was let in: bounded by the slots. */
  private final Map<PeerId, Conduct> conducts = new LinkedHashMap<>();

  PeerSafety(MachineContext context, ConnectionSlots slots) {
    this.context = context;
    this.slots = slots;
    this.bans = context.memory().bans();
    this.rule = context.memory().rule();
    SplittableRandom random = context.newRandom();
    this.eviction = Eviction.of(SipKey.of(random.nextLong(), random.nextLong()));
  }

  /** Whether a new connection may stay. If not, it has been told to go. */
  boolean admits(Peer peer, long nowMillis) {
    Cause refusal = refusal(peer, nowMillis);
    if (refusal != null) {
      context.disconnect(peer, DisconnectReason.of(refusal));
      return false;
    }
    slots.take(peer.id(), peer.kind(), peer.address());
    conducts.put(peer.id(), new Conduct(nowMillis));
    return true;
  }

  private @Nullable Cause refusal(Peer peer, long nowMillis) {
    if (bans.isBanned(peer.address(), context.seconds(nowMillis))) {
      return Cause.BANNED;
    }
    if (!peer.kind().isInbound()) {
      return slots.hasRoom(peer.kind()) ? null : Cause.FULL;
    }
    int free = slots.limits().max(ConnectionKind.INBOUND) - slots.count(ConnectionKind.INBOUND);
    if (free <= 1 && isDiscouraged(peer, nowMillis)) {
      return Cause.BANNED;
    }
    return free > 0 || evictForAnother(nowMillis) ? null : Cause.FULL;
  }

  private boolean isDiscouraged(Peer peer, long nowMillis) {
    return bans.isDiscouraged(peer.address(), context.seconds(nowMillis));
  }

  private boolean evictForAnother(long nowMillis) {
    PeerId chosen = eviction.choose(inbound(nowMillis)).orElse(null);
    Peer victim = chosen == null ? null : context.peers().find(chosen);
    if (victim == null) {
      return false;
    }
    cut(victim, DisconnectReason.of(Cause.EVICTED));
    return true;
  }

  /** Those who hold an inbound slot. */
  private List<InboundPeer> inbound(long nowMillis) {
    List<InboundPeer> inbound = new ArrayList<>();
    for (Peer peer : context.peers().all()) {
      if (peer.kind().isInbound() && !peer.isLeaving() && conducts.containsKey(peer.id())) {
        InboundPeer.Merits merits =
            new InboundPeer.Merits(
                peer.minLatencyMillis().orElse(Long.MAX_VALUE),
                peer.usefulBlockMillis(),
                peer.usefulTransactionMillis());
        inbound.add(
            new InboundPeer(
                peer.id(),
                rule.groupOf(peer.address()),
                peer.connectedAtMillis(),
                merits,
                isDiscouraged(peer, nowMillis)));
      }
    }
    return inbound;
  }

  /** The limits have changed: who is too many goes, whoever matters least first. */
  void cutSurplus(long nowMillis) {
    while (slots.count(ConnectionKind.INBOUND) > slots.limits().max(ConnectionKind.INBOUND)
        && (evictForAnother(nowMillis) || cutYoungest(ConnectionKind.INBOUND))) {}
    for (ConnectionKind kind : List.of(ConnectionKind.OUTBOUND, ConnectionKind.BLOCK_RELAY)) {
      while (slots.count(kind) > slots.limits().max(kind) && cutYoungest(kind)) {}
    }
  }

  private boolean cutYoungest(ConnectionKind kind) {
    Peer youngest =
        context.peers().all().stream()
            .filter(peer -> peer.kind() == kind && !peer.isLeaving())
            .max(Comparator.comparing(Peer::id))
            .orElse(null);
    if (youngest != null) {
      cut(youngest, DisconnectReason.of(Cause.FULL));
    }
    return youngest != null;
  }

  /**
   * Whether a message of a peer is to be looked at. If not, it has been complained of.
   *
   * @param bytes the size of its frame
   */
  boolean mayGoOn(Peer peer, Message message, int bytes, long nowMillis) {
    Conduct conduct = conducts.get(peer.id());
    boolean may = conduct == null || conduct.budget.pay(message, bytes, nowMillis);
    if (!may) {
      context.out().complain(peer.id(), Misbehaviour.FLOOD, message.command());
    }
    return may;
  }

  /** A peer sent what this version does not know; that is paid for like what it knows. */
  void skipped(Peer peer, String command, int bytes, long nowMillis) {
    Conduct conduct = conducts.get(peer.id());
    if (conduct != null && !conduct.budget.payUnknown(bytes, nowMillis)) {
      context.out().complain(peer.id(), Misbehaviour.FLOOD, "unknown message " + command);
    }
  }

  /**
   * A peer sent something that nobody had asked for and that was of no use, which happens to honest
   * peers too, but not without end.
   */
  void tookInVain(Peer peer, int bytes, String what, long nowMillis) {
    Conduct conduct = conducts.get(peer.id());
    if (conduct != null && !conduct.budget.payForVain(bytes, nowMillis)) {
      context.out().complain(peer.id(), Misbehaviour.FLOOD, what);
    }
  }

  /** A peer did something that it should not have. */
  void complained(Peer peer, Misbehaviour misbehaviour, String detail, long nowMillis) {
    String shown =
        detail.length() <= MAX_DETAIL_CHARS ? detail : detail.substring(0, MAX_DETAIL_CHARS);
    context.out().emit(new SyncEvent.PeerMisbehaved(peer.id(), misbehaviour, shown));
    Conduct conduct = conducts.get(peer.id());
    Consequence consequence =
        conduct == null ? Consequence.NONE : conduct.score.add(misbehaviour, nowMillis);
    if (consequence == Consequence.DISCOURAGE && mayBeDiscouraged(peer)) {
      bans.discourage(peer.address(), context.seconds(nowMillis));
    }
    if (consequence != Consequence.NONE) {
      String why = misbehaviour + (shown.isEmpty() ? "" : ": " + shown);
      cut(peer, new DisconnectReason(causeOf(misbehaviour), why));
    }
  }

  private boolean mayBeDiscouraged(Peer peer) {
    NetworkAddress address = peer.address();
    boolean isShared = address.reach() == Reach.LOOPBACK && rule.ownerOf(address).port() == 0;
    return peer.kind() != ConnectionKind.MANUAL && !isShared;
  }

  private static Cause causeOf(Misbehaviour misbehaviour) {
    return switch (misbehaviour) {
      case STALLED_BLOCKS, STALLED_HEADERS -> Cause.STALLING;
      case SILENT -> Cause.TIMEOUT;
      case SLOW_READER -> Cause.NOT_READING;
      case OTHER_CONSENSUS -> Cause.CONSENSUS_DIFFERS;
      case USELESS, LOW_WORK_CHAIN, WRONG_NETWORK -> Cause.UNSUITABLE;
      case SAME_NODE -> Cause.DUPLICATE;
      default -> Cause.MISBEHAVING;
    };
  }

  /** The host wants a connection ended. */
  void disconnectRequested(PeerId id) {
    Peer peer = context.peers().find(id);
    if (peer != null) {
      cut(peer, DisconnectReason.of(Cause.REQUESTED));
    }
  }

  /** The host bans the owner of an address; who is there goes. */
  void banRequested(NetworkAddress address, long untilSeconds, long nowMillis) {
    long nowSeconds = context.seconds(nowMillis);
    bans.ban(address, untilSeconds, nowSeconds);
    for (Peer peer : context.peers().all()) {
      if (bans.isBanned(peer.address(), nowSeconds)) {
        cut(peer, DisconnectReason.of(Cause.BANNED));
      }
    }
  }

  /** The host holds nothing against the owner of an address any more. */
  void forgiveRequested(NetworkAddress address) {
    bans.forgive(address);
  }

  /** The slot is free at once: whoever it is needed for is let in within the same step. */
  private void cut(Peer peer, DisconnectReason reason) {
    context.disconnect(peer, reason);
    slots.release(peer.id());
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    slots.release(peer.id());
    conducts.remove(peer.id());
  }

  /** How many peers something is kept of. */
  int size() {
    return conducts.size();
  }
}
