package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.sync.peer.PeerId;

/**
 * A request that waits for its answer. Immutable.
 *
 * @param room how many observations the answer may bring
 * @param summary the set as it was
 * @param byCell its nodes in the order of the summary's cells
 */
record OpenExchange(
    PeerId peer, long nonce, int room, SetSummary summary, List<SampledNode> byCell) {
  static OpenExchange of(ObservationSet set, PeerId peer, long nonce, int room) {
    int size = set.size();
    // A cell in the upper half and the place in the set in the lower, so that both are sorted.
    long[] cells = new long[size];
    for (int i = 0; i < size; i++) {
      cells[i] = (long) SetSummary.cell(set.at(i).summaryHash(nonce), size) << 32 | i;
    }
    Arrays.sort(cells);
    int[] ascending = new int[size];
    List<SampledNode> byCell = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      ascending[i] = (int) (cells[i] >>> 32);
      byCell.add(set.at((int) cells[i]));
    }
    return new OpenExchange(peer, nonce, room, SetSummary.of(ascending), byCell);
  }

  boolean isAnsweredBy(PeerId from, StatisticsUpdate update) {
    return peer.equals(from) && update.exchange().nonce() == nonce;
  }

  /** The nodes that the answer wants in return. */
  List<SampledNode> wantedBy(StatisticsUpdate update, EpochSalt salt) {
    List<SampledNode> wanted = new ArrayList<>();
    for (int i = 0; i < byCell.size(); i++) {
      SampledNode node = byCell.get(i);
      if (update.wants(i) && update.wish().wants(node.rank(), salt)) {
        wanted.add(node);
      }
    }
    return wanted;
  }
}
