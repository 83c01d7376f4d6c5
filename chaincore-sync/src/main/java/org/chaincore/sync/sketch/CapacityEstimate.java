package org.chaincore.sync.sketch;

/**
 * What one node expects to differ between its transactions and those of one peer, learned from the
 * rounds before: the source of the coefficient q of a request, from which the other side makes the
 * capacity of its sketch (BIP330).
 *
 * <p><b>Idea.</b> Differences are of two kinds. What one set has more than the other is known as
 * soon as both sizes are; the rest is hidden, and is told as q, the share of the asking side's set
 * that it comes to, at most twice the smaller set. (BIP330 takes q of the smaller set. The side
 * that asks does not know that one, and its guess moves every capacity by a few.) A set that is
 * larger by a handful is so by chance, though: where n transactions went to one side or the other
 * at random, one has √n more, and counting those on top of the hidden ones would count them twice.
 * So the imbalance counts from twice that on: the capacity is hidden + max(0, imbalance − 2√hidden)
 * + 1, the last one as a check of the answer.
 *
 * <p>The hidden part follows its mean and mean deviation as a retransmission timer follows round
 * trips: what is expected is the mean and twice the deviation. A sketch that is too small is
 * doubled, so that the best margin makes one round in twenty need that.
 *
 * <p><b>Attack.</b> A peer that invents differences makes its own sketches larger, up to {@link
 * #MAX_INITIAL_CAPACITY}, until the mean has forgotten them.
 *
 * <p>Sources: BIP330; Jacobson, "Congestion Avoidance and Control", 1988, appendix A.
 *
 * <p>Not thread-safe; confined to the owner of the connection.
 */
public final class CapacityEstimate {
  /** The largest capacity of a first sketch, which must leave room for an extension as large. */
  public static final int MAX_INITIAL_CAPACITY = Sketch.MAX_CAPACITY / 2;

  /** The smallest capacity: a few transactions more than expected should cost no second message. */
  public static final int MIN_CAPACITY = 8;

  /** The q of a request that means 1. */
  public static final int Q_ONE = (1 << 15) - 1;

  /** The largest q of a request, two bytes: all of both sets differ. */
  public static final int MAX_Q = 0xffff;

  /** One in ten differs, before anything is known (BIP330). */
  public static final int DEFAULT_Q = (Q_ONE + 9) / 10;

  /** Sums of a sketch that are not used to find differences, so that a wrong answer is seen. */
  static final int CHECK_SUMS = 1;

  private static final double MEAN_GAIN = 1.0 / 8;
  private static final double DEVIATION_GAIN = 1.0 / 16;
  private static final double DEVIATIONS = 2;
  private static final double CHANCE_DEVIATIONS = 2;

  private final int firstGuess;
  private boolean knows;
  private double meanHidden;
  private double deviation;

  /** An estimate that knows nothing yet. */
  public static CapacityEstimate create() {
    return new CapacityEstimate(0);
  }

  /**
   * An estimate that knows nothing yet and asks the first time for room for so many hidden
   * differences, if the sets are as large: nodes that have just met may differ in all they have.
   */
  public static CapacityEstimate guessing(int differences) {
    check("differences", differences, MAX_INITIAL_CAPACITY);
    return new CapacityEstimate(differences);
  }

  private CapacityEstimate(int firstGuess) {
    this.firstGuess = firstGuess;
  }

  /**
   * The capacity of the sketch that answers a request, within {@link #MIN_CAPACITY} and {@link
   * #MAX_INITIAL_CAPACITY} whatever it asks for.
   *
   * @param ours how many ids the side that answers has
   * @param theirs how many the side that asks says it has
   * @param q of the request
   */
  public static int capacity(int ours, int theirs, int q) {
    check("transactions here", ours, Integer.MAX_VALUE);
    check("transactions there", theirs, Integer.MAX_VALUE);
    check("q", q, MAX_Q);
    long hidden = Math.min((long) q * theirs / Q_ONE, 2L * Math.min(ours, theirs));
    long wanted = hidden + (long) notByChance(ours, theirs, (double) hidden) + CHECK_SUMS;
    return (int) Math.max(MIN_CAPACITY, Math.min(MAX_INITIAL_CAPACITY, wanted));
  }

  /** The capacity of a sketch that is extended once more; the same if it is the largest already. */
  static int extended(int capacity) {
    return Math.min(2 * capacity, Sketch.MAX_CAPACITY);
  }

  /**
   * The q of the next request.
   *
   * @param ours how many ids the side that asks has
   */
  public int q(int ours) {
    check("transactions here", ours, Integer.MAX_VALUE);
    return knows ? share(expectedHidden(), ours) : Math.max(DEFAULT_Q, share(firstGuess, ours));
  }

  private static int share(double hidden, int ours) {
    return (int) Math.min(MAX_Q, Math.ceil(hidden * Q_ONE / Math.max(1, ours)));
  }

  /**
   * Learns from a round that found all differences.
   *
   * @param ours how many ids the side that asked had
   * @param theirs how many the other had
   * @param differences how many were in one set and not in the other
   * @throws IllegalArgumentException if one of them is negative
   */
  public void learn(int ours, int theirs, int differences) {
    check("transactions here", ours, Integer.MAX_VALUE);
    check("transactions there", theirs, Integer.MAX_VALUE);
    check("differences", differences, Integer.MAX_VALUE);
    double hidden = differences - notByChance(ours, theirs, knows ? expectedHidden() : differences);
    if (knows) {
      double error = hidden - meanHidden;
      meanHidden += MEAN_GAIN * error;
      deviation += DEVIATION_GAIN * (Math.abs(error) - deviation);
    } else {
      meanHidden = hidden;
      deviation = Math.sqrt(Math.max(0, hidden));
      knows = true;
    }
  }

  /** Learns that no sketch sufficed: there were at least as many differences as the capacity. */
  public void learnFailure(int capacity) {
    check("capacity", capacity, Sketch.MAX_CAPACITY);
    meanHidden = Math.max(meanHidden, capacity);
    knows = true;
  }

  private double expectedHidden() {
    return Math.ceil(Math.max(0, meanHidden + DEVIATIONS * deviation));
  }

  private static double notByChance(int ours, int theirs, double hidden) {
    double imbalance = Math.abs((double) ours - theirs);
    return Math.max(0, imbalance - CHANCE_DEVIATIONS * Math.floor(Math.sqrt(hidden)));
  }

  private static void check(String what, int value, int most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(what + " outside 0.." + most + ": " + value);
    }
  }
}
