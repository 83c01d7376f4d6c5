package org.chaincore.core.pow;

/**
 * SHA-256's compression of single blocks (FIPS 180-4, section 6.2), for the few that a search needs
 * besides the many: states between blocks, and states between rounds.
 *
 * <p>Stateless.
 */
final class Compression {
  /** An immutable row of words. */
  static final class Words {
    private final int[] words;

    private Words(int... words) {
      this.words = words;
    }

    int get(int i) {
      return words[i];
    }

    int[] copy() {
      return words.clone();
    }
  }

  /** What hashing begins with. */
  static final Words INITIAL =
      new Words(
          0x6a09e667,
          0xbb67ae85,
          0x3c6ef372,
          0xa54ff53a,
          0x510e527f,
          0x9b05688c,
          0x1f83d9ab,
          0x5be0cd19);

  /** The constants of the rounds. */
  static final Words K =
      new Words(
          0x428a2f98,
          0x71374491,
          0xb5c0fbcf,
          0xe9b5dba5,
          0x3956c25b,
          0x59f111f1,
          0x923f82a4,
          0xab1c5ed5,
          0xd807aa98,
          0x12835b01,
          0x243185be,
          0x550c7dc3,
          0x72be5d74,
          0x80deb1fe,
          0x9bdc06a7,
          0xc19bf174,
          0xe49b69c1,
          0xefbe4786,
          0x0fc19dc6,
          0x240ca1cc,
          0x2de92c6f,
          0x4a7484aa,
          0x5cb0a9dc,
          0x76f988da,
          0x983e5152,
          0xa831c66d,
          0xb00327c8,
          0xbf597fc7,
          0xc6e00bf3,
          0xd5a79147,
          0x06ca6351,
          0x14292967,
          0x27b70a85,
          0x2e1b2138,
          0x4d2c6dfc,
          0x53380d13,
          0x650a7354,
          0x766a0abb,
          0x81c2c92e,
          0x92722c85,
          0xa2bfe8a1,
          0xa81a664b,
          0xc24b8b70,
          0xc76c51a3,
          0xd192e819,
          0xd6990624,
          0xf40e3585,
          0x106aa070,
          0x19a4c116,
          0x1e376c08,
          0x2748774c,
          0x34b0bcb5,
          0x391c0cb3,
          0x4ed8aa4a,
          0x5b9cca4f,
          0x682e6ff3,
          0x748f82ee,
          0x78a5636f,
          0x84c87814,
          0x8cc70208,
          0x90befffa,
          0xa4506ceb,
          0xbef9a3f7,
          0xc67178f2);

  static final int ROUNDS = 64;

  private Compression() {}

  /** The sixteen words of a block, filled up to all sixty-four. */
  static int[] schedule(int[] block) {
    int[] w = new int[ROUNDS];
    System.arraycopy(block, 0, w, 0, 16);
    for (int t = 16; t < ROUNDS; t++) {
      w[t] = w[t - 16] + sigma0(w[t - 15]) + w[t - 7] + sigma1(w[t - 2]);
    }
    return w;
  }

  /** The working variables a to h after so many rounds. */
  static int[] rounds(Words began, int[] schedule, int count) {
    int[] v = began.copy();
    for (int t = 0; t < count; t++) {
      int mixed = v[7] + sum1(v[4]) + choose(v[4], v[5], v[6]) + K.get(t) + schedule[t];
      int turned = mixed + sum0(v[0]) + majority(v[0], v[1], v[2]);
      System.arraycopy(v, 0, v, 1, 7);
      v[4] += mixed;
      v[0] = turned;
    }
    return v;
  }

  /** The state behind a block. */
  static Words compress(Words began, int[] block) {
    int[] v = rounds(began, schedule(block), ROUNDS);
    for (int i = 0; i < v.length; i++) {
      v[i] += began.get(i);
    }
    return new Words(v);
  }

  // The functions of section 4.1.2, also for lanes, which is why their rotations are written out:
  // see LaneSteps.

  static int sum0(int a) {
    return ((a >>> 2) ^ (a << 30)) ^ ((a >>> 13) ^ (a << 19)) ^ ((a >>> 22) ^ (a << 10));
  }

  static int sum1(int e) {
    return ((e >>> 6) ^ (e << 26)) ^ ((e >>> 11) ^ (e << 21)) ^ ((e >>> 25) ^ (e << 7));
  }

  static int sigma0(int w) {
    return ((w >>> 7) ^ (w << 25)) ^ ((w >>> 18) ^ (w << 14)) ^ (w >>> 3);
  }

  static int sigma1(int w) {
    return ((w >>> 17) ^ (w << 15)) ^ ((w >>> 19) ^ (w << 13)) ^ (w >>> 10);
  }

  static int choose(int e, int f, int g) {
    return g ^ (e & (f ^ g));
  }

  static int majority(int a, int b, int c) {
    return (a & b) ^ (c & (a ^ b));
  }
}
