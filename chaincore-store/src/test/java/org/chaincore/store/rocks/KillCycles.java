package org.chaincore.store.rocks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.InMemoryChainStore;

/**
 * Kills a process that appends blocks, with SIGKILL, at a random time or where the store is at a
 * {@link StorePoint}, and starts it again on the same directory; whether what it then finds is all
 * that was acknowledged, and nothing but what a clean node has after the same blocks, is looked at
 * each time.
 *
 * <p>A directory has several kills behind it, then another begins with other settings, with and
 * without indexes and pruning; the first kill of each may hit the making of the store.
 */
final class KillCycles {
  /** So that looking at everything after each kill takes no longer than the rest. */
  private static final int KILLS_A_LIFE = 25;

  /** Indexed or not, pruned or not. */
  private static final int KINDS_OF_LIVES = 4;

  /** One kill in so many is in recovery, at least. */
  private static final int LEAST_RECOVERIES_IN = 6;

  private static final int BLOCKS_AHEAD = 120;
  private static final int LONGEST_MILLIS = 250;

  /** A point that is not reached in this time is not waited for. */
  private static final int POINT_MILLIS = 500;

  /** No process takes so long; one that does is an error. */
  private static final int PATIENCE_SECONDS = 60;

  private static final String UNTIL_KILLED = String.valueOf(AppendingProcess.UNTIL_KILLED);
  private static final int[] LAGS = {3, 20, 100, 1_000};
  private static final String[] POLICIES = {"every_block", "grouped"};
  private static final StorePoint[] POINTS = {
    StorePoint.COMMIT_BEGINS,
    StorePoint.COMMIT_WRITTEN,
    StorePoint.COMMIT_NOTED,
    StorePoint.FLUSH_BEGINS,
    StorePoint.FLUSH_WRITTEN,
    StorePoint.OPENED
  };

  /** Where a store that prunes is killed too, if it gets there. */
  private static final StorePoint[] PRUNING = {StorePoint.PRUNE_BEGINS, StorePoint.PRUNE_WRITTEN};

  /** Where a store is killed that builds an index which was off for a while. */
  private static final StorePoint[] INDEXING = {StorePoint.INDEX_BEGINS, StorePoint.INDEX_WRITTEN};

  /** What came of it. */
  record Counts(
      int kills, int inRecovery, int acknowledged, int deepestPruned, Map<String, Integer> places) {
    Counts plus(Counts more) {
      Map<String, Integer> sum = new TreeMap<>(places);
      more.places.forEach((place, count) -> sum.merge(place, count, Integer::sum));
      return new Counts(
          kills + more.kills,
          inRecovery + more.inRecovery,
          acknowledged + more.acknowledged,
          Math.max(deepestPruned, more.deepestPruned),
          sum);
    }
  }

