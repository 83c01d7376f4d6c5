package org.chaincore.sync.statistics;

import java.util.Arrays;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;

/**
 * A set of observations in about one byte each, for a peer to find out what either side lacks.
 *
 * <p><b>Idea.</b> Each observation is hashed, with the nonce of the exchange, to one of 64 cells an
 * observation; the occupied cells in ascending order are 64 apart on average, and so a byte says
 * how far it is to the next (255 means 255 and go on). One in 64 observations falls into a cell
 * that another occupies and passes for known; the next exchange has another nonce.
 *
 * <p><b>Cost.</b> 262 bytes for 256 observations. What a liar writes here only changes what it is
 * sent.
 *
 * <p>Immutable.
 *
 * @param count how many observations
 * @param steps the distances as bytes
 */
public record SetSummary(int count, Bytes steps) {
  /** Most observations; a peer may not make a node decode more. */
  public static final int MAX_COUNT = 1_024;

  /** Most bytes on the wire. */
  public static final int MAX_BYTES = 3 + 3 + mostSteps(MAX_COUNT);

  private static final int CELLS_EACH = 64;
  private static final int GO_ON = 255;

  public SetSummary {
    String problem = problem(count, steps);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(problem);
    }
  }

  private static int mostSteps(int count) {
    return count + CELLS_EACH * count / GO_ON;
  }

  private static String problem(int count, Bytes steps) {
    if (count < 0 || count > MAX_COUNT) {
      return "count outside 0.." + MAX_COUNT + ": " + count;
    }
    int values = 0;
    int cell = 0;
    for (int i = 0; i < steps.length(); i++) {
      int step = steps.unsignedAt(i);
      cell += step;
      values += step == GO_ON ? 0 : 1;
    }
    boolean endsOpen = !steps.isEmpty() && steps.unsignedAt(steps.length() - 1) == GO_ON;
    if (values != count || endsOpen) {
      return "says " + count + " observations, but has " + values;
    }
    return cell >= CELLS_EACH * Math.max(1, count) ? "ends in cell " + cell : "";
  }

  /** The cells of these hashes, ascending. */
  static int[] cells(long[] hashes, int count) {
    int[] cells = new int[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      cells[i] = cell(hashes[i], count);
    }
    Arrays.sort(cells);
    return cells;
  }

  /** The cell of one hash among those of {@code count} observations. */
  static int cell(long hash, int count) {
    return (int) (((hash >>> 32) * (CELLS_EACH * (long) count)) >>> 32);
  }

  static SetSummary of(int[] ascendingCells) {
    ByteWriter out = ByteWriter.ofExpectedSize(mostSteps(ascendingCells.length) + 1);
    int at = 0;
    for (int cell : ascendingCells) {
      int step = cell - at;
      for (; step >= GO_ON; step -= GO_ON) {
        out.uint8(GO_ON);
      }
      out.uint8(step);
      at = cell;
    }
    return new SetSummary(ascendingCells.length, out.toBytes());
  }

  /** The cells, ascending. */
  int[] cells() {
    int[] cells = new int[count];
    int at = 0;
    int next = 0;
    for (int i = 0; i < steps.length(); i++) {
      int step = steps.unsignedAt(i);
      at += step;
      if (step != GO_ON) {
        cells[next++] = at;
      }
    }
    return cells;
  }

  static SetSummary read(ByteReader in) {
    int at = in.position();
    long count = in.compactSize("summary count");
    Bytes steps = in.varBytes("summary");
    String problem =
        count < 0 || count > MAX_COUNT || steps.length() > mostSteps(MAX_COUNT)
            ? "more than " + MAX_COUNT + " observations"
            : problem((int) count, steps);
    if (!problem.isEmpty()) {
      throw new MalformedBytesException(at, "summary", problem);
    }
    return new SetSummary((int) count, steps);
  }

  void write(ByteWriter out) {
    out.compactSize(count).varBytes(steps);
  }

  int bytes() {
    return ByteWriter.compactSizeBytes(count)
        + ByteWriter.compactSizeBytes(steps.length())
        + steps.length();
  }
}
