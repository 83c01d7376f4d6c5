package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract holds for the lock, and finds each bug of the first ChainCore's lock. */
@Timeout(60)
final class LockContractTest {
  private static LockContract.Pair ranked() {
    LockRegistry registry = LockRegistry.create();
    return new LockContract.Pair(
        registry.lock("first", LockRank.CHAIN), registry.lock("second", LockRank.UTXO));
  }

  private static LockContract.Pair monitor(MonitorLock.Fault fault) {
    MonitorLock.Order order = new MonitorLock.Order();
    return new LockContract.Pair(
        new MonitorLock(order, 1, fault), new MonitorLock(order, 2, fault));
  }

  @Test
  void contract_ofTheRankedLock_holds() throws Exception {
    assertThat(LockContract.broken(LockContractTest::ranked)).isEmpty();
  }

  @Test
  void contract_ofTheModelWithoutAFault_holds() throws Exception {
    assertThat(LockContract.broken(() -> monitor(MonitorLock.Fault.NONE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "READERS_WAKE_READERS, a writer gets in when the last reader leaves",
    "COUNTS_DOWN_AFTER_FAILURE, a failed acquire leaves nothing behind",
    "ONE_OWNER_FOR_READERS, two readers come and go in any order",
    "ORDER_NEVER_COMPARED, an inversion is refused",
    "UPGRADE_WAITS, an upgrade is refused at once"
  })
  void contract_ofAMutant_isBroken(MonitorLock.Fault fault, String clause) throws Exception {
    assertThat(LockContract.broken(() -> monitor(fault))).contains(clause);
  }
}
