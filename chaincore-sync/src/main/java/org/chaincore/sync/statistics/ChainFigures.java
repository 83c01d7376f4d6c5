package org.chaincore.sync.statistics;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;

/**
 * The chain as one node sees it. Immutable.
 *
 * @param height of its tip; genesis has 0
 * @param tip the first word of the tip's hash, enough to tell forks apart; see {@link
 *     #tipOf(Hash256)}
 * @param bits the tip's target as compact bits, which must be a target
 * @param blockMillis the mean time between its latest blocks, 0 if it has too few of them
 * @param forks how many branches beside the chain the node knows that end in its last {@value
 *     #FORK_WINDOW_BLOCKS} blocks; {@value #MOST_FORKS} stands for more, too
 */
public record ChainFigures(int height, long tip, int bits, long blockMillis, int forks) {
  /** Forks that ended further down do not count: they are history, and nodes know less of it. */
  public static final int FORK_WINDOW_BLOCKS = 144;

  /** One byte; who sees more forks than this has other worries than their number. */
  public static final int MOST_FORKS = 0xff;

  static final int BYTES = 21;

  private static final long MOST_MILLIS = 0xffff_ffffL;

  public ChainFigures {
    String problem = problem(height, bits, blockMillis);
    if (problem.isEmpty() && (forks < 0 || forks > MOST_FORKS)) {
      problem = "forks outside 0.." + MOST_FORKS + ": " + forks;
    }
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** The part of a hash that {@link #tip()} holds: its low 64 bits, which no work made zero. */
  public static long tipOf(Hash256 hash) {
    return hash.word(0);
  }

  private static String problem(int height, int bits, long blockMillis) {
    if (height < 0) {
      return "height below 0: " + height;
    }
    if (Target.decode(bits).isEmpty()) {
      return String.format("not a target: bits %08x", bits);
    }
    return blockMillis < 0 || blockMillis > MOST_MILLIS
        ? "block time outside 0..2^32-1 ms: " + blockMillis
        : "";
  }

  static ChainFigures read(ByteReader in) {
    int at = in.position();
    int height = in.int32("height");
    long tip = in.int64("tip");
    int bits = in.int32("bits");
    long blockMillis = in.uint32("block time");
    String problem = problem(height, bits, blockMillis);
    if (!problem.isEmpty()) {
      throw new MalformedBytesException(at, "chain figures", problem);
    }
    return new ChainFigures(height, tip, bits, blockMillis, in.uint8("forks"));
  }

  void write(ByteWriter out) {
    out.int32(height).int64(tip).int32(bits).uint32(blockMillis).uint8(forks);
  }
}
