package org.chaincore.sync.sketch;

/**
 * A part of all short ids: those that begin with the same bits. The ids are salted hashes, so a set
 * falls about evenly into the two halves of a part.
 *
 * <p>Immutable and thread-safe.
 *
 * @param number 1 for all ids; the half of part n whose next bit is 0 is 2n, the other 2n + 1
 */
public record SketchPart(int number) {
  /**
   * So many times a set is halved before what still does not fit into a sketch is given up. Each
   * halving doubles how many differences can be found, and how often a peer that lies can have us
   * sketch and decode: with three 3,192 are found at best, for seven more sketches.
   */
  public static final int MAX_SPLITS = 3;

  /** The largest number there is. */
  public static final int MAX_NUMBER = (2 << MAX_SPLITS) - 1;

  /** All ids. */
  public static final SketchPart WHOLE = new SketchPart(1);

  public SketchPart {
    if (number < 1 || number > MAX_NUMBER) {
      throw new IllegalArgumentException("part outside 1.." + MAX_NUMBER + ": " + number);
    }
  }

  /** How many bits its ids share. */
  public int splits() {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number);
  }

  /** Whether it is the half of another part whose next bit is 0: the half that is asked for. */
  public boolean isLowerHalf() {
    return number > 1 && number % 2 == 0;
  }

  /** The half whose next bit is 0. */
  public SketchPart lowerHalf() {
    return new SketchPart(2 * number);
  }

  /** The half whose next bit is 1. */
  public SketchPart upperHalf() {
    return new SketchPart(2 * number + 1);
  }

  boolean contains(int id) {
    int bits = splits();
    return bits == 0 || id >>> (Integer.SIZE - bits) == number - (1 << bits);
  }
}
