package org.chaincore.core.orphan;

import java.util.ArrayList;
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
 * sends most may fill the room that nobody else wants, and no more. A reserved share has two parts,
 * places and bytes: both are bounded, so both can run out. When one of them is short, the source
 * that holds most of it loses its oldest, if that is more than its part; the newcomer counts with
 * what it brings. If nobody is above its part, or the newcomer would hold most itself, the newcomer
 * may only replace its own oldest.
 *
 * <p><b>Promise.</b> A source that holds no more than both parts of its share loses nothing to
 * others: a flood costs the flooder's own items. And a source that holds nothing is refused only if
 * what others hold above their parts does not make room enough. If bytes were not shared out, a few
 * sources with few large items each would lock out everybody.
 *
 * <p><b>What remains.</b> Who comes as so many sources that their shares make up the whole room can
 * fill it. An item larger than the byte part is held at the risk of making room for others.
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
   * @param reservedPerSource so many items of one source nobody else can push out, as long as their
   *     bytes are within {@link #reservedBytesPerSource()}
   * @param expirySeconds how long each may wait
   */
  record Bounds(int maxItems, long maxBytes, int reservedPerSource, int expirySeconds) {
    /** The bytes that go with the reserved places, in proportion. */
    long reservedBytesPerSource() {
      return maxItems == 0 ? 0 : maxBytes * reservedPerSource / maxItems;
    }
  }

  /** Who brought an item and when; {@code sequence} tells apart what came in one second. */
  record Arrival(long source, long seconds, long sequence) {}

  /** An item in its place. */
  record Slot<T>(Hash256 id, T item, long bytes, Arrival arrival) {
    long sequence() {
      return arrival.sequence();
    }

    /** Who came earlier comes first. */
    int compareByArrival(Slot<T> other) {
      int order = Long.compare(arrival.seconds(), other.arrival.seconds());
      return order != 0 ? order : Long.compare(sequence(), other.sequence());
    }
  }

  /** What one source holds, oldest first. */
  private static final class Share<T> {
    final long source;
    final TreeMap<Long, Slot<T>> slots = new TreeMap<>();
    long bytes;

    Share(long source) {
      this.source = source;
    }

    int size() {
      return slots.size();
    }

    /** Who holds more items comes first. */
    int compareByItems(Share<T> other) {
      int order = Integer.compare(other.size(), size());
      return order != 0 ? order : Long.compare(source, other.source);
    }

    /** Who holds more bytes comes first. */
    int compareByBytes(Share<T> other) {
      int order = Long.compare(other.bytes, bytes);
      return order != 0 ? order : Long.compare(source, other.source);
    }

    Slot<T> oldest() {
      return slots.firstEntry().getValue();
    }
  }

  private final Bounds bounds;
  private final Map<Hash256, Slot<T>> byId = new HashMap<>();
  private final Map<Long, Share<T>> bySource = new HashMap<>();
  private final TreeSet<Share<T>> mostItemsFirst = new TreeSet<>(Share::compareByItems);
  private final TreeSet<Share<T>> mostBytesFirst = new TreeSet<>(Share::compareByBytes);
  private final TreeSet<Slot<T>> oldestFirst = new TreeSet<>(Slot::compareByArrival);
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
      Slot<T> victim = victimOf(source, itemBytes);
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

  /** Whose oldest must go for the newcomer's item; null if nobody's may. */
  private @Nullable Slot<T> victimOf(long newcomer, long itemBytes) {
    Share<T> own = bySource.get(newcomer);
    Share<T> other =
        byId.size() >= bounds.maxItems() ? overInItems(own) : overInBytes(own, itemBytes);
    if (other != null) {
      return other.oldest();
    }
    return own == null ? null : own.oldest();
  }

  private @Nullable Share<T> overInItems(@Nullable Share<T> own) {
    if (mostItemsFirst.isEmpty()) {
      return null;
    }
    Share<T> most = mostItemsFirst.first();
    boolean isOver = most.size() > bounds.reservedPerSource();
    return isOver && (own == null || most.size() > own.size()) ? most : null;
  }

  private @Nullable Share<T> overInBytes(@Nullable Share<T> own, long itemBytes) {
    if (mostBytesFirst.isEmpty()) {
      return null;
    }
    Share<T> most = mostBytesFirst.first();
    boolean isOver = most.bytes > bounds.reservedBytesPerSource();
    return isOver && (own == null || most.bytes >= own.bytes + itemBytes) ? most : null;
  }

  private void put(Slot<T> slot) {
    Share<T> share = bySource.computeIfAbsent(slot.arrival().source(), Share::new);
    unrank(share);
    share.slots.put(slot.sequence(), slot);
    share.bytes += slot.bytes();
    rank(share);
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
    unrank(share);
    share.slots.remove(slot.sequence());
    share.bytes -= slot.bytes();
    if (share.slots.isEmpty()) {
      bySource.remove(share.source);
    } else {
      rank(share);
    }
    oldestFirst.remove(slot);
    bytes -= slot.bytes();
  }

  private void rank(Share<T> share) {
    mostItemsFirst.add(share);
    mostBytesFirst.add(share);
  }

  /** Before a share changes, as it is found by what it holds. */
  private void unrank(Share<T> share) {
    mostItemsFirst.remove(share);
    mostBytesFirst.remove(share);
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
