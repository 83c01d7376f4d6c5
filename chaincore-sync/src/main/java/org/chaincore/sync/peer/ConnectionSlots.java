package org.chaincore.sync.peer;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who is connected, or being dialled, and who may be next. Of the connections of its own choice a
 * node has at most one in a {@linkplain GroupingRule group}: an attacker who owns one network, and
 * as much of the address book as that buys, gets one of them.
 *
 * <p>Not thread-safe; confined to the protocol's thread.
 */
public final class ConnectionSlots {
  private record Connection(ConnectionKind kind, NetworkAddress address, NetworkGroup group) {}

  private final GroupingRule rule;
  private final Map<PeerId, Connection> connections = new TreeMap<>();
  private SlotLimits limits;

  private ConnectionSlots(SlotLimits limits, GroupingRule rule) {
    this.limits = limits;
    this.rule = rule;
  }

  /** Slots of which none is taken. */
  public static ConnectionSlots of(SlotLimits limits, GroupingRule rule) {
    return new ConnectionSlots(limits, rule);
  }

  public SlotLimits limits() {
    return limits;
  }

  /** Sets other limits. What is connected stays; less comes after it. */
  public void changeLimits(SlotLimits newLimits) {
    limits = newLimits;
  }

  /**
   * Takes a slot: when dialling begins, or an inbound connection is let in.
   *
   * @throws IllegalArgumentException if that peer has one already
   */
  public void take(PeerId peer, ConnectionKind kind, NetworkAddress address) {
    if (connections.putIfAbsent(peer, new Connection(kind, address, rule.groupOf(address)))
        != null) {
      throw new IllegalArgumentException(peer + " has a slot already");
    }
  }

  /** Gives a slot back, if that peer has one. */
  public void release(PeerId peer) {
    connections.remove(peer);
  }

  /** Connections of a kind. */
  public int count(ConnectionKind kind) {
    int count = 0;
    for (Connection connection : connections.values()) {
      count += connection.kind() == kind ? 1 : 0;
    }
    return count;
  }

  /** Whether one more of a kind fits. */
  public boolean hasRoom(ConnectionKind kind) {
    return count(kind) < limits.max(kind);
  }

  /**
   * The kind of connection to dial for next: those that carry everything come first, as without
   * them nothing is heard at all. Empty when there are enough.
   */
  public Optional<ConnectionKind> wanted() {
    return Stream.of(ConnectionKind.OUTBOUND, ConnectionKind.BLOCK_RELAY)
        .filter(this::hasRoom)
        .findFirst();
  }

  /**
   * Whether an address may be dialled for this kind: there is no outbound connection to it yet, and
   * for those of its own choice, none to its group. A manual one counts there too, as its group is
   * heard already.
   */
  public boolean mayDial(NetworkAddress address, ConnectionKind kind) {
    if (!hasRoom(kind) || outbound().anyMatch(other -> other.address().equals(address))) {
      return false;
    }
    NetworkGroup group = rule.groupOf(address);
    return !kind.isChosen()
        || outbound()
            .filter(other -> other.kind() != ConnectionKind.FEELER)
            .noneMatch(other -> other.group().equals(group));
  }

  /** What to keep over a restart: connections for blocks only, oldest first. */
  public Anchors anchors() {
    return new Anchors(
        of(ConnectionKind.BLOCK_RELAY).limit(Anchors.MAX).map(Connection::address).toList());
  }

  private Stream<Connection> of(ConnectionKind kind) {
    return connections.values().stream().filter(connection -> connection.kind() == kind);
  }

  private Stream<Connection> outbound() {
    return connections.values().stream()
        .filter(connection -> connection.kind() != ConnectionKind.INBOUND);
  }
}
