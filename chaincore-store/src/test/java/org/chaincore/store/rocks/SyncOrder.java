package org.chaincore.store.rocks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Shows under strace that a block is on the disk before it is acknowledged: kills alone do not, as
 * the page cache survives them. That the look at the trace can fail is shown by the other policy,
 * which acknowledges first.
 *
 * <p>{@code SyncOrder BLOCKS}, as many at least; prints the counts, and ends with 1 if any block was
 * acknowledged too early.
 */
final class SyncOrder {
  private SyncOrder() {}

  /** Runs alone. */
  public static void main(String[] args) throws IOException {
    int blocks = Integer.parseInt(args[0]);
    Path directory = Files.createTempDirectory("chaincore-sync-order");
    try {
      Path file = directory.resolve("blocks");
      BlockFile.append(file, GeneratedBlocks.small(1).next(blocks + 1));
      TracedProcess process = new TracedProcess(directory, file);
      SyncTrace.Result synced = trace(process, directory, blocks, "every_block");
      SyncTrace.Result grouped = trace(process, directory, blocks, "grouped");
      System.out.printf(
          "EVERY_BLOCK: %d blocks acknowledged, %d of them before a completed fsync or fdatasync;"
              + " %d syncs%n",
          synced.acknowledged(), synced.unsynced(), synced.syncs());
      System.out.printf(
          "GROUPED, to see that it would be noticed: %d acknowledged, %d of them before; %d syncs%n",
          grouped.acknowledged(), grouped.unsynced(), grouped.syncs());
      boolean isGood =
          synced.acknowledged() >= blocks
              && synced.unsynced() == 0
              && grouped.unsynced() > blocks / 2;
      System.out.println(isGood ? "ok" : "NOT as promised");
      if (!isGood) {
        System.exit(1);
      }
    } finally {
      Copies.delete(directory);
    }
  }

  private static SyncTrace.Result trace(
      TracedProcess process, Path directory, int blocks, String policy) throws IOException {
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
            String.valueOf(blocks));
    if (TracedProcess.lines(said, "kept").size() != blocks) {
      throw new AssertionError(String.join("\n", said));
    }
    // What was written is not text.
    return SyncTrace.read(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
  }
}
