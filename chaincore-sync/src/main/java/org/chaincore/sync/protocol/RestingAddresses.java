package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.DisconnectReason.Cause;

/**
 * Addresses that are not dialled for a while, as we ended a connection to them for a reason that
 * would still hold. What the address book knows of an address, that it did not answer, is not here.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class RestingAddresses {
  /** Beyond this the one that was added first is forgotten: forgetting costs one more dialling. */
  static final int MAX_ADDRESSES = 256;

  /** What a peer does not offer now, it may in an hour. */
  static final long UNSUITABLE_MILLIS = 60 * 60_000;

  /** A peer that was slow, or that the host did not want, may be tried again soon. */
  static final long UNWANTED_MILLIS = 10 * 60_000;

  private final Map<NetworkAddress, Long> untilByAddress = new LinkedHashMap<>();

  /** A connection to an address has been ended by us. */
  void ended(NetworkAddress address, Cause cause, long nowMillis) {
    long rest =
        switch (cause) {
          case CONSENSUS_DIFFERS, UNSUITABLE -> UNSUITABLE_MILLIS;
          case REQUESTED, TIMEOUT, STALLING, MISBEHAVING, NOT_READING, BEHIND -> UNWANTED_MILLIS;
          case FULL, EVICTED, BANNED, SELF, DUPLICATE, FEELER_DONE -> 0;
        };
    if (rest > 0) {
      untilByAddress.remove(address);
      if (untilByAddress.size() >= MAX_ADDRESSES) {
        untilByAddress.remove(untilByAddress.keySet().iterator().next());
      }
      untilByAddress.put(address, nowMillis + rest);
    }
  }

  boolean contains(NetworkAddress address, long nowMillis) {
    Long until = untilByAddress.get(address);
    return until != null && nowMillis < until;
  }

  int size() {
    return untilByAddress.size();
  }
}
