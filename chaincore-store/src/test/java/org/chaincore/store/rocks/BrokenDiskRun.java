package org.chaincore.store.rocks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.InMemoryChainStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has strace answer system calls of a process that appends blocks with EIO, as a disk that fails:
 * once, or from some call on. From its first refusal on the store must acknowledge nothing, say
 * that it is read-only for that reason, and when it is opened again on a good disk have all that it
 * acknowledged, and what a clean node has.
 *
 * <p>Not among the tests of every build, as it needs strace: {@code .ci/run disk}.
 */
class BrokenDiskRun {
  private static final long NOW = TestHeaders.GENESIS_TIME + 1_000_000;
  private static final int BLOCKS = 300;
  private static final String POLICY = "every_block";
  private static final String LAG = "40";

  private static final int CASES = Integer.getInteger("chaincore.broken.disks", 10);
  private static final long SEED = Long.getLong("chaincore.seed", 1);

  @TempDir Path directory;
  private Path file;
  private List<Block> blocks;
  private TracedProcess process;
  private int failed;
  private int unopened;
  private int unharmed;
  private int kept;

  @BeforeEach
  void prepare() {
    file = directory.resolve("blocks");
    // Large enough for RocksDB to change its log and to write tables meanwhile.
    blocks = new GeneratedBlocks(SEED, 6, 60).next(BLOCKS);
    BlockFile.append(file, blocks);
    process = new TracedProcess(directory, file);
  }

  @Test
  void commit_afterTheDiskFailed_isNeverAcknowledged() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int number = 0; number < CASES; number++) {
      run(fault(number, random), number);
    }
    System.out.printf(
        "%d runs with injected EIO, seed %d: %d poisoned, nothing acknowledged after the failure;"
            + " %d not opened; %d unharmed; %d blocks acknowledged, all there when opened again%n",
        CASES, SEED, failed, unopened, unharmed, kept);
    require(failed * 2 >= CASES, "too few runs met the failure");
  }

  /** Which calls fail. */
  private record Fault(String call, String when, String onlyFile) {
    @Override
    public String toString() {
      return call + " of " + (onlyFile.isEmpty() ? "any file" : onlyFile) + ", call " + when;
    }
  }

  private static Fault fault(int number, SplittableRandom random) {
    String only = random.nextBoolean() ? "" : "+";
    return switch (number % 5) {
      case 0, 1 -> new Fault("fdatasync", 10 + random.nextInt(200) + only, "");
      case 2 -> new Fault("fsync", 10 + random.nextInt(6) + only, "");
      case 3 -> new Fault("write", 5 + random.nextInt(150) + only, "tables/000004.log");
      default -> new Fault("pwrite64", 5 + random.nextInt(150) + only, "progress");
    };
  }

  private void run(Fault fault, int number) {
    Path store = directory.resolve("store" + number);
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-o", directory.resolve("trace").toString()));
    options.addAll(List.of("-e", "trace=" + fault.call));
    options.addAll(List.of("-e", "inject=" + fault.call + ":error=EIO:when=" + fault.when));
    if (!fault.onlyFile.isEmpty()) {
      options.addAll(List.of("-P", store.resolve(fault.onlyFile).toString()));
    }
    List<String> said =
        process.traced(options, store.toString(), file.toString(), LAG, POLICY, "1000000");
    int keptNow = TracedProcess.lines(said, "kept").size();
    int refusedAt = indexOf(said, "refused");
    String log =
        fault + ":\n" + String.join("\n", said.subList(Math.max(0, said.size() - 8), said.size()));
    if (!TracedProcess.lines(said, "unopened").isEmpty()) {
      require(TracedProcess.lines(said, "unopened").get(0).startsWith("unopened IO "), log);
      require(keptNow == 0, log);
      unopened++;
    } else if (refusedAt < 0) {
      require(keptNow == blocks.size(), log);
      unharmed++;
    } else {
      require(
          said.subList(refusedAt, said.size()).stream().noneMatch(l -> l.startsWith("kept")), log);
      require(TracedProcess.lines(said, "refused").size() == 3, log);
      require(TracedProcess.lines(said, "refused").stream().allMatch(l -> l.contains(" IO ")), log);
      require(TracedProcess.lines(said, "health").get(0).contains("fault=IO"), log);
      failed++;
    }
    kept += keptNow;
    lookAgain(store, keptNow, log);
    System.out.printf(
        "  %s: %d kept, then %s%n", fault, keptNow, said.get(Math.max(0, said.size() - 2)));
    Copies.delete(store);
  }

  private static int indexOf(List<String> said, String word) {
    for (int i = 0; i < said.size(); i++) {
      if (said.get(i).startsWith(word + " ")) {
        return i;
      }
    }
    return -1;
  }

  private void lookAgain(Path store, int keptBefore, String log) {
    List<String> said = process.run(store.toString(), file.toString(), LAG, POLICY, "0");
    List<String> found = TracedProcess.lines(said, "found");
    require(found.size() == 1, log + "\n" + String.join("\n", said));
    int has = Integer.parseInt(found.get(0).split(" ", -1)[1]);
    require(has == keptBefore || has == keptBefore + 1, log + "\nfound " + has);
    InMemoryChainStore cleanStore = InMemoryChainStore.create();
    ChainEngine clean =
        ChainEngine.open(ChainFixture.setupOn(cleanStore, GeneratedBlocks.MAX_REORG_DEPTH));
    blocks.subList(0, has).forEach(block -> clean.accept(block, 0, NOW));
    String expected = NodeState.of(clean, cleanStore, blocks).toLine();
    require(found.get(0).equals("found " + expected), log + "\n" + found + "\n" + expected);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
