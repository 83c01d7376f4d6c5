package org.chaincore.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chaincore.core.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a store that are not RocksDB's. */
class StoreFilesTest {
  @TempDir Path root;

  private StoreDirectory begun() {
    StoreDirectory directory = StoreDirectory.at(root);
    directory.begin();
    return directory;
  }

  @Test
  void begin_afterACrashBeforeTheHead_goesOnWithTheProgressThatIsThere() throws IOException {
    StoreDirectory directory = begun();
    Files.delete(root.resolve("chaincore.store"));
    directory.begin();
    directory.requireKnown();
    assertThat(Progress.commitsIn(directory)).isZero();
  }

  @Test
  void progress_ofSomethingElse_isRefused() throws IOException {
    StoreDirectory directory = begun();
    Path file = root.resolve("progress");
    byte[] bytes = Files.readAllBytes(file);
    bytes[0] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> Progress.open(directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void head_withoutItsFileBesideCommits_isMissed() throws IOException {
    StoreDirectory directory = begun();
    try (Progress progress = Progress.open(directory)) {
      progress.advance(3);
    }
    Files.delete(root.resolve("chaincore.store"));
    assertThatThrownBy(directory::requireKnown)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("without its file chaincore.store");
  }

  @Test
  void owner_thatNobodyNoted_isUnknown() throws IOException {
    StoreDirectory directory = begun();
    assertThat(OwnerNote.read(directory)).isEqualTo("a process unknown");
    Files.writeString(root.resolve("owner"), " \n");
    assertThat(OwnerNote.read(directory)).isEqualTo("a process unknown");
    Files.writeString(root.resolve("owner"), "x".repeat(300));
    assertThat(OwnerNote.read(directory)).isEqualTo("a process unknown");
    OwnerNote.write(directory);
    assertThat(directory.inUse())
        .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
  }

  @Test
  void lock_whoseFileIsADirectory_isNotTaken() throws IOException {
    Files.createDirectory(root.resolve("lock"));
    assertThatThrownBy(() -> DirectoryLock.take(StoreDirectory.at(root)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("opening");
  }

  @Test
  void lock_thatWasClosed_isTakenByTheNext() {
    StoreDirectory directory = StoreDirectory.at(root);
    DirectoryLock first = DirectoryLock.take(directory);
    first.renew();
    assertThatThrownBy(() -> DirectoryLock.take(directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is in use");
    first.close();
    DirectoryLock.take(directory).close();
  }
}
