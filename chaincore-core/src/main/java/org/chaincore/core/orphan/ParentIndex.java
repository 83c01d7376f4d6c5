package org.chaincore.core.orphan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.orphan.FairPool.Slot;
import org.chaincore.core.value.Hash256;

/** Who waits for which parent, in order of arrival. Not thread-safe. */
final class ParentIndex<T> {
  private final Map<Hash256, TreeMap<Long, Slot<T>>> children = new HashMap<>();

  void add(Hash256 parent, Slot<T> child) {
    children.computeIfAbsent(parent, none -> new TreeMap<>()).put(child.sequence(), child);
  }

  void remove(Hash256 parent, Slot<T> child) {
    TreeMap<Long, Slot<T>> siblings = children.get(parent);
    if (siblings != null) {
      siblings.remove(child.sequence());
      if (siblings.isEmpty()) {
        children.remove(parent);
      }
    }
  }

  List<Slot<T>> of(Hash256 parent) {
    TreeMap<Long, Slot<T>> found = children.get(parent);
    return found == null ? List.of() : List.copyOf(found.values());
  }
}
