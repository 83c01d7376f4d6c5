package org.chaincore.core.pow;

import java.util.Arrays;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Target;

/**
 * A search that hashes {@value LaneSteps#LANES} nonces side by side, in plain Java that the
 * compiler vectorises. It is slow until that has happened and faster than the JDK's digest
 * afterwards, where the processor's vectors are wide.
 *
 * <p>Of the three blocks of a header's hash the first is the same for all nonces; of the second the
 * first three rounds are, which do not see the nonce; of the last three rounds of the third only
 * the top word is of interest, and it is there after round 61 of 64. Whoever's top word is not
 * above the target's is hashed again by {@link BlockHeader#hash()}, so a good nonce never rests on
 * this class alone.
 *
 * <p>Not thread-safe.
 */
final class LaneKernel implements NonceKernel {
  private static final int BLOCK_WORDS = 16;
  private static final int NONCE_WORD = 3;
  private static final int ROUNDS_TO_THE_TOP_WORD = 61;
  private static final int END_OF_MESSAGE = 0x8000_0000;
  private static final int HEADER_BITS = 8 * BlockHeader.BYTES;
  private static final int HASH_BITS = 256;
  private static final int TOP_WORD_OFFSET = 28;

  private final BlockHeader header;
  private final Target target;
  private final int topWord;
  private final int zeroBytes;

  private final Compression.Words middle;
  private final int[] tail;
  private final int[] afterThree;
  private final int[] rows = new int[LaneSteps.ROWS];
  private int firstNonce;

  LaneKernel(BlockHeader header, Target target) {
    this.header = header;
    this.target = target;
    this.topWord = target.toBigInteger().shiftRight(224).intValue();
    this.zeroBytes = Integer.reverseBytes(wholeBytes(Integer.numberOfLeadingZeros(topWord)));
    byte[] wire = header.toWire();
    int[] first = new int[BLOCK_WORDS];
    int[] second = new int[BLOCK_WORDS];
    for (int i = 0; i < BLOCK_WORDS; i++) {
      first[i] = bigEndian(wire, 4 * i);
    }
    for (int i = 0; i < NONCE_WORD; i++) {
      second[i] = bigEndian(wire, 4 * (BLOCK_WORDS + i));
    }
    second[NONCE_WORD + 1] = END_OF_MESSAGE;
    second[BLOCK_WORDS - 1] = HEADER_BITS;
    this.middle = Compression.compress(Compression.INITIAL, first);
    this.tail = Compression.schedule(second);
    this.afterThree = Compression.rounds(middle, tail, NONCE_WORD);
  }

  /** Ones in the whole bytes of leading zeros. */
  private static int wholeBytes(int zeros) {
    int bytes = zeros / Byte.SIZE;
    return bytes == 0 ? 0 : -1 << (Integer.SIZE - bytes * Byte.SIZE);
  }

  private static int bigEndian(byte[] wire, int at) {
    return Integer.reverseBytes(LittleEndian.getInt(wire, at));
  }

  @Override
  public long lowest(long from, long to) {
    for (long first = from; first < to; first += LaneSteps.LANES) {
      hash((int) first);
      int lanes = (int) Math.min(LaneSteps.LANES, to - first);
      long good = lowestGood(first, lanes);
      if (good != NONE) {
        return good;
      }
    }
    return NONE;
  }

  /**
   * Leaves the variable e of each lane's last round but three, whose sum with 5be0cd19 is the top.
   */
  private void hash(int first) {
    firstNonce = first;
    beginWithHeaders();
    for (int t = NONCE_WORD; t < BLOCK_WORDS; t++) {
      LaneSteps.roundAsItStands(rows, t);
    }
    // The words of rounds 16 and 17 do not see the nonce.
    fill(LaneSteps.WORDS, tail[BLOCK_WORDS]);
    fill(LaneSteps.WORDS + LaneSteps.ROW, tail[BLOCK_WORDS + 1]);
    LaneSteps.roundAsItStands(rows, BLOCK_WORDS);
    LaneSteps.roundAsItStands(rows, BLOCK_WORDS + 1);
    for (int t = BLOCK_WORDS + 2; t < Compression.ROUNDS; t++) {
      LaneSteps.round(rows, t);
    }
    beginWithHashes();
    for (int t = 0; t < ROUNDS_TO_THE_TOP_WORD; t++) {
      LaneSteps.round(rows, t);
    }
  }

  private void beginWithHeaders() {
    for (int variable = 0; variable < 8; variable++) {
      fill(LaneSteps.row(variable, NONCE_WORD), afterThree[variable]);
    }
    for (int word = NONCE_WORD - 1; word < BLOCK_WORDS; word++) {
      fill(LaneSteps.WORDS + word * LaneSteps.ROW, tail[word]);
    }
    int nonces = LaneSteps.WORDS + NONCE_WORD * LaneSteps.ROW;
    for (int lane = 0; lane < LaneSteps.LANES; lane++) {
      rows[nonces + lane] = Integer.reverseBytes(firstNonce + lane);
    }
  }

  private void beginWithHashes() {
    for (int i = 0; i < 8; i++) {
      int row = LaneSteps.row(i, Compression.ROUNDS);
      LaneSteps.feedForward(rows, row, middle.get(i));
      fill(row, Compression.INITIAL.get(i));
    }
    fill(LaneSteps.WORDS + 8 * LaneSteps.ROW, END_OF_MESSAGE);
    Arrays.fill(
        rows,
        LaneSteps.WORDS + 9 * LaneSteps.ROW,
        LaneSteps.WORDS + (BLOCK_WORDS - 1) * LaneSteps.ROW,
        0);
    fill(LaneSteps.WORDS + (BLOCK_WORDS - 1) * LaneSteps.ROW, HASH_BITS);
  }

  private void fill(int row, int value) {
    Arrays.fill(rows, row, row + LaneSteps.LANES, value);
  }

  private long lowestGood(long first, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      int word = lastWord(lane);
      if ((word & zeroBytes) == 0
          && Integer.compareUnsigned(Integer.reverseBytes(word), topWord) <= 0
          && target.isMetBy(header.withNonce((int) (first + lane)).hash())) {
        return first + lane;
      }
    }
    return NONE;
  }

  private int lastWord(int lane) {
    return rows[LaneSteps.row(4, ROUNDS_TO_THE_TOP_WORD) + lane] + Compression.INITIAL.get(7);
  }

  /**
   * Whether the JDK's digest has the same top word as the lane that was hashed last. Before the
   * first stretch there is nothing to agree with.
   */
  boolean lastAgrees() {
    byte[] hash = header.withNonce(firstNonce + LaneSteps.LANES - 1).hash().toWire();
    return bigEndian(hash, TOP_WORD_OFFSET) == lastWord(LaneSteps.LANES - 1);
  }
}
