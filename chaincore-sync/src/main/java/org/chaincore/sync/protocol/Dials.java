package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.ConnectionSlots;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The connections that were asked for and neither stand nor failed yet. Each holds a slot, so that
 * no more is dialled for than there is room, and no group twice.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Dials {
  /** A transport that never answers would keep the slot for good. */
  static final long TIMEOUT_MILLIS = 30_000;

  /**
   * A connection that was asked for.
   *
   * @param slot names its slot until the connection has a name
   */
  record Dial(NetworkAddress address, ConnectionKind kind, PeerId slot, long untilMillis) {}

  private final ConnectionSlots slots;

  /** One an address, each with a slot: bounded by these. */
  private final Map<NetworkAddress, Dial> underWay = new LinkedHashMap<>();

  /** Connections are named from 1 on; these are named from the other end. */
  private long nextSlot = Long.MAX_VALUE;

  Dials(ConnectionSlots slots) {
    this.slots = slots;
  }

  /** An address is dialled now; it is none of those that are. */
  void begin(NetworkAddress address, ConnectionKind kind, long nowMillis) {
    PeerId slot = new PeerId(nextSlot--);
    slots.take(slot, kind, address);
    underWay.put(address, new Dial(address, kind, slot, nowMillis + TIMEOUT_MILLIS));
  }

  /** An address answered, or did not; false if it was not dialled for this. */
  boolean end(NetworkAddress address, ConnectionKind kind) {
    Dial dial = underWay.get(address);
    if (dial == null || dial.kind() != kind) {
      return false;
    }
    underWay.remove(address);
    slots.release(dial.slot());
    return true;
  }

  /** Those that have waited too long. */
  List<Dial> overdue(long nowMillis) {
    List<Dial> overdue = new ArrayList<>();
    for (Dial dial : underWay.values()) {
      if (dial.untilMillis() <= nowMillis) {
        overdue.add(dial);
      }
    }
    return overdue;
  }

  /** When the next of them has waited too long. */
  long nextDueMillis() {
    @Nullable Dial oldest = underWay.isEmpty() ? null : underWay.values().iterator().next();
    return oldest == null ? Long.MAX_VALUE : oldest.untilMillis();
  }

  int size() {
    return underWay.size();
  }
}
