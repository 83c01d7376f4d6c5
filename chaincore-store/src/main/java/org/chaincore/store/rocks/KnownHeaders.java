package org.chaincore.store.rocks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.HeaderRow;
import org.jspecify.annotations.Nullable;

/**
 * The rows of headers that the writer used lately: a block's parent and the block itself are among
 * them nearly always. Not thread-safe; confined to the writer.
 */
final class KnownHeaders {
  /** About a megabyte; more than the blocks that are under way at once. */
  private static final int MOST = 4_096;

  /**
   * A header and where it is.
   *
   * @param sequence its place among all headers
   * @param row what is kept of it
   */
  record Entry(int sequence, HeaderRow row) {}

  /** Where headers that must be there are found. */
  @FunctionalInterface
  interface Finder {
    /**
     * A header that is there.
     *
     * @throws IllegalArgumentException if it is not
     */
    Entry find(Hash256 hash);
  }

  private final ChainTables tables;
  private final Map<Hash256, Entry> recent = new LinkedHashMap<>();

  KnownHeaders(ChainTables tables) {
    this.tables = tables;
  }

  /** A header; null if there is none of that hash. */
  @Nullable Entry find(Hash256 hash) {
    Entry known = recent.get(hash);
    if (known != null) {
      return known;
    }
    int sequence = tables.sequence(hash);
    return sequence < 0 ? null : new Entry(sequence, tables.row(sequence));
  }

  void remember(Entry entry) {
    recent.put(entry.row.header().hash(), entry);
    if (recent.size() > MOST) {
      recent.remove(recent.keySet().iterator().next());
    }
  }

  void forget() {
    recent.clear();
  }
}
