package org.chaincore.store.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.store.StoreFault;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors are called. */
class FaultsTest {
  private static StoreFault fault(Status.Code code, Status.SubCode sub, String message) {
    return Faults.of(new RocksDBException(message, new Status(code, sub, message)), "doing")
        .fault();
  }

  private static StoreFault io(String message) {
    return fault(Status.Code.IOError, Status.SubCode.None, message);
  }

  @Test
  void of_aFullDisk_isThat() {
    assertThat(fault(Status.Code.IOError, Status.SubCode.NoSpace, ""))
        .isEqualTo(StoreFault.DISK_FULL);
    assertThat(io("While appending: No space left on device")).isEqualTo(StoreFault.DISK_FULL);
    assertThat(io("While appending: Disk quota exceeded")).isEqualTo(StoreFault.DISK_FULL);
  }

  @Test
  void of_anInputOutputError_isToldApartByItsMessage() {
    assertThat(io("While lock file: LOCK: Resource temporarily unavailable"))
        .isEqualTo(StoreFault.LOCKED);
    assertThat(io("lock hold by current process, acquire time 1: /srv/node/tables/LOCK: No locks"))
        .isEqualTo(StoreFault.LOCKED);
    assertThat(io("While open a file: /srv/blockchain/000007.blob: No such file or directory"))
        .isEqualTo(StoreFault.MISSING_FILE);
    assertThat(io("While pread: /srv/blocks/000007.blob: Input/output error"))
        .isEqualTo(StoreFault.IO);
    assertThat(io("CURRENT: No such file or directory")).isEqualTo(StoreFault.MISSING_FILE);
    assertThat(io("Input/output error")).isEqualTo(StoreFault.IO);
  }

  @Test
  void of_whatIsNotAsItWasWritten_isCorrupt() {
    for (Status.Code code :
        new Status.Code[] {
          Status.Code.Corruption, Status.Code.InvalidArgument, Status.Code.NotFound
        }) {
      assertThat(fault(code, Status.SubCode.None, "")).isEqualTo(StoreFault.CORRUPT);
    }
  }

  @Test
  void of_anythingElse_isAFailureOfTheDisk() {
    assertThat(fault(Status.Code.ShutdownInProgress, Status.SubCode.None, ""))
        .isEqualTo(StoreFault.IO);
    assertThat(Faults.of(new RocksDBException("no status"), "doing"))
        .hasMessage("doing: no status")
        .matches(e -> e.fault() == StoreFault.IO);
  }
}
