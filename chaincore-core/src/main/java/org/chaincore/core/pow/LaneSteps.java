package org.chaincore.core.pow;

import java.util.List;

/**
 * The steps of SHA-256 (FIPS 180-4, section 6.2) for many messages side by side: each is one small
 * loop over all lanes, in the form that the virtual machine's compiler turns into vector
 * instructions by itself.
 *
 * <p>What that form asks, found out by measurement on 17 and 25, is why this class looks as it
 * does. All rows lie in one array at constant distances, or the compiler does not see that they are
 * apart. A loop counts along one of the rows that it reads, and does as much as still fits the
 * compiler's limit for unrolling, so that a round is two loops. A rotation is the exclusive or of
 * two shifts; a rotation by name is not vectorised where the processor has none. The eight working
 * variables are not moved from row to row: a round is written once for each of the places where
 * they are, and the message's words too, which makes sixteen of each.
 *
 * <p>The steps are called through lists, which keeps the compiler from putting dozens of loops into
 * one method and giving up on them.
 *
 * <p>Stateless.
 */
final class LaneSteps {
  /** Messages side by side. */
  static final int LANES = 512;

  /**
   * From row to row, in ints: not the lanes alone, whose rows would share the same few lines of the
   * processor's cache.
   */
  static final int ROW = LANES + 16;

  /** The rows of the working variables a to h, before the first round and after every eighth. */
  static final int STATE = 0;

  /** The rows of the sixteen words of the message that are still of use. */
  static final int WORDS = 8 * ROW;

  static final int ROWS = 24 * ROW;

  /** One step over all lanes. */
  interface Step {
    /**
     * Takes it.
     *
     * @param r the rows
     * @param k the round's constant, where the step has one
     */
    void run(int[] r, int k);
  }

  /** The first half of round t: what does not depend on a, b and c goes into h. */
  static final List<Step> MIX =
      List.of(
          LaneSteps::mix0,
          LaneSteps::mix1,
          LaneSteps::mix2,
          LaneSteps::mix3,
          LaneSteps::mix4,
          LaneSteps::mix5,
          LaneSteps::mix6,
          LaneSteps::mix7,
          LaneSteps::mix8,
          LaneSteps::mix9,
          LaneSteps::mix10,
          LaneSteps::mix11,
          LaneSteps::mix12,
          LaneSteps::mix13,
          LaneSteps::mix14,
          LaneSteps::mix15);

  /** The second half: what was mixed goes into d, and h becomes the new a. */
  static final List<Step> TURN =
      List.of(
          LaneSteps::turn0,
          LaneSteps::turn1,
          LaneSteps::turn2,
          LaneSteps::turn3,
          LaneSteps::turn4,
          LaneSteps::turn5,
          LaneSteps::turn6,
          LaneSteps::turn7);

  private static final int V0 = STATE + 0 * ROW;
  private static final int V1 = STATE + 1 * ROW;
  private static final int V2 = STATE + 2 * ROW;
  private static final int V3 = STATE + 3 * ROW;
  private static final int V4 = STATE + 4 * ROW;
  private static final int V5 = STATE + 5 * ROW;
  private static final int V6 = STATE + 6 * ROW;
  private static final int V7 = STATE + 7 * ROW;

  private static final int W0 = WORDS + 0 * ROW;
  private static final int W1 = WORDS + 1 * ROW;
  private static final int W2 = WORDS + 2 * ROW;
  private static final int W3 = WORDS + 3 * ROW;
  private static final int W4 = WORDS + 4 * ROW;
  private static final int W5 = WORDS + 5 * ROW;
  private static final int W6 = WORDS + 6 * ROW;
  private static final int W7 = WORDS + 7 * ROW;
  private static final int W8 = WORDS + 8 * ROW;
  private static final int W9 = WORDS + 9 * ROW;
  private static final int W10 = WORDS + 10 * ROW;
  private static final int W11 = WORDS + 11 * ROW;
  private static final int W12 = WORDS + 12 * ROW;
  private static final int W13 = WORDS + 13 * ROW;
  private static final int W14 = WORDS + 14 * ROW;
  private static final int W15 = WORDS + 15 * ROW;

  private LaneSteps() {}

  /** Round t of all lanes. */
  static void round(int[] rows, int t) {
    if (t >= 16) {
      LaneSchedule.EXPAND.get(t & 15).run(rows, 0);
    }
    roundAsItStands(rows, t);
  }

  /** Round t, whose word is there already. */
  static void roundAsItStands(int[] rows, int t) {
    MIX.get(t & 15).run(rows, Compression.K.get(t));
    TURN.get(t & 7).run(rows, 0);
  }

  /** The row of a working variable, 0 for a to 7 for h, when so many rounds are done. */
  static int row(int variable, int rounds) {
    return STATE + ((variable - rounds) & 7) * ROW;
  }

