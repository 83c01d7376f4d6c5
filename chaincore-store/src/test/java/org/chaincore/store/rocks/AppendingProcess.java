package org.chaincore.store.rocks;

import java.nio.file.Path;
import java.util.Locale;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.value.Hash256;

/**
 * A process to be killed: opens a store, says what it found, appends blocks and prints the hash of
 * each after it was acknowledged, until it is ended or has done as many as it was told.
 *
 * <p>Arguments: directory, number of blocks, lag in blocks, fsync policy, and optionally a {@link
 * StorePoint} and after how many passes the process ends itself there.
 *
 * <p>Lines: {@code found HEIGHT HASH COINS}, then {@code kept HEIGHT HASH} for each block.
 */
public final class AppendingProcess {
  private static final int KILLED = 137;

  private AppendingProcess() {}

  public static void main(String[] args) {
    int blocks = Integer.parseInt(args[1]);
    StoreOptions options =
        StoreOptions.DEFAULT
            .withBudgets(new Budgets(16L << 20, 16L << 20, Integer.parseInt(args[2])))
            .withFsync(FsyncPolicy.valueOf(args[3].toUpperCase(Locale.ROOT)));
    Watched watched = new Watched();
    if (args.length > 5) {
      int[] left = {Integer.parseInt(args[5])};
      watched.at(
          StorePoint.valueOf(args[4]),
          () -> {
            if (--left[0] <= 0) {
              Runtime.getRuntime().halt(KILLED);
            }
          });
    }
    try (RocksChainStore store = RocksChainStore.open(Path.of(args[0]), options, watched)) {
      ChainFixture chain = ChainFixture.on(store, 100);
      ChainEngine engine = chain.engine();
      Hash256 tip = engine.view().tip().hash();
      System.out.println("found " + engine.view().height() + " " + tip + " " + engine.coinCount());
      for (int i = 0; i < blocks; i++) {
        Block block = chain.blockOn(chain.tip());
        if (!(chain.deliver(block) instanceof BlockOutcome.Accepted)) {
          throw new IllegalStateException("refused " + block);
        }
        System.out.println("kept " + engine.view().height() + " " + block.hash());
      }
    }
  }
}
