package org.chaincore.sync.peer;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * A set that forgets its oldest half when it is full, or old: two generations, of which the older
 * goes when the younger is full.
 *
 * <p>Not thread-safe; confined to its owner.
 */
final class RollingOwners {
  private final int maxPerGeneration;
  private final long generationSeconds;
  private Set<NetworkAddress> young = new TreeSet<>();
  private Set<NetworkAddress> old = new TreeSet<>();
  private long youngSinceSeconds;

  RollingOwners(int max, long generationSeconds) {
    this.maxPerGeneration = max / 2;
    this.generationSeconds = generationSeconds;
  }

  void add(NetworkAddress owner, long nowSeconds) {
    expire(nowSeconds);
    if (young.size() >= maxPerGeneration && !young.contains(owner)) {
      roll(nowSeconds);
    }
    if (young.isEmpty() && old.isEmpty()) {
      youngSinceSeconds = nowSeconds;
    }
    old.remove(owner);
    young.add(owner);
  }

  boolean contains(NetworkAddress owner, long nowSeconds) {
    expire(nowSeconds);
    return young.contains(owner) || old.contains(owner);
  }

  void remove(NetworkAddress owner) {
    young.remove(owner);
    old.remove(owner);
  }

  int size() {
    return young.size() + old.size();
  }

  Collection<NetworkAddress> young() {
    return young;
  }

  Collection<NetworkAddress> old() {
    return old;
  }

  long youngSinceSeconds() {
    return youngSinceSeconds;
  }

  void restore(
      Collection<NetworkAddress> oldOwners,
      Collection<NetworkAddress> youngOwners,
      long sinceSeconds) {
    old = new TreeSet<>(oldOwners);
    young = new TreeSet<>(youngOwners);
    youngSinceSeconds = sinceSeconds;
  }

  private void expire(long nowSeconds) {
    for (int i = 0; i < 2 && nowSeconds - youngSinceSeconds >= generationSeconds; i++) {
      roll(youngSinceSeconds + generationSeconds);
    }
  }

  private void roll(long nowSeconds) {
    old = young;
    young = new TreeSet<>();
    youngSinceSeconds = nowSeconds;
  }
}
