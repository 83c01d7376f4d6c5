package org.chaincore.store.database;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a batch as they were before it. Not thread-safe. */
public final class Inverse {
  private static final class Before {
    private final Batch.Row row;
    private final byte @Nullable [] value;

    Before(Batch.Row row, byte @Nullable [] value) {
      this.row = row;
      this.value = value;
    }
  }

  private final List<Before> rows = new ArrayList<>();

  Inverse() {}

  void add(Batch.Row row, byte @Nullable [] value) {
    rows.add(new Before(row, value));
  }

  /** Whether there is nothing to put back. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Puts them back. */
  public void addTo(Batch batch) {
    for (Before before : rows) {
      if (before.value == null) {
        batch.delete(before.row.table(), before.row.key());
      } else {
        batch.putSealed(before.row.table(), before.row.key(), before.value);
      }
    }
  }
}
