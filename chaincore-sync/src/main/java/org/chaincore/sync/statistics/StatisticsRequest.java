package org.chaincore.sync.statistics;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * Opens an exchange: what the sender has, and what it wants. Answered by a {@link
 * StatisticsUpdate}.
 *
 * <p>Immutable.
 *
 * @param epoch the epoch that the sender is in
 * @param nonce names the exchange and salts the summary
 */
public record StatisticsRequest(long epoch, long nonce, Wish wish, SetSummary summary) {
  /** Most bytes on the wire. */
  public static final int MAX_BYTES = 4 + 8 + Wish.BYTES + SetSummary.MAX_BYTES;

  /**
   * Reads one.
   *
   * @throws MalformedBytesException if the bytes are none
   */
  public static StatisticsRequest read(ByteReader in) {
    long epoch = in.uint32("epoch");
    return new StatisticsRequest(epoch, in.int64("nonce"), Wish.read(in), SetSummary.read(in));
  }

  /** Writes it. */
  public void write(ByteWriter out) {
    out.uint32(epoch).int64(nonce);
    wish.write(out);
    summary.write(out);
  }

  /** About how many bytes one takes that sums up so many observations. */
  static int expectedBytes(int count) {
    return 4 + 8 + Wish.BYTES + 6 + count + count / 32;
  }

  /** Bytes on the wire. */
  public int bytes() {
    return 4 + 8 + Wish.BYTES + summary.bytes();
  }
}
