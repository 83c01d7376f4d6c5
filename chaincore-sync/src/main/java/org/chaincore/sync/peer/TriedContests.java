package org.chaincore.sync.peer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Addresses that answered and found their place among the tried ones held: the holder is dialled
 * before it is put out (test before evict). Without this an attacker who has many addresses that
 * answer pushes out all others, one by one (Heilman, Kendler, Zohar and Goldberg, "Eclipse Attacks
 * on Bitcoin's Peer-to-Peer Network", 2015, countermeasure 3).
 *
 * <p>Not thread-safe; confined to its book.
 */
final class TriedContests {
  /** Waiting at a time; whoever makes collisions on purpose gets no more holders dialled. */
  static final int MAX_WAITING = 10;

  /** A holder that nobody could dial for so long stays. */
  static final long EXPIRY_SECONDS = 40 * 60;

  private record Contest(AddressEntry challenger, long sinceSeconds) {}

  /** By holder; one challenger each. */
  private final Map<NetworkAddress, Contest> byHolder = new TreeMap<>();

  /** Begins a contest, if there is room and the holder is not challenged already. */
  void challenge(AddressEntry holder, AddressEntry challenger, long nowSeconds) {
    if (byHolder.size() < MAX_WAITING) {
      byHolder.putIfAbsent(holder.address(), new Contest(challenger, nowSeconds));
    }
  }

  /** A holder to dial. */
  Optional<NetworkAddress> holder(RandomGenerator random) {
    if (byHolder.isEmpty()) {
      return Optional.empty();
    }
    List<NetworkAddress> holders = new ArrayList<>(byHolder.keySet());
    return Optional.of(holders.get(random.nextInt(holders.size())));
  }

  /** Ends the contest over a holder's place and tells who challenged it. */
  Optional<AddressEntry> end(AddressEntry holder) {
    return Optional.ofNullable(byHolder.remove(holder.address())).map(Contest::challenger);
  }

  /** Ends the contests of an address that is forgotten, or has its place. */
  void forget(AddressEntry gone) {
    byHolder.remove(gone.address());
    byHolder.values().removeIf(contest -> contest.challenger() == gone);
  }

  void expire(long nowSeconds) {
    Iterator<Contest> contests = byHolder.values().iterator();
    while (contests.hasNext()) {
      if (nowSeconds - contests.next().sinceSeconds() > EXPIRY_SECONDS) {
        contests.remove();
      }
    }
  }

  int size() {
    return byHolder.size();
  }
}
