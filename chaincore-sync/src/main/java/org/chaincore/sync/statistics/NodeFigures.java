package org.chaincore.sync.statistics;

import java.nio.charset.StandardCharsets;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * What a node says of itself beside its chain. Immutable.
 *
 * @param peers how many it is connected to, 0..65535
 * @param hashesPerSecond its own measured hash rate; 0 when it does not mine
 * @param mempoolTransactions how many wait in its mempool
 * @param features bits of the extensions it speaks, as the version of this message defines them
 * @param software its version, at most {@value #MAX_SOFTWARE} printable ASCII characters
 */
public record NodeFigures(
    int peers, float hashesPerSecond, int mempoolTransactions, int features, String software) {
  /** Longest software version, in bytes; a longer one would cost every node of the network. */
  public static final int MAX_SOFTWARE = 16;

  static final int MIN_BYTES = 15;
  static final int MAX_BYTES = MIN_BYTES + MAX_SOFTWARE;

  public NodeFigures {
    String problem = problem(peers, hashesPerSecond, mempoolTransactions, software);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(problem);
    }
  }

  private static String problem(int peers, float rate, int transactions, String software) {
    if (peers < 0 || peers > 0xffff) {
      return "peers outside 0..65535: " + peers;
    }
    if (!(rate >= 0 && Float.isFinite(rate))) {
      return "not a hash rate: " + rate;
    }
    if (transactions < 0) {
      return "mempool transactions below 0: " + transactions;
    }
    boolean isPrintable = software.chars().allMatch(c -> c >= ' ' && c <= '~');
    return software.length() > MAX_SOFTWARE || !isPrintable
        ? "software version is not up to 16 printable ASCII characters"
        : "";
  }

  static NodeFigures read(ByteReader in) {
    int at = in.position();
    int peers = in.uint16("peers");
    float rate = Float.intBitsToFloat(in.int32("hash rate"));
    int transactions = in.int32("mempool transactions");
    int features = in.int32("features");
    // Latin-1 turns every byte into one character, so that what is not ASCII is seen as such.
    String software = new String(in.varBytes("software").toArray(), StandardCharsets.ISO_8859_1);
    String problem = problem(peers, rate, transactions, software);
    if (!problem.isEmpty()) {
      throw new MalformedBytesException(at, "node figures", problem);
    }
    return new NodeFigures(peers, rate, transactions, features, software);
  }

  void write(ByteWriter out) {
    out.uint16(peers)
        .int32(Float.floatToIntBits(hashesPerSecond))
        .int32(mempoolTransactions)
        .int32(features)
        .compactSize(software.length())
        .bytes(software.getBytes(StandardCharsets.US_ASCII));
  }

  int bytes() {
    return MIN_BYTES + software.length();
  }
}