  private final SplittableRandom random;
  private final Path directory;
  private final ChildJvm jvm;
  private final ScheduledExecutorService killer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "killer");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Integer> places = new TreeMap<>();
  private int kills;
  private int inRecovery;
  private int acknowledged;
  private int deepestPruned;

  private KillCycles(long seed, Path directory) {
    this.random = new SplittableRandom(seed);
    this.directory = directory;
    this.jvm = ChildJvm.prepare(directory.resolve("jvm"));
  }

  /** Kills so often, below a directory; where it is many times, on two directories at a time. */
  static Counts run(int kills, long seed, Path directory) {
    if (kills <= KILLS_A_LIFE) {
      return lane(kills, seed, directory);
    }
    CompletableFuture<Counts> half =
        CompletableFuture.supplyAsync(() -> lane(kills / 2, seed, directory.resolve("a")));
    Counts other = lane(kills - kills / 2, seed + kills, directory.resolve("b"));
    return half.join().plus(other);
  }

  private static Counts lane(int kills, long seed, Path directory) {
    KillCycles cycles = new KillCycles(seed, directory);
    try {
      int left = kills;
      for (int life = 0; left > 0; life++) {
        int now = Math.min(left, Math.min(KILLS_A_LIFE, Math.max(1, kills / KINDS_OF_LIVES)));
        cycles.new Life(life, seed + life).run(now);
        left -= now;
      }
    } finally {
      cycles.killer.shutdownNow();
    }
    return new Counts(
        cycles.kills, cycles.inRecovery, cycles.acknowledged, cycles.deepestPruned, cycles.places);
  }

  private void count(String place) {
    places.merge(place, 1, Integer::sum);
  }

  /** One directory and the clean node that is given the same blocks. */
  private final class Life {
    private final Path store;
    private final Path file;
    private final GeneratedBlocks generated;
    private final List<Block> blocks = new ArrayList<>();
    private final InMemoryChainStore cleanStore = InMemoryChainStore.indexed();
    private final ChainEngine clean =
        ChainEngine.open(ChainFixture.setupOn(cleanStore, GeneratedBlocks.MAX_REORG_DEPTH));
    private final String lag = String.valueOf(LAGS[random.nextInt(LAGS.length)]);
    private final String policy = POLICIES[random.nextInt(POLICIES.length)];
    private final boolean isIndexed;
    private final boolean isPruned;
    private final String name;

    /** Blocks that the store said it keeps, and blocks that it had when it was last looked at. */
    private int kept;

    private int known;

    Life(int number, long seed) {
      // Of four lives each has it another way.
      this.isIndexed = number % 2 == 1;
      this.isPruned = number % 4 >= 2;
      this.name =
          "life "
              + number
              + " with lag "
              + lag
              + ", "
              + policy
              + (isIndexed ? ", indexed" : "")
              + (isPruned ? ", pruned" : "");
      this.store = directory.resolve("store" + number);
      this.file = directory.resolve("blocks" + number);
      this.generated = GeneratedBlocks.small(seed);
      provideBlocks();
      if (number == 0) {
        jvm.archive(
            AppendingProcess.class,
            directory.resolve("first").toString(),
            file.toString(),
            lag,
            policy,
            "5");
      }
    }

    private void provideBlocks() {
      if (blocks.size() < known + BLOCKS_AHEAD) {
        List<Block> more = generated.next(BLOCKS_AHEAD);
        BlockFile.append(file, more);
        blocks.addAll(more);
      }
    }

    void run(int kills) {
      for (int i = 0; i < kills; i++) {
        provideBlocks();
        cycle(i);
      }
      // Nobody kills the last two: what was left behind, and then what was closed, is looked at.
      new Run("1000000", "0").watch();
      new Run("1000000", "0").watch();
    }

    private void cycle(int number) {
      kills++;
      int kind = random.nextInt(10);
      // A recovery cannot be met where nothing was left to recover: made up for as soon as it can.
      if (kind < 3 || inRecovery * LEAST_RECOVERIES_IN < kills) {
        StorePoint point =
            random.nextInt(4) == 0 ? StorePoint.REPLAY_ENDS : StorePoint.REPLAY_BLOCK;
        int passes = point == StorePoint.REPLAY_ENDS ? 1 : 1 + random.nextInt(30);
        new Run(lag, UNTIL_KILLED, point.name(), String.valueOf(passes)).watch();
      } else if (kind < 6) {
        StorePoint point = point();
        int passes = 1 + random.nextInt(point.name().startsWith("COMMIT") ? 25 : 2);
        passes = point == StorePoint.OPENED ? 1 : passes;
        new Run(lag, UNTIL_KILLED, point.name(), String.valueOf(passes)).watch();
      } else {
        boolean fromStart = number == 0 || kind == 6;
        new Run(lag, UNTIL_KILLED).killAfter(1 + random.nextInt(LONGEST_MILLIS), fromStart).watch();
      }
    }

    private StorePoint point() {
      List<StorePoint> points = new ArrayList<>(List.of(POINTS));
      points.addAll(isPruned ? List.of(PRUNING) : List.of());
      points.addAll(isIndexed ? List.of(INDEXING) : List.of());
      return points.get(random.nextInt(points.size()));
    }

    /**
     * Indexes may be off for one run and are built by the next, but where blocks are pruned: they
     * cannot be built without these.
     */
    private boolean isIndexedNow(boolean isToBeKilled) {
      return isIndexed && (isPruned || !isToBeKilled || random.nextInt(4) > 0);
    }

    /** One process from its start to its end. */
    private final class Run {
      private final Process process;
      private final boolean isToBeKilled;
      private int afterFoundMillis = POINT_MILLIS;
      private final boolean hasIndexes;
      private boolean isFound;
      private boolean isReplaying;
      private String point = "";

      Run(String lagNow, String most, String... stop) {
        this.isToBeKilled = !most.equals("0");
        this.hasIndexes = isIndexedNow(isToBeKilled);
        String options =
            policy
                + (hasIndexes ? AppendingProcess.INDEXED : "")
                + (isPruned ? AppendingProcess.PRUNED : "");
        List<String> args = new ArrayList<>();
        args.addAll(List.of(store.toString(), file.toString(), lagNow, options, most));
        args.addAll(List.of(stop));
        try {
          this.process =
              new ProcessBuilder(jvm.command(AppendingProcess.class, args.toArray(String[]::new)))
                  .redirectErrorStream(true)
                  .start();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        killAt(PATIENCE_SECONDS * 1_000);
      }

      Run killAfter(int millis, boolean fromStart) {
        if (fromStart) {
          // A start takes longer than what is appended afterwards: spread over all of it.
          killAt(2 * millis);
        }
        afterFoundMillis = millis;
        return this;
      }

      private void killAt(int millis) {
        ScheduledFuture<?> unused = killer.schedule(this::kill, millis, TimeUnit.MILLISECONDS);
      }

      /** Through its handle: the process itself would also close what it had said to us. */
      private void kill() {
        process.toHandle().destroyForcibly();
      }

      void watch() {
        long start = System.nanoTime();
        List<String> seen = new ArrayList<>();
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            take(line);
          }
          int code = process.waitFor();
          boolean wasKilled = code == 128 + 9;
          if (wasKilled != isToBeKilled
              || System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            throw new AssertionError(name + ": ended with " + code + ":\n" + tail(seen));
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
        if (isToBeKilled) {
          countPlace();
        }
      }

      private String tail(List<String> seen) {
        return String.join("\n", seen.subList(Math.max(0, seen.size() - 30), seen.size()));
      }

      private void countPlace() {
        boolean isRecovering = isReplaying && !isFound;
        inRecovery += isRecovering ? 1 : 0;
        String when = isFound ? "while appending" : isRecovering ? "in recovery" : "while opening";
        count(when + (point.isEmpty() ? ", at a random time" : ", at " + point));
      }

      private void take(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
          case "replaying" -> isReplaying = true;
          case "found" -> found(line.substring("found ".length()));
          case "kept" -> keep(Integer.parseInt(words[1]), words[2]);
          case "at" -> {
            point = words[1];
            kill();
          }
          case "done" -> {
            if (isToBeKilled) {
              kill();
            }
          }
          default -> {}
        }
      }

      private void keep(int number, String hash) {
        if (number != kept || !blocks.get(number).hash().toString().equals(hash)) {
          throw new AssertionError(name + ": block " + number + " after " + kept + " blocks");
        }
        kept++;
        acknowledged++;
      }

      /** All that was kept, perhaps one block more, and otherwise as a clean node has it. */
      private void found(String state) {
        isFound = true;
        int has = Integer.parseInt(state.substring(0, state.indexOf(' ')));
        if (has < kept || has > kept + 1) {
          throw new AssertionError(name + ": " + kept + " blocks were kept, " + has + " found");
        }
        for (; known < has; known++) {
          clean.accept(blocks.get(known), 0, TestHeaders.GENESIS_TIME + 1_000_000);
        }
        kept = has;
        int prunedHeight = Integer.parseInt(state.substring(state.lastIndexOf(' ') + 1));
        deepestPruned = Math.max(deepestPruned, prunedHeight);
        NodeState.Scope scope = new NodeState.Scope(prunedHeight, hasIndexes);
        String expected = NodeState.of(clean, cleanStore, blocks, scope).toLine();
        if (!state.equals(expected)) {
          throw new AssertionError(name + ": found " + state + ", a clean node has " + expected);
        }
        if (isToBeKilled) {
          killAt(afterFoundMillis);
        }
      }
    }
  }
}
