package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.chaincore.sync.peer.AddressBook;
import org.chaincore.sync.peer.Anchors;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.ConnectionSlots;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.SlotLimits;
import org.chaincore.sync.protocol.DisconnectReason.Cause;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many connections as are wanted, to peers that differ from each other.
 *
 * <p><b>Whom it dials.</b> What the host asked for, again and again while it is lost. After a start
 * the anchors, once. Then addresses of the book, one of each group at most, until the slots are
 * full: those for everything first, then those for blocks only. When they are full, now and then a
 * feeler finds out whether some address answers, which keeps the tried part of the book true.
 *
 * <p><b>How fast.</b> With fewer peers than the least that is wanted, several at a time; else one
 * after the other. What does not answer is left alone for a while, longer each time. When nobody at
 * all answers, as without a network, the pace falls to a few a minute. A node that knows no address
 * looks once a minute.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class ConnectionKeeper implements Machine {
  /** Between two looks when there is nothing to do. */
  static final long IDLE_MILLIS = 60_000;

  /** Between two feelers, a quarter more or less by chance. */
  static final long FEELER_MILLIS = 120_000;

  /** Between two clearings of the book, which reads all of it. */
  static final long EXPIRY_MILLIS = 60 * 60_000;

  /** Of how many peers one is for blocks only. */
  private static final int PEERS_PER_BLOCK_PEER = 4;

  private final MachineContext context;
  private final ConnectionSlots slots;
  private final OwnAddresses own;
  private final AddressBook book;
  private final SplittableRandom random;
  private final Dials dials;
  private final DialPolicy policy;
  private final ManualPeers manual;
  private final ConnectionFigures figures;
  private final DialPace pace;
  private final List<NetworkAddress> anchors = new ArrayList<>();
  private @Nullable OperationalSettings followed;
  private long nextLookMillis = Long.MAX_VALUE;
  private long nextFeelerMillis;
  private long nextExpiryMillis;

  ConnectionKeeper(MachineContext context, ConnectionSlots slots, OwnAddresses own) {
    this.context = context;
    this.slots = slots;
    this.own = own;
    this.book = context.memory().book();
    this.figures = new ConnectionFigures(context.peers());
    this.pace = new DialPace(figures, book);
    this.random = context.newRandom();
    this.dials = new Dials(slots);
    this.policy = new DialPolicy(context, slots, own, context.newRandom());
    this.manual = new ManualPeers(slots.limits().max(ConnectionKind.MANUAL));
  }

  /**
   * Takes the limits of the settings over if they are others than before; the first time this also
   * starts the machine.
   *
   * @return whether they were
   */
  boolean followSettings(long nowMillis) {
    OperationalSettings current = context.settings();
    if (Objects.equals(current, followed)) {
      return false;
    }
    if (followed == null) {
      anchors.addAll(context.memory().takeAnchors().addresses());
      nextFeelerMillis = nowMillis + feelerWait();
      nextExpiryMillis = nowMillis + EXPIRY_MILLIS;
    }
    followed = current;
    slots.changeLimits(limitsOf(current.peers()));
    lookBy(nowMillis);
    return true;
  }

  private static SlotLimits limitsOf(PeerLimits peers) {
    int forBlocks =
        Math.min(SlotLimits.DEFAULT.blockPeers(), peers.target() / PEERS_PER_BLOCK_PEER);
    return new SlotLimits(peers.min(), peers.target(), peers.max(), forBlocks);
  }

  private long feelerWait() {
    return FEELER_MILLIS * 3 / 4 + random.nextLong(FEELER_MILLIS / 2);
  }

  /** The host wants this connection. */
  void connectRequested(NetworkAddress address, long nowMillis) {
    Cause refusal = null;
    if (own.contains(address)) {
      refusal = Cause.SELF;
    } else if (isBanned(address, nowMillis)) {
      refusal = Cause.BANNED;
    } else if (!manual.add(address, nowMillis)) {
      refusal = Cause.FULL;
    }
    if (refusal == null) {
      dialManual(nowMillis);
      lookBy(nowMillis + IDLE_MILLIS);
    } else {
      DisconnectReason reason = DisconnectReason.of(refusal);
      context.out().emit(new SyncEvent.ConnectionRefused(address, reason));
    }
  }

  private boolean isBanned(NetworkAddress address, long nowMillis) {
    return context.memory().bans().isBanned(address, context.seconds(nowMillis));
  }

  /** The host has banned somebody, whom it then does not wish to be connected to. */
  void forgetBanned(long nowMillis) {
    manual.removeIf(address -> isBanned(address, nowMillis));
  }

  /** There are more addresses in the book. */
  void learned(long nowMillis) {
    if (slots.wanted().isPresent()) {
      lookBy(nowMillis + DialPace.PACE_MILLIS);
    }
  }

  /** It is time to look after the connections. */
  void due(long nowMillis) {
    nextLookMillis = Long.MAX_VALUE;
    for (Dials.Dial dial : dials.overdue(nowMillis)) {
      connectFailed(dial.address(), dial.kind(), nowMillis);
    }
    dialManual(nowMillis);
    dialAnchors(nowMillis);
    long wait = dialWanted(nowMillis);
    if (nowMillis >= nextFeelerMillis) {
      nextFeelerMillis = nowMillis + feelerWait();
      dialFeeler(nowMillis);
    }
    if (nowMillis >= nextExpiryMillis) {
      nextExpiryMillis = nowMillis + EXPIRY_MILLIS;
      book.expire(context.seconds(nowMillis));
    }
    lookBy(nowMillis + wait);
    lookBy(dials.nextDueMillis());
    lookBy(Math.max(manual.nextDueMillis(), nowMillis + 1));
  }

  /** Looks no later than at this time. */
  private void lookBy(long atMillis) {
    if (atMillis < nextLookMillis) {
      nextLookMillis = atMillis;
      context.timers().set(Timer.CONNECTIONS, atMillis);
    }
  }

  private void dialManual(long nowMillis) {
    for (NetworkAddress address : manual.due(nowMillis)) {
      if (own.contains(address)) {
        manual.remove(address);
      } else if (slots.mayDial(address, ConnectionKind.MANUAL)) {
        manual.waitUntil(address, Long.MAX_VALUE);
        dial(address, ConnectionKind.MANUAL, nowMillis);
      } else {
        // It is connected, or dialled, for another reason.
        manual.waitUntil(address, nowMillis + IDLE_MILLIS);
      }
    }
  }

  private void dialAnchors(long nowMillis) {
    for (NetworkAddress anchor : anchors) {
      if (policy.mayDial(anchor, ConnectionKind.BLOCK_RELAY, nowMillis)) {
        dial(anchor, ConnectionKind.BLOCK_RELAY, nowMillis);
      }
    }
    anchors.clear();
  }

  /** Dials as many as are wanted and may be dialled now; returns when to look again. */
  private long dialWanted(long nowMillis) {
    boolean isHurried = lacksPeers();
    while (dials.size() < DialPace.mostDials(isHurried)) {
      Optional<ConnectionKind> wanted = slots.wanted();
      if (wanted.isEmpty() || book.size() == 0) {
        return IDLE_MILLIS;
      }
      Optional<NetworkAddress> chosen =
          policy.choose(wanted.get(), pace.retrySeconds(isHurried), nowMillis);
      if (chosen.isEmpty()) {
        return DialPace.searchMillis(isHurried);
      }
      dial(chosen.get(), wanted.get(), nowMillis);
    }
    return DialPace.SEARCH_MILLIS;
  }

  /** Finds out whether some address answers: one whose place is contested, or hearsay. */
  private void dialFeeler(long nowMillis) {
    if (slots.wanted().isPresent()) {
      return;
    }
    NetworkAddress contested = book.contested(random).orElse(null);
    Peer connected = contested == null ? null : outboundAt(contested);
    if (contested == null) {
      policy
          .choose(ConnectionKind.FEELER, DialPace.RETRY_SECONDS, nowMillis)
          .ifPresent(address -> dial(address, ConnectionKind.FEELER, nowMillis));
    } else if (connected != null) {
      reached(connected, nowMillis);
    } else if (policy.mayDial(contested, ConnectionKind.FEELER, nowMillis)) {
      dial(contested, ConnectionKind.FEELER, nowMillis);
    } else {
      book.failed(contested, true, context.seconds(nowMillis));
    }
  }

  private @Nullable Peer outboundAt(NetworkAddress address) {
    return context.peers().established().stream()
        .filter(peer -> !peer.kind().isInbound() && peer.address().equals(address))
        .findFirst()
        .orElse(null);
  }

  private void dial(NetworkAddress address, ConnectionKind kind, long nowMillis) {
    book.attempted(address, context.seconds(nowMillis));
    dials.begin(address, kind, nowMillis);
    context.out().connect(address, kind);
  }

  /** A connection stands, whether it is let in or not. */
  void connected(Peer peer) {
    dials.end(peer.address(), peer.kind());
  }

  /** A connection that was asked for did not come about. */
  void connectFailed(NetworkAddress address, ConnectionKind kind, long nowMillis) {
    if (dials.end(address, kind)) {
      failed(address, true, nowMillis);
      manual.lost(address, 0, nowMillis);
      lookBy(nowMillis + pace.millis());
    }
  }

  private void failed(NetworkAddress address, boolean isUnreachable, long nowMillis) {
    figures.failed(isUnreachable);
    book.failed(address, figures.outbound() > 0, context.seconds(nowMillis));
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.kind().isInbound()) {
      return;
    }
    figures.succeeded();
    reached(peer, nowMillis);
    if (peer.kind() == ConnectionKind.BLOCK_RELAY) {
      keepAnchors();
    }
    lookBy(nowMillis + DialPace.PACE_MILLIS);
  }

  private void reached(Peer peer, long nowMillis) {
    long nowSeconds = context.seconds(nowMillis);
    book.reached(peer.address(), peer.facts().services(), nowSeconds);
  }

  /** Only when one more stands: as connections end when the node stops, the last ones are kept. */
  private void keepAnchors() {
    context
        .memory()
        .keep(
            new Anchors(
                context.peers().established().stream()
                    .filter(peer -> peer.kind() == ConnectionKind.BLOCK_RELAY)
                    .limit(Anchors.MAX)
                    .map(Peer::address)
                    .toList()));
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    DisconnectReason reason = peer.leavesBecause();
    Cause cause = reason == null ? null : reason.cause();
    figures.ended(cause);
    if (peer.kind().isInbound()) {
      return;
    }
    NetworkAddress address = peer.address();
    if (cause == Cause.SELF) {
      own.meet(address);
    } else if (!peer.hasGreeted() && !isOurDoing(cause)) {
      failed(address, false, nowMillis);
    } else if (peer.hasGreeted() && peer.kind() != ConnectionKind.BLOCK_RELAY) {
      book.stillThere(address, context.seconds(nowMillis));
    }
    if (peer.kind() == ConnectionKind.MANUAL && cause == Cause.REQUESTED) {
      manual.remove(address);
    } else if (peer.kind() == ConnectionKind.MANUAL
        && reason != null
        && !peer.hasGreeted()
        && isForTheHost(cause)) {
      context.out().emit(new SyncEvent.ConnectionRefused(address, reason));
    }
    if (cause != null) {
      policy.resting().ended(address, cause, nowMillis);
    }
    long lasted = peer.hasGreeted() ? nowMillis - peer.connectedAtMillis() : 0;
    manual.lost(address, lasted, nowMillis);
    lookBy(nowMillis + pace.millis());
  }

  /** Whether a connection ended before the handshake for a reason that says nothing of the peer. */
  private static boolean isOurDoing(@Nullable Cause cause) {
    return cause == Cause.FULL
        || cause == Cause.BANNED
        || cause == Cause.DUPLICATE
        || cause == Cause.REQUESTED;
  }

  /** Whether a connection ended for what only the host can mend, on this side or the other. */
  private static boolean isForTheHost(@Nullable Cause cause) {
    return cause == Cause.CONSENSUS_DIFFERS || cause == Cause.UNSUITABLE;
  }

  /** Whether there are fewer peers than the least that is wanted. */
  boolean lacksPeers() {
    return figures.inbound() + figures.outbound() < slots.limits().minPeers();
  }

  /** Whether there is nobody left to dial for. */
  boolean hasEnough() {
    return slots.wanted().isEmpty();
  }

  /** Looks for peers now. */
  void lookNow(long nowMillis) {
    lookBy(nowMillis);
  }

  /** How the node is connected. */
  PeerStats stats(long discoveryAttempts) {
    return figures.stats(slots.limits(), book.size(), discoveryAttempts);
  }

  /** How many addresses are being dialled. */
  int dialsUnderWay() {
    return dials.size();
  }

  /** How many connections the host has asked for. */
  int manualPeers() {
    return manual.size();
  }

  /** How many addresses are not dialled for a while. */
  int restingAddresses() {
    return policy.resting().size();
  }
}
