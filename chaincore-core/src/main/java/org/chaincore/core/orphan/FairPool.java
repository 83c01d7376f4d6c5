package org.chaincore.core.orphan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * A bounded store that is shared out among those who fill it.
 *
 * <p><b>Idea.</b> What is kept here was sent by strangers and is worth nothing yet, so whoever
 * sends most may fill the room that nobody else wants, and no more. When there is no room, the
 * source that holds most loses its oldest, if it holds more than its reserved share; the newcomer
 * counts with what it brings. What lies within a source's reserved share is never taken by another:
 * a flood costs the flooder's own items. If nobody is above its share, a newcomer may only replace
 * its own oldest, and one who holds nothing is refused.
 *
 * <p><b>Cost.</b> O(log n) an item that comes or goes.
 *
 * <p>Not thread-safe.
 */
final class FairPool<T> {
  /**
   * How much there may be.
   *
   * @param maxItems items in all
   * @param maxBytes their bytes in all
   * @param reservedPerSource so many items of one source nobody else can push out
   * @param expirySeconds how long each may wait
   */
  record Bounds(int maxItems, long maxBytes, int reservedPerSource, int expirySeconds) {}

  /** Who brought an item and when; {@code sequence} tells apart what came in one second. */
  record Arrival(long source, long seconds, long sequence) {}

  /** An item in its place. */
  record Slot<T>(Hash256 id, T item, long bytes, Arrival arrival) {
    long sequence() {
      return arrival.sequence();
    }
  }

  /** What one source holds, oldest first. */
  private static final class Share<T> {
    final long source;
    final TreeMap<Long, Slot<T>> slots = new TreeMap<>();

    Share(long source) {
      this.source = source;
    }

    int size() {
      return slots.size();
    }

    long source() {
      return source;
    }
  }

  private final Bounds bounds;
  private final Map<Hash256, Slot<T>> byId = new HashMap<>();
  private final Map<Long, Share<T>> bySource = new HashMap<>();
  private final TreeSet<Share<T>> largestFirst =
      new TreeSet<>(
          Comparator.<Share<T>>comparingInt(Share::size)
              .reversed()
              .thenComparingLong(Share::source));
  private final TreeSet<Slot<T>> oldestFirst =
      new TreeSet<>(
          Comparator.<Slot<T>>comparingLong(slot -> slot.arrival().seconds())
              .thenComparingLong(Slot::sequence));
  private long bytes;
  private long nextSequence;

  FairPool(Bounds bounds) {
    this.bounds = bounds;
  }

  int size() {
    return byId.size();
  }

  long bytes() {
    return bytes;
  }

  @Nullable Slot<T> find(Hash256 id) {
    return byId.get(id);
  }

  /** All that is there, oldest first. */
  List<Slot<T>> slots() {
    return List.copyOf(oldestFirst);
  }

  /** What offering an item came to: its place, and what had to make room for it. */
  record Placed<T>(Slot<T> slot, List<Slot<T>> evicted) {}

  /**
   * Puts in an item that is not there yet.
   *
   * @return empty, with nothing changed, if there is no room that its source may take
   */
  Optional<Placed<T>> offer(Hash256 id, T item, long itemBytes, long source, long nowSeconds) {
    List<Slot<T>> evicted = new ArrayList<>(0);
    while (!hasRoom(itemBytes)) {
      Slot<T> victim = victimOf(source);
      if (victim == null || itemBytes > bounds.maxBytes()) {
        evicted.forEach(this::put);
        return Optional.empty();
      }
      take(victim);
      evicted.add(victim);
    }
    Arrival arrival = new Arrival(source, nowSeconds, nextSequence++);
    Slot<T> slot = new Slot<>(id, item, itemBytes, arrival);
    put(slot);
    return Optional.of(new Placed<>(slot, evicted));
  }

  private boolean hasRoom(long itemBytes) {
    return byId.size() < bounds.maxItems() && bytes + itemBytes <= bounds.maxBytes();
  }

  private @Nullable Slot<T> victimOf(long newcomer) {
    if (largestFirst.isEmpty()) {
      return null;
    }
    Share<T> largest = largestFirst.first();
    Share<T> own = bySource.get(newcomer);
    int ownWithNew = own == null ? 1 : own.size() + 1;
    boolean othersAreOver = largest.size() > bounds.reservedPerSource();
    if (othersAreOver && largest.size() >= ownWithNew) {
      return largest.slots.firstEntry().getValue();
    }
    return own == null ? null : own.slots.firstEntry().getValue();
  }

  private void put(Slot<T> slot) {
    Share<T> share = bySource.computeIfAbsent(slot.arrival().source(), Share::new);
    largestFirst.remove(share);
    share.slots.put(slot.sequence(), slot);
    largestFirst.add(share);
    byId.put(slot.id(), slot);
    oldestFirst.add(slot);
    bytes += slot.bytes();
  }

  /** Takes an item out. */
  void take(Slot<T> slot) {
    Share<T> share = bySource.get(slot.arrival().source());
    if (share == null || byId.remove(slot.id()) == null) {
      throw new IllegalArgumentException("not here: " + slot.id());
    }
    largestFirst.remove(share);
    share.slots.remove(slot.sequence());
    if (share.slots.isEmpty()) {
      bySource.remove(share.source);
    } else {
      largestFirst.add(share);
    }
    oldestFirst.remove(slot);
    bytes -= slot.bytes();
  }

  /** Takes out all that waited too long, oldest first. */
  List<Slot<T>> expire(long nowSeconds) {
    List<Slot<T>> expired = new ArrayList<>(0);
    while (!oldestFirst.isEmpty()
        && nowSeconds - oldestFirst.first().arrival().seconds() >= bounds.expirySeconds()) {
      Slot<T> slot = oldestFirst.first();
      take(slot);
      expired.add(slot);
    }
    return expired;
  }
}
