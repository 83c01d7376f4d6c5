package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chaincore.store.rocks.SyncTrace.Result;
import org.junit.jupiter.api.Test;

/** What counts as on the disk. */
class SyncTraceTest {
  private static final String NEW =
      "7 openat(AT_FDCWD</>, \"/s/tables/000004.log\", O_WRONLY|O_CREAT, 0644) = 6</s/tables/000004.log>";

  private static final String DIRECTORY = "7 fsync(5</s/tables>) = 0";
  private static final String WRITE = "7 write(6</s/tables/000004.log>, \"\\377\\6\", 443) = 443";
  private static final String SYNC = "7 fdatasync(6</s/tables/000004.log>) = 0";
  private static final String KEPT = "7 write(1<pipe:[1]>, \"kept 0 30c5c\"..., 72) = 72";

  private static Result read(String... lines) {
    return SyncTrace.read(List.of(lines));
  }

  @Test
  void read_ofASyncBetweenWriteAndWord_isGood() {
    assertThat(read(NEW, DIRECTORY, WRITE, SYNC, KEPT)).isEqualTo(new Result(1, 0, 2));
  }

  @Test
  void read_ofAWordWithoutASync_isUnsynced() {
    assertThat(read(WRITE, KEPT).unsynced()).isEqualTo(1);
  }

  @Test
  void read_ofASyncBeforeTheWrite_isUnsynced() {
    assertThat(read(WRITE, SYNC, WRITE, KEPT).unsynced()).isEqualTo(1);
  }

  @Test
  void read_ofAWordWithoutAWrite_isUnsynced() {
    assertThat(read(WRITE, SYNC, KEPT, SYNC, KEPT)).isEqualTo(new Result(2, 1, 2));
  }

  @Test
  void read_ofASyncThatFailed_isUnsynced() {
    assertThat(read(WRITE, SYNC.replace("= 0", "= -1 EIO (Input/output error)"), KEPT).unsynced())
        .isEqualTo(1);
  }

  @Test
  void read_ofASyncOfAnotherFile_isUnsynced() {
    assertThat(read(WRITE, SYNC.replace("000004", "000009"), KEPT).unsynced()).isEqualTo(1);
  }

  @Test
  void read_ofANewLogThatItsDirectoryMayForget_isUnsynced() {
    assertThat(read(NEW, WRITE, SYNC, KEPT).unsynced()).isEqualTo(1);
  }

  @Test
  void read_ofASyncThatEndsAfterTheWord_isUnsynced() {
    String begins = "7 fdatasync(6</s/tables/000004.log> <unfinished ...>";
    String ends = "7 <... fdatasync resumed>) = 0";
    assertThat(read(WRITE, begins, KEPT, ends).unsynced()).isEqualTo(1);
    assertThat(read(WRITE, begins, ends, KEPT).unsynced()).isZero();
  }

  @Test
  void read_ofAWriteThatASyncUnderWayMayMiss_isUnsynced() {
    assertThat(
            read(
                    WRITE,
                    "8 fdatasync(6</s/tables/000004.log> <unfinished ...>",
                    WRITE,
                    "8 <... fdatasync resumed>) = 0",
                    KEPT)
                .unsynced())
        .isEqualTo(1);
  }
}
