package org.chaincore.sync.sketch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.chaincore.core.value.Hash256;

/**
 * The transactions that one side had when a round began, under the short ids of its connection. It
 * does not change while the round lasts, so that an extension continues the same sketch.
 *
 * <p><b>Equal short ids.</b> Two of 10,000 transactions share an id on one connection in a hundred.
 * They stand in the sketch as one id, on both sides alike; asking for it yields all of them. What a
 * round cannot find is a transaction whose id is there under another's name: {@link #ambiguous()}
 * lists those for an announcement in full. A peer that grinds such ids, as it knows both salts,
 * gets longer announcements on its own connection and nothing else.
 *
 * <p>Immutable and thread-safe.
 */
public final class Snapshot {
  /**
   * The most transactions of one round. Sketching costs their number times the capacity: at both
   * limits 14 ms of CPU time for a first sketch and 23 ms for its extensions, which a peer can have
   * for two frames of a few bytes, and 35 ms for all parts. How often it may ask is for the caller
   * to limit.
   */
  public static final int MAX_TRANSACTIONS = 16_384;

  private static final Comparator<Entry> BY_ID =
      Comparator.comparingInt((Entry entry) -> entry.id).thenComparing(entry -> entry.wtxid);

  private final List<Entry> entries;
  private final int[] ids;

  private Snapshot(List<Entry> entries) {
    this.entries = entries;
    this.ids = entries.stream().mapToInt(entry -> entry.id).distinct().toArray();
  }

  private record Entry(int id, Hash256 wtxid) {}

  /**
   * The set of these transactions; one that is named twice is in it once.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_TRANSACTIONS}
   */
  public static Snapshot of(ShortIds shortIds, Collection<Hash256> wtxids) {
    if (wtxids.size() > MAX_TRANSACTIONS) {
      throw new IllegalArgumentException(
          wtxids.size() + " transactions in a round of at most " + MAX_TRANSACTIONS);
    }
    List<Entry> entries = new ArrayList<>(wtxids.size());
    for (Hash256 wtxid : wtxids) {
      entries.add(new Entry(shortIds.of(wtxid), wtxid));
    }
    entries.sort(BY_ID);
    return new Snapshot(withoutRepeats(entries));
  }

  private static List<Entry> withoutRepeats(List<Entry> sorted) {
    List<Entry> once = new ArrayList<>(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      if (i == 0 || !sorted.get(i).equals(sorted.get(i - 1))) {
        once.add(sorted.get(i));
      }
    }
    return once;
  }

  /** How many different short ids there are. */
  public int size() {
    return ids.length;
  }

  public Sketch sketch(int capacity) {
    Sketch sketch = Sketch.ofCapacity(capacity);
    sketch.toggleAll(ids);
    return sketch;
  }

  /** The sketch of those ids that are in a part. */
  public Sketch sketch(SketchPart part, int capacity) {
    Sketch sketch = Sketch.ofCapacity(capacity);
    sketch.toggleAll(Arrays.stream(ids).filter(part::contains).toArray());
    return sketch;
  }

  /** The transactions of a short id, smallest first: one, none, or in a rare case more. */
  public List<Hash256> wtxids(int shortId) {
    List<Hash256> found = new ArrayList<>(1);
    for (int i = firstAt(shortId); i < entries.size() && entries.get(i).id == shortId; i++) {
      found.add(entries.get(i).wtxid);
    }
    return List.copyOf(found);
  }

  /** All transactions that share their short id with another of this set, smallest id first. */
  public List<Hash256> ambiguous() {
    List<Hash256> shared = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (sharesId(i, i - 1) || sharesId(i, i + 1)) {
        shared.add(entries.get(i).wtxid);
      }
    }
    return List.copyOf(shared);
  }

  private boolean sharesId(int index, int neighbour) {
    return neighbour >= 0
        && neighbour < entries.size()
        && entries.get(index).id == entries.get(neighbour).id;
  }

  /** The index of the first entry whose id is not smaller, in the order of the entries. */
  private int firstAt(int shortId) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).id < shortId) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
