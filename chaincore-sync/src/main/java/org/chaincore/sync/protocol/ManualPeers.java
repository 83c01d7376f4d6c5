package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * The addresses that the host wants to be connected to, and when each is to be dialled again.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class ManualPeers {
  /** The first wait before an address is dialled again. */
  static final long FIRST_WAIT_MILLIS = 5_000;

  /** A host's own peer is worth looking for at least so often. */
  static final long LONGEST_WAIT_MILLIS = 10 * 60_000;

  /** Waits double this often. */
  private static final int MAX_DOUBLINGS = 7;

  /** A connection that lasted so long was a good one: the waits begin anew. */
  static final long GOOD_CONNECTION_MILLIS = 60_000;

  /** One address. */
  private static final class Wish {
    long dueMillis;
    int failures;

    Wish(long dueMillis) {
      this.dueMillis = dueMillis;
    }
  }

  /** The host may be a loop that went wrong: as many as there are slots. */
  private final int most;

  private final Map<NetworkAddress, Wish> wishes = new LinkedHashMap<>();

  ManualPeers(int most) {
    this.most = most;
  }

  /** An address to be dialled now; false if there are too many. */
  boolean add(NetworkAddress address, long nowMillis) {
    if (wishes.size() >= most && !wishes.containsKey(address)) {
      return false;
    }
    wishes.put(address, new Wish(nowMillis));
    return true;
  }

  boolean contains(NetworkAddress address) {
    return wishes.containsKey(address);
  }

  void remove(NetworkAddress address) {
    wishes.remove(address);
  }

  void removeIf(Predicate<NetworkAddress> isUnwanted) {
    wishes.keySet().removeIf(isUnwanted);
  }

  /** Those whose time has come. */
  List<NetworkAddress> due(long nowMillis) {
    List<NetworkAddress> due = new ArrayList<>();
    for (Map.Entry<NetworkAddress, Wish> wish : wishes.entrySet()) {
      if (wish.getValue().dueMillis <= nowMillis) {
        due.add(wish.getKey());
      }
    }
    return due;
  }

  /** When the next one's time comes; {@link Long#MAX_VALUE} if all are connected or dialled. */
  long nextDueMillis() {
    long next = Long.MAX_VALUE;
    for (Wish wish : wishes.values()) {
      next = Math.min(next, wish.dueMillis);
    }
    return next;
  }

  /** An address need not be looked at before this time. */
  void waitUntil(NetworkAddress address, long dueMillis) {
    Wish wish = wishes.get(address);
    if (wish != null) {
      wish.dueMillis = dueMillis;
    }
  }

  /**
   * An address was not reached, or a connection to it has ended.
   *
   * @param lastedMillis how long the connection stood, 0 if it never did
   */
  void lost(NetworkAddress address, long lastedMillis, long nowMillis) {
    Wish wish = wishes.get(address);
    if (wish != null) {
      wish.failures = lastedMillis >= GOOD_CONNECTION_MILLIS ? 0 : wish.failures;
      long wait = FIRST_WAIT_MILLIS << Math.min(wish.failures, MAX_DOUBLINGS);
      wish.dueMillis = nowMillis + Math.min(wait, LONGEST_WAIT_MILLIS);
      wish.failures++;
    }
  }

  int size() {
    return wishes.size();
  }
}
