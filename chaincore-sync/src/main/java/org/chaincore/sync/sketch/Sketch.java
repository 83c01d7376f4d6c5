package org.chaincore.sync.sketch;

import java.util.Arrays;
import java.util.Optional;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.LittleEndian;

/**
 * A checksum of a set of 32-bit ids from which the set itself can be read while it has no more
 * elements than the sketch has capacity. Two sketches merged are a sketch of what is in one of
 * their sets and not in the other: that is how two nodes find what they differ in, at four bytes a
 * difference, however large their sets are.
 *
 * <p><b>Idea.</b> Ids are elements of the field of 2³² elements. A sketch of capacity c is the sums
 * of their odd powers 1, 3, … 2c − 1; adding is XOR, so an id that is added twice is gone. The even
 * sums are squares of earlier ones. From 2c power sums of at most c elements Berlekamp and Massey's
 * algorithm makes the polynomial with those elements as roots, and Berlekamp's trace algorithm
 * finds the roots. A sketch is the beginning of every larger one of the same set, so that it can be
 * extended by sending the rest.
 *
 * <p><b>Cost</b> in multiplications: adding an id c; decoding n of at most c differences c²/2 +
 * c·n, and about 25 n² for the roots.
 *
 * <p><b>Attack.</b> Any bytes are a sketch. One that stands for no set of its capacity ends after
 * c² multiplications when the recurrence grows too long, or else at the test whether the polynomial
 * has all its roots, before any of them is looked for: at most half of what an honest sketch of
 * {@link #MAX_CAPACITY} differences costs. A set larger than the capacity is read as another, wrong
 * one with a probability of about one in c!, which is much for small c: each sum that is held back
 * as a check, by decoding fewer differences than the capacity, divides that by 2³².
 *
 * <p>Sources: BIP330; Dodis, Ostrovsky, Reyzin and Smith, "Fuzzy Extractors", 2008, section 6.3
 * (PinSketch).
 *
 * <p>Not thread-safe; confined to its owner.
 */
public final class Sketch {
  /** Bytes of a sketch for each unit of its capacity. */
  public static final int BYTES_PER_ELEMENT = Integer.BYTES;

  /**
   * The largest capacity. Decoding costs its square: this one holds what a peer can buy of our time
   * with a sketch below 20 ms (measured: 13 to 16 ms of CPU time for a full one, however its ids
   * are chosen, and half of that for random bytes).
   */
  public static final int MAX_CAPACITY = 400;

  /** So many powers of an id are kept going at once, since none waits for another. */
  private static final int STRIDE = 8;

  private final int[] sums;

  private Sketch(int[] sums) {
    this.sums = sums;
  }

