package org.chaincore.core.store;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.chaincore.core.value.Bytes;

/** A memory on the heap, which ends with its process. Thread-safe. */
public final class InMemoryNodeMemory implements NodeMemory {
  private final Map<String, Bytes> sections = new ConcurrentHashMap<>();

  private InMemoryNodeMemory() {}

  public static InMemoryNodeMemory create() {
    return new InMemoryNodeMemory();
  }

  @Override
  public Optional<Bytes> section(String name) {
    return Optional.ofNullable(sections.get(NodeMemory.requireName(name)));
  }

  @Override
  public void replace(String name, Bytes content) {
    sections.put(NodeMemory.requireName(name), NodeMemory.requireContent(content));
  }

  @Override
  public void remove(String name) {
    sections.remove(NodeMemory.requireName(name));
  }

  @Override
  public SortedSet<String> sections() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(sections.keySet()));
  }
}
