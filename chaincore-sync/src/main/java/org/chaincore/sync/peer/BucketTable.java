package org.chaincore.sync.peer;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One table of buckets, and the choice of an address among them. A choice falls on a bucket first
 * and on an address in it then, so that whoever fills few buckets is chosen little however full
 * they are.
 *
 * <p>Not thread-safe; confined to its book.
 */
final class BucketTable {
  /** Draws before the rest is searched; bounds the cost of a filter that fits next to nothing. */
  private static final int MAX_DRAWS = 64;

  /**
   * Addresses looked at in a search. Bounds the cost when a full book has next to nothing that
   * fits, as an attacker may arrange; the search begins anywhere, so the next one finds what this
   * misses.
   */
  static final int MAX_SEARCHED = 4_096;

  /** What an unlikely address gains with each draw that came to nothing. */
  private static final double GAIN_A_DRAW = 1.2;

  /** Null where none was filled yet. */
  private final @Nullable Bucket[] buckets;

  private final BitSet filled = new BitSet();

  /** Filled slots. */
  private int size;

  BucketTable(int buckets) {
    this.buckets = new Bucket[buckets];
  }

  int size() {
    return size;
  }

  @Nullable AddressEntry at(int bucket, int slot) {
    return filled.get(bucket) ? bucket(bucket).at(slot) : null;
  }

  void fill(int bucket, int slot, AddressEntry entry) {
    bucket(bucket).fill(slot, entry);
    filled.set(bucket);
    size++;
  }

  void empty(int bucket, int slot) {
    bucket(bucket).empty(slot);
    filled.set(bucket, !bucket(bucket).isEmpty());
    size--;
  }

  /** A random address that fits; empty if none does among {@link #MAX_SEARCHED}. */
  Optional<AddressEntry> choose(
      Predicate<AddressEntry> fits, long nowSeconds, RandomGenerator random) {
    double gain = 1;
    for (int draw = 0; draw < MAX_DRAWS && size > 0; draw++) {
      Optional<AddressEntry> drawn = oneOf(randomBucket(random), fits, random);
      if (drawn.isPresent() && random.nextDouble() < drawn.get().chance(nowSeconds) * gain) {
        return drawn;
      }
      gain *= GAIN_A_DRAW;
    }
    return search(fits, random);
  }

  private Optional<AddressEntry> search(Predicate<AddressEntry> fits, RandomGenerator random) {
    int bucket = random.nextInt(buckets.length);
    int left = Math.min(size, MAX_SEARCHED);
    while (left > 0) {
      bucket = nextFilled(bucket);
      Optional<AddressEntry> found = oneOf(bucket(bucket), fits, random);
      if (found.isPresent()) {
        return found;
      }
      left -= bucket(bucket).entries().size();
      bucket++;
    }
    return Optional.empty();
  }

  private int nextFilled(int from) {
    int next = filled.nextSetBit(from);
    return next < 0 ? filled.nextSetBit(0) : next;
  }

  private Bucket randomBucket(RandomGenerator random) {
    int bucket = filled.nextSetBit(0);
    for (int left = random.nextInt(filled.cardinality()); left > 0; left--) {
      bucket = filled.nextSetBit(bucket + 1);
    }
    return bucket(bucket);
  }

  private Bucket bucket(int index) {
    Bucket bucket = buckets[index];
    if (bucket == null) {
      bucket = new Bucket();
      buckets[index] = bucket;
    }
    return bucket;
  }

  private static Optional<AddressEntry> oneOf(
      Bucket bucket, Predicate<AddressEntry> fits, RandomGenerator random) {
    List<AddressEntry> fitting = bucket.entries().stream().filter(fits).toList();
    return fitting.isEmpty()
        ? Optional.empty()
        : Optional.of(fitting.get(random.nextInt(fitting.size())));
  }
}
