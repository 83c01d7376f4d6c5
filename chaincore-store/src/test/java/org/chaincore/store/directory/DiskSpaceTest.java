package org.chaincore.store.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a full disk, which a store goes on after by itself. */
class DiskSpaceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Disk quota exceeded",
        "Disc quota exceeded",
        "While appending to file: tables/000007.log: Disk quota exceeded",
        "There is not enough space on the disk",
        "The disk is full",
        "Not enough quota is available to process this command"
      })
  void failed_forWantOfSpace_isAFullDisk(String message) {
    assertThat(StoreDirectory.failed("writing", new IOException(message)).fault())
        .isEqualTo(StoreFault.DISK_FULL);
    StoreException ofAFile =
        StoreDirectory.failed("writing", new FileSystemException("a", null, message));
    assertThat(ofAFile).hasMessageContaining("writing");
    assertThat(ofAFile.fault()).isEqualTo(StoreFault.DISK_FULL);
  }

  @Test
  void failed_forAnythingElse_isAFailureOfTheDisk() {
    assertThat(StoreDirectory.failed("writing", new IOException("Input/output error")).fault())
        .isEqualTo(StoreFault.IO);
    assertThat(StoreDirectory.failed("writing", new IOException()).fault())
        .isEqualTo(StoreFault.IO);
  }
}
