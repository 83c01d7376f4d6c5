package org.chaincore.sync.peer;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sixty-four slots for addresses. Takes memory for those that are filled only: the simulator has
 * thousands of books that are all but empty.
 *
 * <p>Not thread-safe; confined to its book.
 */
final class Bucket {
  static final int SLOTS = 64;

  private static final AddressEntry[] NONE = {};

  /** Bit i is set if slot i is filled. */
  private long filled;

  /** What fills the slots, in their order. */
  private AddressEntry[] entries = NONE;

  @Nullable AddressEntry at(int slot) {
    return isFilled(slot) ? entries[rank(slot)] : null;
  }

  /** Fills an empty slot. */
  void fill(int slot, AddressEntry entry) {
    int rank = rank(slot);
    AddressEntry[] more = Arrays.copyOf(entries, entries.length + 1);
    System.arraycopy(entries, rank, more, rank + 1, entries.length - rank);
    more[rank] = entry;
    entries = more;
    filled |= 1L << slot;
  }

  /** Empties a filled slot. */
  void empty(int slot) {
    int rank = rank(slot);
    AddressEntry[] fewer = Arrays.copyOf(entries, entries.length - 1);
    System.arraycopy(entries, rank + 1, fewer, rank, fewer.length - rank);
    entries = fewer;
    filled &= ~(1L << slot);
  }

  boolean isFilled(int slot) {
    return (filled >>> slot & 1) != 0;
  }

  boolean isEmpty() {
    return filled == 0;
  }

  /** What fills the slots, in their order. */
  List<AddressEntry> entries() {
    return Arrays.asList(entries);
  }

  private int rank(int slot) {
    return Long.bitCount(filled & ((1L << slot) - 1));
  }
}
