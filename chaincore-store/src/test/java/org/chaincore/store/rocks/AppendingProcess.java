package org.chaincore.store.rocks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.store.StoreOptions.Safety;
import org.chaincore.core.store.StoreVerification;

/**
 * A process to be killed: opens a store, says what it found, gives it the blocks of a file that it
 * has not got yet, and says of each, after it was acknowledged, that it is kept.
 *
 * <p>Arguments: directory of the store, file of blocks, lag in blocks, fsync policy, followed by
 * {@code +indexed} and {@code +pruned} where indexes are kept and old blocks are not, how many
 * blocks at most, and optionally a {@link StorePoint} and at which pass the process stops there,
 * holding everything as it is, and waits for its end.
 *
 * <p>Lines, each written through before anything else happens:
 *
 * <ul>
 *   <li>{@code replaying}: coins are being replayed
 *   <li>{@code found BLOCKS TIP COINS DIGEST PRUNED}: it is open, and this is what it has
 *   <li>{@code unopened FAULT MESSAGE}: it cannot be opened
 *   <li>{@code kept NUMBER HASH}: a block was acknowledged
 *   <li>{@code refused NUMBER FAULT MESSAGE}: the store failed at a block, which is then offered
 *       twice more; {@code health HEALTH} follows
 *   <li>{@code at POINT}: it waits for its end there
 *   <li>{@code done}: there are no more blocks; it waits for its end, or closes the store and ends
 *       if it was to do only so many
 * </ul>
 */
public final class AppendingProcess {
  /** As the number of blocks: as many as there are, and then it waits. */
  static final int UNTIL_KILLED = Integer.MAX_VALUE;

  /** Behind a policy: both indexes are kept. */
  static final String INDEXED = "+indexed";

  /** Behind a policy: old blocks are pruned. */
  static final String PRUNED = "+pruned";

  /** Deeper than any branch of {@link GeneratedBlocks#small}. */
  private static final int KEPT_BLOCKS = 24;

  private static final int PRUNED_TO_BYTES = 32 << 10;

  private static final long NOW = TestHeaders.GENESIS_TIME + 1_000_000;

  private static final PrintStream OUT =
      new PrintStream(System.out, true, StandardCharsets.US_ASCII);

  private AppendingProcess() {}

  /** Runs. */
  public static void main(String[] args) {
    List<Block> blocks = BlockFile.read(Path.of(args[1]));
    int most = Integer.parseInt(args[4]);
    Watched watched = new Watched();
    stopAt(watched, args);
    try (RocksChainStore store =
        RocksChainStore.open(Path.of(args[0]), options(args[2], args[3]), watched)) {
      run(store, blocks, most);
    } catch (StoreException e) {
      say("unopened " + e.fault() + " " + e.getMessage());
    }
    say("done");
  }

  private static void run(RocksChainStore store, List<Block> blocks, int most) {
    int deepest = Math.min(GeneratedBlocks.MAX_REORG_DEPTH, store.retention().keptBlocks());
    ChainEngine engine = ChainEngine.open(ChainFixture.setupOn(store, deepest));
    store.buildIndexes(Integer.MAX_VALUE);
    requireWhole(store);
    NodeState found = NodeState.of(engine, store, blocks);
    say("found " + found.toLine());
    int end = (int) Math.min(blocks.size(), (long) found.blocks() + most);
    for (int i = found.blocks(); i < end; i++) {
      if (!append(engine, blocks.get(i), i)) {
        // Refused again, as long as the disk is no better.
        append(engine, blocks.get(i), i);
        append(engine, blocks.get(i), i);
        say("health " + store.health());
        break;
      }
    }
    if (most == UNTIL_KILLED) {
      say("done");
      waitForTheEnd();
    }
  }

  /** Every value is as it was written, and there are as many coins as there should be. */
  private static void requireWhole(RocksChainStore store) {
    StoreVerification verification = store.verify();
    if (!verification.isGood() || verification.coins() != store.coinCount()) {
      throw new IllegalStateException(store.coinCount() + " coins, but " + verification);
    }
  }

  static StoreOptions options(String lag, String policy) {
    StoreOptions options =
        StoreOptions.DEFAULT
            .withIndexes(
                new StoreOptions.Indexes(policy.contains(INDEXED), policy.contains(INDEXED)))
            .withPruning(
                policy.contains(PRUNED)
                    ? new StoreOptions.Pruning(PRUNED_TO_BYTES, KEPT_BLOCKS)
                    : StoreOptions.Pruning.NEVER);
    String plain = policy.replace(INDEXED, "").replace(PRUNED, "");
    return options
        .withBudgets(new Budgets(Budgets.LEAST_BYTES, Budgets.LEAST_BYTES, Integer.parseInt(lag)))
        .withSafety(new Safety(0, false))
        .withFsync(FsyncPolicy.valueOf(plain.toUpperCase(Locale.ROOT)));
  }

  private static void stopAt(Watched watched, String[] args) {
    watched.at(StorePoint.REPLAY_BLOCK, new FirstPass());
    if (args.length <= 5) {
      return;
    }
    StorePoint point = StorePoint.valueOf(args[5]);
    Stop stop = new Stop(point, Integer.parseInt(args[6]));
    if (point == StorePoint.REPLAY_BLOCK) {
      FirstPass first = new FirstPass();
      watched.at(
          point,
          () -> {
            first.run();
            stop.run();
          });
      // A replay that ends before the pass is stopped at its end.
      watched.at(StorePoint.REPLAY_ENDS, new Stop(StorePoint.REPLAY_ENDS, 1));
    } else {
      watched.at(point, stop);
    }
  }

  private static final class FirstPass implements Runnable {
    private boolean isSaid;

    @Override
    public void run() {
      if (!isSaid) {
        say("replaying");
        isSaid = true;
      }
    }
  }

  private static final class Stop implements Runnable {
    private final StorePoint point;
    private int left;

    Stop(StorePoint point, int passes) {
      this.point = point;
      this.left = passes;
    }

    @Override
    public void run() {
      if (--left == 0) {
        say("at " + point);
        waitForTheEnd();
      }
    }
  }

  private static boolean append(ChainEngine engine, Block block, int number) {
    try {
      BlockOutcome outcome = engine.accept(block, 0, NOW);
      if (!(outcome instanceof BlockOutcome.Accepted)) {
        throw new IllegalStateException("block " + number + ": " + outcome);
      }
    } catch (StoreException e) {
      say("refused " + number + " " + e.fault() + " " + e.getMessage());
      return false;
    }
    say("kept " + number + " " + block.hash());
    return true;
  }

  private static void say(String line) {
    OUT.println(line);
  }

  private static void waitForTheEnd() {
    while (true) {
      LockSupport.park();
    }
  }
}
