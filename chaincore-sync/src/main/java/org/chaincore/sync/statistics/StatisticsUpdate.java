package org.chaincore.sync.statistics;

import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;

/**
 * Observations that the other side of an exchange lacks, and which ones of its summary are wanted
 * in return. The second update of an exchange wants nothing and ends it.
 *
 * <p>Immutable.
 *
 * @param exchange which exchange it belongs to, and when the next may be
 * @param wish how many are wanted in return
 * @param wanted a bit for each cell of the summary, the first in the lowest bit; no bytes if
 *     nothing is wanted
 * @param own which of the observations is the sender's own; {@link #NONE} if none of them
 * @param observations at most {@value #MAX_OBSERVATIONS}, all of the exchange's epoch
 */
public record StatisticsUpdate(
    Exchange exchange, Wish wish, Bytes wanted, int own, List<SignedObservation> observations) {
  /** Most observations in one update; each may cost a signature check. */
  public static final int MAX_OBSERVATIONS = 32;

  /** No observation is the sender's own. */
  public static final int NONE = 0xff;

  private static final int MAX_WANTED_BYTES = SetSummary.MAX_COUNT / 8;

  /** Most bytes on the wire. */
  public static final int MAX_BYTES =
      Exchange.BYTES
          + Wish.BYTES
          + 3
          + MAX_WANTED_BYTES
          + 2
          + MAX_OBSERVATIONS * SignedObservation.MAX_BYTES;

  /**
   * Which exchange.
   *
   * @param epoch the epoch of all observations
   * @param nonce that of the request
   * @param pauseRounds the sender asks not to be asked again before so many rounds, 0..255
   */
  public record Exchange(long epoch, long nonce, int pauseRounds) {
    static final int BYTES = 13;
  }

  public StatisticsUpdate {
    observations = List.copyOf(observations);
    String problem = problem(wanted, own, observations.size());
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(problem);
    }
  }

  private static String problem(Bytes wanted, int own, long count) {
    if (wanted.length() > MAX_WANTED_BYTES) {
      return "wants more than a summary can hold: " + wanted.length() + " bytes of bits";
    }
    if (count < 0 || count > MAX_OBSERVATIONS) {
      return "more than " + MAX_OBSERVATIONS + " observations: " + count;
    }
    return own != NONE && own >= count ? "own observation " + own + " of " + count : "";
  }

  /**
   * Reads one; signatures are not checked.
   *
   * @throws MalformedBytesException if the bytes are none
   */
  public static StatisticsUpdate read(ByteReader in) {
    int at = in.position();
    long epoch = in.uint32("epoch");
    Exchange exchange = new Exchange(epoch, in.int64("nonce"), in.uint8("pause"));
    Wish wish = Wish.read(in);
    Bytes wanted = in.varBytes("wanted");
    int own = in.uint8("own");
    int count = in.uint8("observations");
    String problem = problem(wanted, own, count);
    if (!problem.isEmpty()) {
      throw new MalformedBytesException(at, "statistics update", problem);
    }
    SignedObservation[] observations = new SignedObservation[count];
    for (int i = 0; i < count; i++) {
      observations[i] = SignedObservation.read(in, epoch);
    }
    return new StatisticsUpdate(exchange, wish, wanted, own, List.of(observations));
  }

  /** Writes it. */
  public void write(ByteWriter out) {
    out.uint32(exchange.epoch()).int64(exchange.nonce()).uint8(exchange.pauseRounds());
    wish.write(out);
    out.varBytes(wanted).uint8(own).uint8(observations.size());
    observations.forEach(signed -> signed.write(out));
  }

  /** Bytes on the wire. */
  public int bytes() {
    int bytes = bytesWithout(wanted.length());
    for (SignedObservation signed : observations) {
      bytes += signed.bytes();
    }
    return bytes;
  }

  /** Bytes on the wire of one that carries no observation. */
  static int bytesWithout(int wantedBytes) {
    return Exchange.BYTES + Wish.BYTES + ByteWriter.compactSizeBytes(wantedBytes) + wantedBytes + 2;
  }

  boolean wants(int index) {
    return index / 8 < wanted.length() && (wanted.unsignedAt(index / 8) >> (index % 8) & 1) == 1;
  }
}