  /** Sets the words of the message that begin the next hash to state plus what it began with. */
  static void feedForward(int[] r, int row, int began) {
    for (int i = row; i < row + LANES; i++) {
      r[i + (WORDS - STATE)] = r[i] + began;
    }
  }

  private static void mix0(int[] r, int k) {
    for (int i = V5; i < V5 + LANES; i++) {
      r[i + (V7 - V5)] +=
          Compression.sum1(r[i + (V4 - V5)])
              + Compression.choose(r[i + (V4 - V5)], r[i], r[i + (V6 - V5)])
              + (k + r[i + (W0 - V5)]);
    }
  }

  private static void mix1(int[] r, int k) {
    for (int i = V4; i < V4 + LANES; i++) {
      r[i + (V6 - V4)] +=
          Compression.sum1(r[i + (V3 - V4)])
              + Compression.choose(r[i + (V3 - V4)], r[i], r[i + (V5 - V4)])
              + (k + r[i + (W1 - V4)]);
    }
  }

  private static void mix2(int[] r, int k) {
    for (int i = V3; i < V3 + LANES; i++) {
      r[i + (V5 - V3)] +=
          Compression.sum1(r[i + (V2 - V3)])
              + Compression.choose(r[i + (V2 - V3)], r[i], r[i + (V4 - V3)])
              + (k + r[i + (W2 - V3)]);
    }
  }

  private static void mix3(int[] r, int k) {
    for (int i = V2; i < V2 + LANES; i++) {
      r[i + (V4 - V2)] +=
          Compression.sum1(r[i + (V1 - V2)])
              + Compression.choose(r[i + (V1 - V2)], r[i], r[i + (V3 - V2)])
              + (k + r[i + (W3 - V2)]);
    }
  }

  private static void mix4(int[] r, int k) {
    for (int i = V1; i < V1 + LANES; i++) {
      r[i + (V3 - V1)] +=
          Compression.sum1(r[i + (V0 - V1)])
              + Compression.choose(r[i + (V0 - V1)], r[i], r[i + (V2 - V1)])
              + (k + r[i + (W4 - V1)]);
    }
  }

  private static void mix5(int[] r, int k) {
    for (int i = V0; i < V0 + LANES; i++) {
      r[i + (V2 - V0)] +=
          Compression.sum1(r[i + (V7 - V0)])
              + Compression.choose(r[i + (V7 - V0)], r[i], r[i + (V1 - V0)])
              + (k + r[i + (W5 - V0)]);
    }
  }

  private static void mix6(int[] r, int k) {
    for (int i = V7; i < V7 + LANES; i++) {
      r[i + (V1 - V7)] +=
          Compression.sum1(r[i + (V6 - V7)])
              + Compression.choose(r[i + (V6 - V7)], r[i], r[i + (V0 - V7)])
              + (k + r[i + (W6 - V7)]);
    }
  }

  private static void mix7(int[] r, int k) {
    for (int i = V6; i < V6 + LANES; i++) {
      r[i + (V0 - V6)] +=
          Compression.sum1(r[i + (V5 - V6)])
              + Compression.choose(r[i + (V5 - V6)], r[i], r[i + (V7 - V6)])
              + (k + r[i + (W7 - V6)]);
    }
  }

  private static void mix8(int[] r, int k) {
    for (int i = V5; i < V5 + LANES; i++) {
      r[i + (V7 - V5)] +=
          Compression.sum1(r[i + (V4 - V5)])
              + Compression.choose(r[i + (V4 - V5)], r[i], r[i + (V6 - V5)])
              + (k + r[i + (W8 - V5)]);
    }
  }

  private static void mix9(int[] r, int k) {
    for (int i = V4; i < V4 + LANES; i++) {
      r[i + (V6 - V4)] +=
          Compression.sum1(r[i + (V3 - V4)])
              + Compression.choose(r[i + (V3 - V4)], r[i], r[i + (V5 - V4)])
              + (k + r[i + (W9 - V4)]);
    }
  }

  private static void mix10(int[] r, int k) {
    for (int i = V3; i < V3 + LANES; i++) {
      r[i + (V5 - V3)] +=
          Compression.sum1(r[i + (V2 - V3)])
              + Compression.choose(r[i + (V2 - V3)], r[i], r[i + (V4 - V3)])
              + (k + r[i + (W10 - V3)]);
    }
  }

  private static void mix11(int[] r, int k) {
    for (int i = V2; i < V2 + LANES; i++) {
      r[i + (V4 - V2)] +=
          Compression.sum1(r[i + (V1 - V2)])
              + Compression.choose(r[i + (V1 - V2)], r[i], r[i + (V3 - V2)])
              + (k + r[i + (W11 - V2)]);
    }
  }

