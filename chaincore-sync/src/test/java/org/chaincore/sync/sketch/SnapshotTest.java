package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

final class SnapshotTest {
  private static final ShortIds SHORT_IDS = ShortIds.of(1, 2);

  private final SplittableRandom random = new SplittableRandom(4);

  @Test
  void wtxids_ofAnId_areItsTransaction() {
    List<Hash256> wtxids = Transactions.some(random, 300);
    Snapshot snapshot = Snapshot.of(SHORT_IDS, wtxids);

    assertThat(snapshot.size()).isEqualTo(300);
    assertThat(snapshot.ambiguous()).isEmpty();
    for (Hash256 wtxid : wtxids) {
      assertThat(snapshot.wtxids(SHORT_IDS.of(wtxid))).containsExactly(wtxid);
    }
    assertThat(snapshot.wtxids(SHORT_IDS.of(Transactions.one(random)))).isEmpty();
  }

  @Test
  void of_transactionNamedTwice_hasItOnce() {
    List<Hash256> wtxids = new ArrayList<>(Transactions.some(random, 5));
    wtxids.add(wtxids.get(2));
    assertThat(Snapshot.of(SHORT_IDS, wtxids).sketch(8).toBytes())
        .isEqualTo(Snapshot.of(SHORT_IDS, wtxids.subList(0, 5)).sketch(8).toBytes());
  }

  @Test
  void of_twoTransactionsOfOneId_hasTheIdOnceAndNamesBoth() {
    List<Hash256> same = Transactions.twoOfOneId(SHORT_IDS, random);
    List<Hash256> wtxids = new ArrayList<>(Transactions.some(random, 5));
    wtxids.addAll(same);
    Snapshot snapshot = Snapshot.of(SHORT_IDS, wtxids);
    Collections.reverse(wtxids);
    Snapshot inOtherOrder = Snapshot.of(SHORT_IDS, wtxids);

    assertThat(snapshot.size()).isEqualTo(6);
    assertThat(snapshot.ambiguous()).isEqualTo(same);
    assertThat(snapshot.wtxids(SHORT_IDS.of(same.get(0)))).isEqualTo(same);
    assertThat(inOtherOrder.ambiguous()).isEqualTo(same);
    assertThat(inOtherOrder.sketch(8).toBytes()).isEqualTo(snapshot.sketch(8).toBytes());
  }

  @Test
  void of_tooMany_isRefused() {
    List<Hash256> tooMany = Collections.nCopies(Snapshot.MAX_TRANSACTIONS + 1, Hash256.ZERO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Snapshot.of(SHORT_IDS, tooMany))
        .withMessageContaining(String.valueOf(tooMany.size()));
  }
}
