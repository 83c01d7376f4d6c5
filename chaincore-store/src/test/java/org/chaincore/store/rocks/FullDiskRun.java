package org.chaincore.store.rocks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.store.StoreOptions.Safety;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fills a small file system with blocks until the store says that it is full, makes room, and goes
 * on with the same store, again and again; with a reserve, where the store stops by itself before
 * the disk is full, and without one, where RocksDB runs into the end. In between the store is also
 * opened anew while the disk is full.
 *
 * <p>Not among the tests of every build, as it needs an empty file system of some 48 MB: {@code
 * .ci/run disk}.
 */
class FullDiskRun {
  private static final long NOW = TestHeaders.GENESIS_TIME + 1_000_000;
  private static final int BALLAST_BYTES = 24 << 20;

  /** More than this fits on no file system that is small. */
  private static final int MOST_BLOCKS = 100_000;

  private static final int MOST_TRIES = 50;

  private static final int ROUNDS = 2;

  @ParameterizedTest
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @CsvSource({"4, EVERY_BLOCK", "4, GROUPED", "0, EVERY_BLOCK", "0, GROUPED"})
  void commit_onADiskThatFillsUp_isRefusedUntilThereIsSpace(
      int reserveMegabytes, FsyncPolicy policy) throws IOException {
    Path root = Path.of(System.getProperty("chaincore.small.disk"));
    Disk disk = new Disk(root, reserveMegabytes, policy);
    try {
      disk.run();
    } finally {
      disk.store.close();
      Copies.delete(root.resolve("store"));
    }
    System.out.printf(
        "reserve of %d MiB, %s: full %d times, %d blocks acknowledged and all there, %d refused as"
            + " DISK_FULL, went on each time; opening while full refused %d times%n",
        reserveMegabytes, policy, ROUNDS, disk.kept, disk.refusals, disk.refusedOpenings);
  }

  private static final class Disk {
    private final Path root;
    private final StoreOptions options;
    private final GeneratedBlocks generated;
    private final List<Block> blocks = new ArrayList<>();
    private final InMemoryChainStore cleanStore = InMemoryChainStore.create();
    private final ChainEngine clean =
        ChainEngine.open(ChainFixture.setupOn(cleanStore, GeneratedBlocks.MAX_REORG_DEPTH));
    private RocksChainStore store;
    private ChainEngine engine;
    private int kept;
    private int refusals;
    private int refusedOpenings;

    Disk(Path root, int reserveMegabytes, FsyncPolicy policy) {
      long reserveBytes = (long) reserveMegabytes << 20;
      int lag = reserveBytes == 0 ? 500 : 20;
      this.root = root;
      this.options =
          StoreOptions.DEFAULT
              .withBudgets(new Budgets(Budgets.LEAST_BYTES, Budgets.LEAST_BYTES, lag))
              .withSafety(new Safety(reserveBytes, false))
              .withFsync(policy);
      this.generated = new GeneratedBlocks(reserveBytes + lag, 0, 60);
      this.store = RocksChainStore.open(root.resolve("store"), options);
      this.engine = open(store);
    }

    private static ChainEngine open(RocksChainStore store) {
      return ChainEngine.open(ChainFixture.setupOn(store, GeneratedBlocks.MAX_REORG_DEPTH));
    }

    private void run() throws IOException {
      for (int round = 0; round < ROUNDS; round++) {
        ballast();
        fill();
        stayFull();
        if (round % 2 == 1) {
          reopenWhileFull();
        }
        Files.delete(root.resolve("ballast"));
        Files.deleteIfExists(root.resolve("rest"));
        goOn();
        compare();
      }
      store.close();
      store = RocksChainStore.open(root.resolve("store"), options);
      engine = open(store);
      compare();
      require(store.verify().isGood(), store.verify().toString());
      store.close();
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new AssertionError(message);
      }
    }

    private Block block(int number) {
      while (blocks.size() <= number) {
        blocks.addAll(generated.next(100));
      }
      return blocks.get(number);
    }

    private void ballast() throws IOException {
      try (OutputStream out = Files.newOutputStream(root.resolve("ballast"))) {
        out.write(new byte[BALLAST_BYTES]);
      } catch (IOException e) {
        // Then it is full already, and less is set free later.
        require(String.valueOf(e.getMessage()).contains("space"), e.toString());
      }
    }

    /** What is left of the disk, to the last byte. */
    private void fillTheRest() throws IOException {
      try (OutputStream out =
          Files.newOutputStream(
              root.resolve("rest"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        byte[] some = new byte[4_096];
        while (true) {
          out.write(some);
        }
      } catch (IOException e) {
        require(String.valueOf(e.getMessage()).contains("space"), e.toString());
      }
    }

    private void fill() {
      int before = kept;
      while (store.health() instanceof StoreHealth.Writable) {
        require(kept - before < MOST_BLOCKS, "the disk does not get full");
        try {
          append();
        } catch (StoreException e) {
          refusals++;
          require(e.fault() == StoreFault.DISK_FULL, e.toString());
        }
      }
    }

    /** The clean node gets only what the store said it has. */
    private void append() {
      BlockOutcome outcome = engine.accept(block(kept), 0, NOW);
      require(outcome instanceof BlockOutcome.Accepted, outcome.toString());
      clean.accept(block(kept), 0, NOW);
      kept++;
    }

    /**
     * With the disk full to the last byte nothing is acknowledged. RocksDB may still be deleting
     * what it needs no longer: then the store rightly goes on, and the disk is filled again.
     */
    private void stayFull() throws IOException {
      int refused = 0;
      for (int tries = 0; refused < 3; tries++) {
        require(tries < MOST_TRIES, "the disk does not stay full");
        fillTheRest();
        try {
          append();
          refused = 0;
        } catch (StoreException e) {
          refused++;
          refusals++;
          require(e.fault() == StoreFault.DISK_FULL, e.toString());
          require(
              store.health() instanceof StoreHealth.ReadOnly broken && broken.mayEnd(),
              store.health().toString());
          require(engine.block(block(kept).hash()).isEmpty(), "a refused block is there");
          require(engine.block(block(kept - 1).hash()).isPresent(), "a kept block is not there");
        }
      }
    }

    /** By itself, with the next block. */
    private void goOn() {
      for (int i = 0; i < 50; i++) {
        append();
      }
      require(store.health() instanceof StoreHealth.Writable, store.health().toString());
    }

    /**
     * As after a crash or a restart on a full disk: it may refuse, by a name, and loses nothing.
     */
    private void reopenWhileFull() throws IOException {
      store.close();
      try {
        store = RocksChainStore.open(root.resolve("store"), options);
        engine = open(store);
        compare();
        return;
      } catch (StoreException e) {
        refusedOpenings++;
        require(e.fault() == StoreFault.DISK_FULL || e.fault() == StoreFault.IO, e.toString());
        System.out.println("  opening a full disk: " + e.fault() + ", " + e.getMessage());
        store.close();
      }
      Files.delete(root.resolve("rest"));
      Files.delete(root.resolve("ballast"));
      store = RocksChainStore.open(root.resolve("store"), options);
      engine = open(store);
      compare();
      ballast();
    }

    private void compare() {
      NodeState ours = NodeState.of(engine, store, blocks);
      NodeState theirs = NodeState.of(clean, cleanStore, blocks);
      require(ours.equals(theirs), ours + ", a clean node has " + theirs);
    }
  }
}