  private static void mix12(int[] r, int k) {
    for (int i = V1; i < V1 + LANES; i++) {
      r[i + (V3 - V1)] +=
          Compression.sum1(r[i + (V0 - V1)])
              + Compression.choose(r[i + (V0 - V1)], r[i], r[i + (V2 - V1)])
              + (k + r[i + (W12 - V1)]);
    }
  }

  private static void mix13(int[] r, int k) {
    for (int i = V0; i < V0 + LANES; i++) {
      r[i + (V2 - V0)] +=
          Compression.sum1(r[i + (V7 - V0)])
              + Compression.choose(r[i + (V7 - V0)], r[i], r[i + (V1 - V0)])
              + (k + r[i + (W13 - V0)]);
    }
  }

  private static void mix14(int[] r, int k) {
    for (int i = V7; i < V7 + LANES; i++) {
      r[i + (V1 - V7)] +=
          Compression.sum1(r[i + (V6 - V7)])
              + Compression.choose(r[i + (V6 - V7)], r[i], r[i + (V0 - V7)])
              + (k + r[i + (W14 - V7)]);
    }
  }

  private static void mix15(int[] r, int k) {
    for (int i = V6; i < V6 + LANES; i++) {
      r[i + (V0 - V6)] +=
          Compression.sum1(r[i + (V5 - V6)])
              + Compression.choose(r[i + (V5 - V6)], r[i], r[i + (V7 - V6)])
              + (k + r[i + (W15 - V6)]);
    }
  }

  private static void turn0(int[] r, int k) {
    for (int i = V3; i < V3 + LANES; i++) {
      r[i] += r[i + (V7 - V3)];
      r[i + (V7 - V3)] +=
          Compression.sum0(r[i + (V0 - V3)])
              + Compression.majority(r[i + (V0 - V3)], r[i + (V1 - V3)], r[i + (V2 - V3)]);
    }
  }

  private static void turn1(int[] r, int k) {
    for (int i = V2; i < V2 + LANES; i++) {
      r[i] += r[i + (V6 - V2)];
      r[i + (V6 - V2)] +=
          Compression.sum0(r[i + (V7 - V2)])
              + Compression.majority(r[i + (V7 - V2)], r[i + (V0 - V2)], r[i + (V1 - V2)]);
    }
  }

  private static void turn2(int[] r, int k) {
    for (int i = V1; i < V1 + LANES; i++) {
      r[i] += r[i + (V5 - V1)];
      r[i + (V5 - V1)] +=
          Compression.sum0(r[i + (V6 - V1)])
              + Compression.majority(r[i + (V6 - V1)], r[i + (V7 - V1)], r[i + (V0 - V1)]);
    }
  }

  private static void turn3(int[] r, int k) {
    for (int i = V0; i < V0 + LANES; i++) {
      r[i] += r[i + (V4 - V0)];
      r[i + (V4 - V0)] +=
          Compression.sum0(r[i + (V5 - V0)])
              + Compression.majority(r[i + (V5 - V0)], r[i + (V6 - V0)], r[i + (V7 - V0)]);
    }
  }

  private static void turn4(int[] r, int k) {
    for (int i = V7; i < V7 + LANES; i++) {
      r[i] += r[i + (V3 - V7)];
      r[i + (V3 - V7)] +=
          Compression.sum0(r[i + (V4 - V7)])
              + Compression.majority(r[i + (V4 - V7)], r[i + (V5 - V7)], r[i + (V6 - V7)]);
    }
  }

  private static void turn5(int[] r, int k) {
    for (int i = V6; i < V6 + LANES; i++) {
      r[i] += r[i + (V2 - V6)];
      r[i + (V2 - V6)] +=
          Compression.sum0(r[i + (V3 - V6)])
              + Compression.majority(r[i + (V3 - V6)], r[i + (V4 - V6)], r[i + (V5 - V6)]);
    }
  }

  private static void turn6(int[] r, int k) {
    for (int i = V5; i < V5 + LANES; i++) {
      r[i] += r[i + (V1 - V5)];
      r[i + (V1 - V5)] +=
          Compression.sum0(r[i + (V2 - V5)])
              + Compression.majority(r[i + (V2 - V5)], r[i + (V3 - V5)], r[i + (V4 - V5)]);
    }
  }

  private static void turn7(int[] r, int k) {
    for (int i = V4; i < V4 + LANES; i++) {
      r[i] += r[i + (V0 - V4)];
      r[i + (V0 - V4)] +=
          Compression.sum0(r[i + (V1 - V4)])
              + Compression.majority(r[i + (V1 - V4)], r[i + (V2 - V4)], r[i + (V3 - V4)]);
    }
  }
}
