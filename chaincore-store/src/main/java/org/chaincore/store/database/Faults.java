package org.chaincore.store.database;

import java.util.Locale;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.store.directory.DiskSpace;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors are called here. Stateless. */
final class Faults {
  private Faults() {}

  static StoreException of(RocksDBException e, String doing) {
    return new StoreException(faultOf(e), doing + ": " + e.getMessage(), e);
  }

  private static StoreFault faultOf(RocksDBException e) {
    Status status = e.getStatus();
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (status == null) {
      return StoreFault.IO;
    }
    if (status.getSubCode() == Status.SubCode.NoSpace || DiskSpace.isFull(message)) {
      return StoreFault.DISK_FULL;
    }
    return switch (status.getCode()) {
      // A column family that is not found is invalid as an argument only.
      case Corruption, InvalidArgument, NotFound -> StoreFault.CORRUPT;
      case IOError -> {
        // The message has the path in it, which may well be of blocks, or of a blockchain.
        if (message.contains("lock file:") || message.contains("lock hold by current process")) {
          yield StoreFault.LOCKED;
        }
        yield message.contains("no such file") ? StoreFault.MISSING_FILE : StoreFault.IO;
      }
      default -> StoreFault.IO;
    };
  }
}
