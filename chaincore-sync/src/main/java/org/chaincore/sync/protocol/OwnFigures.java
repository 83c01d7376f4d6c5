package org.chaincore.sync.protocol;

import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.statistics.ChainFigures;
import org.chaincore.sync.statistics.NodeFigures;

/**
 * What this node says of itself to the network.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class OwnFigures {
  /** The block time is the mean over so many gaps, or over those there are. */
  static final int BLOCK_TIME_GAPS = 144;

  private static final int MOST_PEERS = 0xffff;
  private static final long MOST_BLOCK_MILLIS = 0xffff_ffffL;
  private static final long MILLIS = 1_000;

  private final MachineContext context;
  private final String software;
  private final int features;
  private long hashesPerSecond;

  OwnFigures(MachineContext context) {
    this.context = context;
    LocalNode self = context.setup().self();
    this.software = software(self.description().userAgent());
    int bits = 0;
    for (Extension extension : self.extensions()) {
      bits |= extension.bit();
    }
    this.features = bits;
  }

  /** A user agent without the slashes around it, as far as there is room for it. */
  private static String software(String userAgent) {
    int from = 0;
    int to = userAgent.length();
    while (from < to && userAgent.charAt(from) == '/') {
      from++;
    }
    while (from < to && userAgent.charAt(to - 1) == '/') {
      to--;
    }
    return userAgent.substring(from, Math.min(to, from + NodeFigures.MAX_SOFTWARE));
  }

  /** The host mines at this rate from now on. */
  void mines(long newHashesPerSecond) {
    hashesPerSecond = newHashesPerSecond;
  }

  static ChainFigures chain(ChainEngine engine) {
    HeaderNode tip = engine.view().tip();
    int forks = engine.recentForks(ChainFigures.FORK_WINDOW_BLOCKS);
    return new ChainFigures(
        tip.height(),
        ChainFigures.tipOf(tip.hash()),
        tip.header().bits(),
        blockMillis(tip),
        Math.min(ChainFigures.MOST_FORKS, forks));
  }

  /** Genesis may be years older than the rest, so the first gap that counts ends in block 2. */
  private static long blockMillis(HeaderNode tip) {
    HeaderNode from = tip;
    int gaps = 0;
    for (HeaderNode node = tip.parent();
        node != null && node.height() >= 1 && gaps < BLOCK_TIME_GAPS;
        node = node.parent()) {
      from = node;
      gaps++;
    }
    long span = tip.header().time() - from.header().time();
    // Times of blocks may go back a little; of all of them together hardly.
    return gaps == 0 ? 0 : Math.min(MOST_BLOCK_MILLIS, Math.max(0, span * MILLIS / gaps));
  }

  NodeFigures node(long nowMillis) {
    int peers = Math.min(MOST_PEERS, context.peers().established().size());
    long now = context.seconds(nowMillis);
    int transactions = context.engine().mempoolStats(now).transactions();
    return new NodeFigures(peers, (float) hashesPerSecond, transactions, features, software);
  }
}
