package org.chaincore.core.pow;

import java.util.List;

/**
 * SHA-256's message schedule (FIPS 180-4, section 6.2.2) in the rows and the form of {@link
 * LaneSteps}: sixteen words are kept, and each new one takes the place of the oldest.
 *
 * <p>Stateless.
 */
final class LaneSchedule {
  /** The word of round t, from the sixteen before it; from round 16 on. */
  static final List<LaneSteps.Step> EXPAND =
      List.of(
          LaneSchedule::expand0,
          LaneSchedule::expand1,
          LaneSchedule::expand2,
          LaneSchedule::expand3,
          LaneSchedule::expand4,
          LaneSchedule::expand5,
          LaneSchedule::expand6,
          LaneSchedule::expand7,
          LaneSchedule::expand8,
          LaneSchedule::expand9,
          LaneSchedule::expand10,
          LaneSchedule::expand11,
          LaneSchedule::expand12,
          LaneSchedule::expand13,
          LaneSchedule::expand14,
          LaneSchedule::expand15);

  private static final int W0 = LaneSteps.WORDS + 0 * LaneSteps.ROW;
  private static final int W1 = LaneSteps.WORDS + 1 * LaneSteps.ROW;
  private static final int W2 = LaneSteps.WORDS + 2 * LaneSteps.ROW;
  private static final int W3 = LaneSteps.WORDS + 3 * LaneSteps.ROW;
  private static final int W4 = LaneSteps.WORDS + 4 * LaneSteps.ROW;
  private static final int W5 = LaneSteps.WORDS + 5 * LaneSteps.ROW;
  private static final int W6 = LaneSteps.WORDS + 6 * LaneSteps.ROW;
  private static final int W7 = LaneSteps.WORDS + 7 * LaneSteps.ROW;
  private static final int W8 = LaneSteps.WORDS + 8 * LaneSteps.ROW;
  private static final int W9 = LaneSteps.WORDS + 9 * LaneSteps.ROW;
  private static final int W10 = LaneSteps.WORDS + 10 * LaneSteps.ROW;
  private static final int W11 = LaneSteps.WORDS + 11 * LaneSteps.ROW;
  private static final int W12 = LaneSteps.WORDS + 12 * LaneSteps.ROW;
  private static final int W13 = LaneSteps.WORDS + 13 * LaneSteps.ROW;
  private static final int W14 = LaneSteps.WORDS + 14 * LaneSteps.ROW;
  private static final int W15 = LaneSteps.WORDS + 15 * LaneSteps.ROW;

  private LaneSchedule() {}

  private static void expand0(int[] r, int k) {
    for (int i = W9; i < W9 + LaneSteps.LANES; i++) {
      r[i + (W0 - W9)] +=
          Compression.sigma1(r[i + (W14 - W9)]) + r[i] + Compression.sigma0(r[i + (W1 - W9)]);
    }
  }

  private static void expand1(int[] r, int k) {
    for (int i = W10; i < W10 + LaneSteps.LANES; i++) {
      r[i + (W1 - W10)] +=
          Compression.sigma1(r[i + (W15 - W10)]) + r[i] + Compression.sigma0(r[i + (W2 - W10)]);
    }
  }

  private static void expand2(int[] r, int k) {
    for (int i = W11; i < W11 + LaneSteps.LANES; i++) {
      r[i + (W2 - W11)] +=
          Compression.sigma1(r[i + (W0 - W11)]) + r[i] + Compression.sigma0(r[i + (W3 - W11)]);
    }
  }

  private static void expand3(int[] r, int k) {
    for (int i = W12; i < W12 + LaneSteps.LANES; i++) {
      r[i + (W3 - W12)] +=
          Compression.sigma1(r[i + (W1 - W12)]) + r[i] + Compression.sigma0(r[i + (W4 - W12)]);
    }
  }

  private static void expand4(int[] r, int k) {
    for (int i = W13; i < W13 + LaneSteps.LANES; i++) {
      r[i + (W4 - W13)] +=
          Compression.sigma1(r[i + (W2 - W13)]) + r[i] + Compression.sigma0(r[i + (W5 - W13)]);
    }
  }

  private static void expand5(int[] r, int k) {
    for (int i = W14; i < W14 + LaneSteps.LANES; i++) {
      r[i + (W5 - W14)] +=
          Compression.sigma1(r[i + (W3 - W14)]) + r[i] + Compression.sigma0(r[i + (W6 - W14)]);
    }
  }

  private static void expand6(int[] r, int k) {
    for (int i = W15; i < W15 + LaneSteps.LANES; i++) {
      r[i + (W6 - W15)] +=
          Compression.sigma1(r[i + (W4 - W15)]) + r[i] + Compression.sigma0(r[i + (W7 - W15)]);
    }
  }

  private static void expand7(int[] r, int k) {
    for (int i = W0; i < W0 + LaneSteps.LANES; i++) {
      r[i + (W7 - W0)] +=
          Compression.sigma1(r[i + (W5 - W0)]) + r[i] + Compression.sigma0(r[i + (W8 - W0)]);
    }
  }

  private static void expand8(int[] r, int k) {
    for (int i = W1; i < W1 + LaneSteps.LANES; i++) {
      r[i + (W8 - W1)] +=
          Compression.sigma1(r[i + (W6 - W1)]) + r[i] + Compression.sigma0(r[i + (W9 - W1)]);
    }
  }

  private static void expand9(int[] r, int k) {
    for (int i = W2; i < W2 + LaneSteps.LANES; i++) {
      r[i + (W9 - W2)] +=
          Compression.sigma1(r[i + (W7 - W2)]) + r[i] + Compression.sigma0(r[i + (W10 - W2)]);
    }
  }

  private static void expand10(int[] r, int k) {
    for (int i = W3; i < W3 + LaneSteps.LANES; i++) {
      r[i + (W10 - W3)] +=
          Compression.sigma1(r[i + (W8 - W3)]) + r[i] + Compression.sigma0(r[i + (W11 - W3)]);
    }
  }

  private static void expand11(int[] r, int k) {
    for (int i = W4; i < W4 + LaneSteps.LANES; i++) {
      r[i + (W11 - W4)] +=
          Compression.sigma1(r[i + (W9 - W4)]) + r[i] + Compression.sigma0(r[i + (W12 - W4)]);
    }
  }

  private static void expand12(int[] r, int k) {
    for (int i = W5; i < W5 + LaneSteps.LANES; i++) {
      r[i + (W12 - W5)] +=
          Compression.sigma1(r[i + (W10 - W5)]) + r[i] + Compression.sigma0(r[i + (W13 - W5)]);
    }
  }

  private static void expand13(int[] r, int k) {
    for (int i = W6; i < W6 + LaneSteps.LANES; i++) {
      r[i + (W13 - W6)] +=
          Compression.sigma1(r[i + (W11 - W6)]) + r[i] + Compression.sigma0(r[i + (W14 - W6)]);
    }
  }

  private static void expand14(int[] r, int k) {
    for (int i = W7; i < W7 + LaneSteps.LANES; i++) {
      r[i + (W14 - W7)] +=
          Compression.sigma1(r[i + (W12 - W7)]) + r[i] + Compression.sigma0(r[i + (W15 - W7)]);
    }
  }

  private static void expand15(int[] r, int k) {
    for (int i = W8; i < W8 + LaneSteps.LANES; i++) {
      r[i + (W15 - W8)] +=
          Compression.sigma1(r[i + (W13 - W8)]) + r[i] + Compression.sigma0(r[i + (W0 - W8)]);
    }
  }
}
