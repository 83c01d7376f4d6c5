package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chaincore.core.block.Transaction;
import org.junit.jupiter.api.Test;

/** That ten thousand transactions are no burden; the bounds leave room for a slow machine. */
class MempoolSpeedTest {
  private static final int TRANSACTIONS = 10_000;

  @Test
  void select_tenThousand_isFast() {
    PoolFixture pool = PoolFixture.standard();
    long start = System.nanoTime();
    for (int i = 0; i < TRANSACTIONS / 4; i++) {
      Transaction last = pool.in(pool.payments.payment(pool.coin()).fee(500 + i % 977).make());
      for (int j = 1; j < 4; j++) {
        last = pool.in(pool.payments.payment(last.outPoint(0)).fee(500 + (i * j) % 1_009).make());
      }
    }
    long filled = System.nanoTime();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long before = System.nanoTime();
      List<MempoolEntry> selected = pool.mempool.select(100_000_000, 1_000_000);
      best = Math.min(best, System.nanoTime() - before);
      assertThat(selected).hasSize(TRANSACTIONS);
    }
    System.out.printf(
        "mempool: %d made and accepted in %d ms, selected in %d ms%n",
        TRANSACTIONS, (filled - start) / 1_000_000, best / 1_000_000);
    assertThat(best / 1_000_000).as("milliseconds to select").isLessThan(500);
  }
}
