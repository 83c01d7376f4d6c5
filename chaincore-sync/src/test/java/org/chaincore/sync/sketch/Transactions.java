package org.chaincore.sync.sketch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.chaincore.core.value.Hash256;

/** Names of transactions for tests. */
final class Transactions {
  private Transactions() {}

  static Hash256 one(RandomGenerator random) {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  static List<Hash256> some(RandomGenerator random, int count) {
    List<Hash256> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(one(random));
    }
    return some;
  }

  /** Two that have the same short id, found by trying, the smaller one first. */
  static List<Hash256> twoOfOneId(ShortIds shortIds, RandomGenerator random) {
    Map<Integer, Hash256> seen = new LinkedHashMap<>();
    while (true) {
      Hash256 next = one(random);
      Hash256 other = seen.put(shortIds.of(next), next);
      if (other != null) {
        return next.compareTo(other) < 0 ? List.of(next, other) : List.of(other, next);
      }
    }
  }
}
