package org.chaincore.store.rocks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.store.codec.HeaderRow;

/**
 * What the bodies above the pruned ones take, and where they are, by height: on the chain and off
 * it, as nothing off it can join it from below the pruned height. Some 80 bytes a block. Not
 * thread-safe; confined to the writer.
 */
final class HeldBodies {
  /** The bodies of one height. */
  private static final class Level {
    private int[] sequences = new int[0];
    private int[] bytes = new int[0];
  }

  private final List<Level> levels = new ArrayList<>();

  /** The height of the first level. */
  private int lowest;

  private long total;

  /** Nothing yet, above a height. */
  HeldBodies(int prunedHeight) {
    this.lowest = prunedHeight + 1;
  }

  /** What a header's body and undo data take now. */
  void put(int sequence, HeaderRow row) {
    int index = row.height() - lowest;
    if (index < 0 || !row.body().isHeld()) {
      return;
    }
    while (levels.size() <= index) {
      levels.add(new Level());
    }
    Level level = levels.get(index);
    int place = 0;
    while (place < level.sequences.length && level.sequences[place] != sequence) {
      place++;
    }
    if (place == level.sequences.length) {
      level.sequences = Arrays.copyOf(level.sequences, place + 1);
      level.bytes = Arrays.copyOf(level.bytes, place + 1);
      level.sequences[place] = sequence;
    }
    int bytes = row.body().bytes() + row.body().undoBytes();
    total += bytes - level.bytes[place];
    level.bytes[place] = bytes;
  }

  /** Bytes of all bodies and undo data. */
  long total() {
    return total;
  }

  /** Bytes of those of the lowest so many heights. */
  long lowest(int heights) {
    long bytes = 0;
    for (int i = 0; i < heights && i < levels.size(); i++) {
      bytes += Arrays.stream(levels.get(i).bytes).asLongStream().sum();
    }
    return bytes;
  }

  /** The headers of the lowest so many heights that have bodies. */
  List<Integer> sequences(int heights) {
    List<Integer> sequences = new ArrayList<>();
    for (int i = 0; i < heights && i < levels.size(); i++) {
      Arrays.stream(levels.get(i).sequences).forEach(sequences::add);
    }
    return sequences;
  }

  /** Those of the lowest so many heights are gone. */
  void drop(int heights) {
    total -= lowest(heights);
    levels.subList(0, Math.min(heights, levels.size())).clear();
    lowest += heights;
  }
}
