package org.chaincore.sync.statistics;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * What a node says of itself in one epoch. A later one of the same epoch replaces it, one of
 * another epoch is of no use there.
 *
 * <p>Immutable.
 *
 * @param epoch see {@link Epoch}
 * @param second when it was made, in seconds since the epoch began
 */
public record Observation(long epoch, int second, ChainFigures chain, NodeFigures node) {
  static final int MIN_BYTES = 2 + ChainFigures.BYTES + NodeFigures.MIN_BYTES;
  static final int MAX_BYTES = 2 + ChainFigures.BYTES + NodeFigures.MAX_BYTES;

  public Observation {
    if (epoch < 0 || epoch > Epoch.LAST) {
      throw new IllegalArgumentException("epoch outside 0.." + Epoch.LAST + ": " + epoch);
    }
    if (second < 0 || second >= Epoch.SECONDS) {
      throw new IllegalArgumentException("second outside the epoch: " + second);
    }
  }

  /** Unix seconds at which it was made. */
  public long seconds() {
    return Epoch.startSeconds(epoch) + second;
  }

  /** Reads one of an epoch that the message has named once for all. */
  static Observation read(ByteReader in, long epoch) {
    int at = in.position();
    int second = in.uint16("second");
    if (second >= Epoch.SECONDS) {
      throw new MalformedBytesException(at, "second", "outside the epoch: " + second);
    }
    return new Observation(epoch, second, ChainFigures.read(in), NodeFigures.read(in));
  }

  /** Writes all but the epoch. */
  void write(ByteWriter out) {
    out.uint16(second);
    chain.write(out);
    node.write(out);
  }

  int bytes() {
    return 2 + ChainFigures.BYTES + node.bytes();
  }
}
