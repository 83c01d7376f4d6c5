package org.chaincore.core.chain;

import java.util.Arrays;
import java.util.SortedMap;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/** The hashes that a network demands at some heights, for a look at every header. Immutable. */
final class Checkpoints {
  private final int[] heights;
  private final Hash256[] hashes;

  Checkpoints(SortedMap<Integer, Hash256> demanded) {
    this.heights = new int[demanded.size()];
    int place = 0;
    for (int height : demanded.keySet()) {
      heights[place++] = height;
    }
    this.hashes = demanded.values().toArray(new Hash256[0]);
  }

  /** The hash that is demanded at a height; null where any will do. */
  @Nullable Hash256 at(int height) {
    int place = Arrays.binarySearch(heights, height);
    return place < 0 ? null : hashes[place];
  }
}
