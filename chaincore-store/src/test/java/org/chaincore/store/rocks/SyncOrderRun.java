package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shows under strace that a block is on the disk before it is acknowledged: kills alone do not, as
 * the page cache survives them. That the look at the trace can fail is shown by the other policy,
 * which acknowledges first.
 *
 * <p>Not among the tests of every build, as it needs strace: {@code .ci/run strace}.
 */
class SyncOrderRun {
  private static final int BLOCKS = Integer.getInteger("chaincore.strace.blocks", 200);

  @TempDir Path directory;

  @Test
  void commit_ofEveryBlock_isOnTheDiskBeforeItIsAcknowledged() throws IOException {
    Path file = directory.resolve("blocks");
    BlockFile.append(file, GeneratedBlocks.small(1).next(BLOCKS + 1));
    TracedProcess process = new TracedProcess(directory, file);
    SyncTrace.Result synced = trace(process, "every_block");
    SyncTrace.Result grouped = trace(process, "grouped");
    System.out.printf(
        "EVERY_BLOCK: %d blocks acknowledged, %d of them before a completed fsync or fdatasync;"
            + " %d syncs%n",
        synced.acknowledged(), synced.unsynced(), synced.syncs());
    System.out.printf(
        "GROUPED, to see that it would be noticed: %d acknowledged, %d of them before; %d syncs%n",
        grouped.acknowledged(), grouped.unsynced(), grouped.syncs());
    assertThat(synced.acknowledged()).isEqualTo(BLOCKS);
    assertThat(synced.unsynced()).isZero();
    assertThat(grouped.acknowledged()).isEqualTo(BLOCKS);
    assertThat(grouped.unsynced()).isGreaterThan(BLOCKS / 2);
  }

  private SyncTrace.Result trace(TracedProcess process, String policy) throws IOException {
    Path trace = directory.resolve("trace-" + policy);
    List<String> options =
        List.of(
            "-y",
            "-s",
            "16",
            "-e",
            "trace=openat,write,writev,pwrite64,pwritev,fsync,fdatasync",
            "-o",
            trace.toString());
    Path blocksFile = directory.resolve("blocks");
    List<String> said =
        process.traced(
            options,
            directory.resolve("store-" + policy).toString(),
            blocksFile.toString(),
            "100",
            policy,
            String.valueOf(BLOCKS));
    if (TracedProcess.lines(said, "kept").size() != BLOCKS) {
      throw new AssertionError(String.join("\n", said));
    }
    // What was written is not text.
    return SyncTrace.read(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
  }
}
