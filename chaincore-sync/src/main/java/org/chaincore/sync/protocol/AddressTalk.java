package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressRate;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.SeenAddress;
import org.jspecify.annotations.Nullable;

/**
 * What has been said of addresses on one connection. Next to nothing is kept of a peer that says
 * nothing of them.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class AddressTalk {
  /** In place of a time. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * An address that the peer told, or was told, is not told again while it is among the last so
   * many.
   */
  static final int MAX_KNOWN = 256;

  /** Waiting to be told to the peer; others that come before they are sent are passed over. */
  static final int MAX_WAITING = 64;

  /** What comes within this time of a question is the answer. */
  static final long ANSWER_MILLIS = 30_000;

  private final Peer peer;
  private @Nullable AddressRate rate;
  private long @Nullable [] known;
  private int nextKnown;
  private @Nullable Map<NetworkAddress, TimestampedAddress> waiting;
  private @Nullable List<SeenAddress> lastAnswer;
  private long askedMillis = NEVER;
  private long tellOwnMillis = NEVER;
  private boolean takesPart;

  AddressTalk(Peer peer) {
    this.peer = peer;
    this.takesPart = !peer.kind().isInbound();
  }

  Peer peer() {
    return peer;
  }

  /** Whether the peer is known to care for addresses: a client may not even know the message. */
  boolean takesPart() {
    return takesPart;
  }

  void spokeOfAddresses() {
    takesPart = true;
  }

  /** We have asked the peer; the first time grants it a whole answer. */
  void asked(long nowMillis) {
    if (askedMillis == NEVER) {
      rate().asked(nowMillis);
    }
    askedMillis = nowMillis;
  }

  long askedMillis() {
    return askedMillis;
  }

  boolean isAnswering(long nowMillis) {
    return askedMillis != NEVER && nowMillis - askedMillis < ANSWER_MILLIS;
  }

  /** How many of the addresses that the peer tells now may count. */
  int accept(int told, long nowMillis) {
    return rate().accept(told, nowMillis);
  }

  private AddressRate rate() {
    AddressRate one = rate;
    if (one == null) {
      one = AddressRate.of(peer.connectedAtMillis());
      rate = one;
    }
    return one;
  }

  /** The peer is answered by this; false if it has had the same answer. */
  boolean answers(List<SeenAddress> answer) {
    boolean isNew = lastAnswer != answer;
    lastAnswer = answer;
    return isNew;
  }

  /** The peer has told an address, or was told it; false if so before. */
  boolean learn(long addressHash) {
    long[] hashes = known;
    if (hashes == null) {
      hashes = new long[MAX_KNOWN];
      known = hashes;
    }
    for (long hash : hashes) {
      if (hash == addressHash) {
        return false;
      }
    }
    hashes[nextKnown] = addressHash;
    nextKnown = (nextKnown + 1) % MAX_KNOWN;
    return true;
  }

  /** An address is to be told to the peer. */
  void add(TimestampedAddress told) {
    Map<NetworkAddress, TimestampedAddress> queue = waiting;
    if (queue == null) {
      queue = new LinkedHashMap<>();
      waiting = queue;
    }
    if (queue.size() < MAX_WAITING) {
      queue.put(told.address(), told);
    }
  }

  /** What is to be told to the peer; taken by this. */
  List<TimestampedAddress> takeWaiting() {
    List<TimestampedAddress> taken =
        waiting == null ? List.of() : new ArrayList<>(waiting.values());
    waiting = null;
    return taken;
  }

  boolean hasWaiting() {
    return waiting != null;
  }

  /** When our own address is to be told next; {@link #NEVER} if it is not. */
  long tellOwnMillis() {
    return tellOwnMillis;
  }

  void tellOwnAt(long atMillis) {
    tellOwnMillis = atMillis;
  }
}