  /**
   * The sketch of the empty set.
   *
   * @throws IllegalArgumentException if the capacity is not 1 to {@link #MAX_CAPACITY}
   */
  public static Sketch ofCapacity(int capacity) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity of a sketch outside 1.." + MAX_CAPACITY + ": " + capacity);
    }
    return new Sketch(new int[capacity]);
  }

  /**
   * Reads the bytes of {@link #toBytes()}.
   *
   * @throws MalformedBytesException if they are no whole number of sums, none, or more than {@link
   *     #MAX_CAPACITY}
   */
  public static Sketch read(Bytes bytes) {
    int capacity = bytes.length() / BYTES_PER_ELEMENT;
    if (bytes.length() % BYTES_PER_ELEMENT != 0 || capacity < 1 || capacity > MAX_CAPACITY) {
      throw new MalformedBytesException(
          0, "sketch", bytes.length() + " bytes are no sketch of 1.." + MAX_CAPACITY + " sums");
    }
    return new Sketch(sums(bytes));
  }

  private static int[] sums(Bytes bytes) {
    byte[] wire = bytes.toArray();
    int[] sums = new int[wire.length / BYTES_PER_ELEMENT];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = LittleEndian.getInt(wire, i * BYTES_PER_ELEMENT);
    }
    return sums;
  }

  public int capacity() {
    return sums.length;
  }

  /**
   * Adds an id that is not in the set, or takes one out that is.
   *
   * @throws IllegalArgumentException if it is 0, which no sketch can hold
   */
  public void toggle(int id) {
    new Powers().toggle(id);
  }

  /** Toggles each of {@code ids}, faster than one by one. */
  public void toggleAll(int... ids) {
    Powers powers = new Powers();
    for (int id : ids) {
      powers.toggle(id);
    }
  }

  /**
   * Becomes the sketch of what is in one of the two sets and not in the other.
   *
   * @throws IllegalArgumentException if the other's capacity is not the same
   */
  public void merge(Sketch other) {
    if (other.capacity() != capacity()) {
      throw new IllegalArgumentException(
          "a sketch of capacity " + capacity() + " merged with one of " + other.capacity());
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] ^= other.sums[i];
    }
  }

  /** A copy of the sketch of the same set with a capacity that is not larger. */
  public Sketch truncated(int capacity) {
    if (capacity < 1 || capacity > capacity()) {
      throw new IllegalArgumentException(
          "a sketch of capacity " + capacity() + " cut to " + capacity);
    }
    return new Sketch(Arrays.copyOf(sums, capacity));
  }

  /**
   * The sketch that has this one as its beginning and {@code rest} as its end.
   *
   * @throws MalformedBytesException if the rest is no whole number of sums, none, or too many
   */
  public Sketch extended(Bytes rest) {
    Sketch end = read(rest);
    if (end.capacity() > MAX_CAPACITY - capacity()) {
      throw new MalformedBytesException(
          0,
          "sketch extension",
          end.capacity() + " sums behind " + capacity() + " are more than " + MAX_CAPACITY);
    }
    int[] all = Arrays.copyOf(sums, capacity() + end.capacity());
    System.arraycopy(end.sums, 0, all, capacity(), end.capacity());
    return new Sketch(all);
  }

  /** The sums, least significant byte first. */
  public Bytes toBytes() {
    byte[] wire = new byte[sums.length * BYTES_PER_ELEMENT];
    for (int i = 0; i < sums.length; i++) {
      LittleEndian.putInt(wire, i * BYTES_PER_ELEMENT, sums[i]);
    }
    return Bytes.of(wire);
  }

  /**
   * The ids of the set, ascending as unsigned numbers.
   *
   * @param maxDifferences how many there may be; what the capacity exceeds this by is used to check
   *     the answer
   * @param seed random and unknown to whoever made the sketch; it decides how long decoding takes,
   *     never its result
   * @return empty if the set has more elements, or the bytes were no sketch of a set
   * @throws IllegalArgumentException if {@code maxDifferences} is not 1 to the capacity
   */
  public Optional<int[]> decode(int maxDifferences, long seed) {
    if (maxDifferences < 1 || maxDifferences > capacity()) {
      throw new IllegalArgumentException(
          "differences outside 1.." + capacity() + ": " + maxDifferences);
    }
    Polynomials polynomials = new Polynomials();
    return BerlekampMassey.locator(sums, maxDifferences, polynomials)
        .flatMap(locator -> RootFinder.roots(locator, seed, polynomials))
        .filter(this::isSetOf)
        .map(Sketch::ascending);
  }

  private boolean isSetOf(int[] ids) {
    Sketch again = ofCapacity(capacity());
    again.toggleAll(ids);
    return Arrays.equals(again.sums, sums);
  }

  private static int[] ascending(int[] ids) {
    int[] sorted = ids.clone();
    flipSigns(sorted);
    Arrays.sort(sorted);
    flipSigns(sorted);
    return sorted;
  }

  private static void flipSigns(int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      ids[i] ^= Integer.MIN_VALUE;
    }
  }

  /** Adds the odd powers of ids to the sums. Confined to one call. */
  private final class Powers {
    private final LinearMap step = new LinearMap();
    private final int[] powers = new int[Math.max(STRIDE, sums.length)];

    void toggle(int id) {
      if (id == 0) {
        throw new IllegalArgumentException("0 is no id: a sketch cannot hold it");
      }
      int square = Field32.square(id);
      powers[0] = id;
      for (int i = 1; i < STRIDE; i++) {
        powers[i] = Field32.multiply(powers[i - 1], square);
      }
      if (sums.length > STRIDE) {
        stride(square);
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] ^= powers[i];
      }
    }

    private void stride(int square) {
      int factor = square;
      for (int i = 1; i < STRIDE; i *= 2) {
        factor = Field32.square(factor);
      }
      step.loadMultiplication(factor);
      for (int i = STRIDE; i < powers.length; i++) {
        powers[i] = step.apply(powers[i - STRIDE]);
      }
    }
  }
}
