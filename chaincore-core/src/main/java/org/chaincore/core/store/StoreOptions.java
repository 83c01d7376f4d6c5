package org.chaincore.core.store;

/**
 * How a durable store works. Immutable.
 *
 * @param budgets what memory it may take
 * @param fsync when it waits for the disk, until that is changed
 * @param indexes what it can look up besides blocks and coins
 * @param pruning which bodies of blocks it forgets
 * @param safety when it refuses to go on
 */
public record StoreOptions(
    Budgets budgets, FsyncPolicy fsync, Indexes indexes, Pruning pruning, Safety safety) {
  /** For a node of a small or middling chain. */
  public static final StoreOptions DEFAULT =
      new StoreOptions(
          Budgets.DEFAULT, FsyncPolicy.EVERY_BLOCK, Indexes.NONE, Pruning.NEVER, Safety.DEFAULT);

  /**
   * What memory a store may take.
   *
   * @param coinBytes heap for coins: changes that are not written yet, and coins that were read
   * @param nativeBytes memory outside the heap for what was read from files and for what is to be
   *     written to them
   * @param maxLagBlocks after how many blocks at the latest the changes of coins are written. As
   *     many blocks are replayed when the store is opened after a crash
   */
  public record Budgets(long coinBytes, long nativeBytes, int maxLagBlocks) {
    public static final Budgets DEFAULT = new Budgets(256L << 20, 256L << 20, 2_000);

    /** No store works with less of either kind. */
    public static final long LEAST_BYTES = 4L << 20;

    public Budgets {
      Least.require("coinBytes", coinBytes, LEAST_BYTES);
      Least.require("nativeBytes", nativeBytes, LEAST_BYTES);
      Least.require("maxLagBlocks", maxLagBlocks, 1);
    }
  }

  /**
   * What can be looked up besides blocks and coins.
   *
   * @param transactions the transactions of the chain by txid
   * @param addresses the outputs of the chain by the script that they pay to, and what spent them
   */
  public record Indexes(boolean transactions, boolean addresses) {
    public static final Indexes NONE = new Indexes(false, false);
  }

  /**
   * Which bodies of blocks a store forgets: the oldest of the chain, when those that it has take
   * more than a target.
   *
   * @param targetBytes what the bodies and their undo data may take; 0 for no limit
   * @param keptBlocks how many blocks below the tip are kept whatever they take. A reorganisation
   *     cannot go deeper
   */
  public record Pruning(long targetBytes, int keptBlocks) {
    public static final Pruning NEVER = new Pruning(0, 0);

    public Pruning {
      Least.require("targetBytes", targetBytes, 0);
      Least.require("keptBlocks", keptBlocks, targetBytes == 0 ? 0 : 1);
    }

    public boolean isOn() {
      return targetBytes > 0;
    }
  }

  /**
   * When a store refuses to go on.
   *
   * @param reserveBytes as much space stays free on the disk: with less, the store is read-only
   *     before the disk is full, so that what it has begun can always be ended
   * @param isLossAccepted opens a store that has lost acknowledged changes at its end, with what is
   *     left. For a host that was told of the loss and gets the blocks from its peers again
   */
  public record Safety(long reserveBytes, boolean isLossAccepted) {
    public static final Safety DEFAULT = new Safety(64L << 20, false);

    public Safety {
      Least.require("reserveBytes", reserveBytes, 0);
    }
  }

  public StoreOptions withBudgets(Budgets newBudgets) {
    return new StoreOptions(newBudgets, fsync, indexes, pruning, safety);
  }

  public StoreOptions withFsync(FsyncPolicy policy) {
    return new StoreOptions(budgets, policy, indexes, pruning, safety);
  }

  public StoreOptions withIndexes(Indexes newIndexes) {
    return new StoreOptions(budgets, fsync, newIndexes, pruning, safety);
  }

  public StoreOptions withPruning(Pruning newPruning) {
    return new StoreOptions(budgets, fsync, indexes, newPruning, safety);
  }

  public StoreOptions withSafety(Safety newSafety) {
    return new StoreOptions(budgets, fsync, indexes, pruning, newSafety);
  }

  /**
   * A class of its own, for what calls it makes the constants above: whoever names a part of the
   * options before the options themselves would else find these without that part.
   */
  private static final class Least {
    static void require(String name, long value, long least) {
      if (value < least) {
        throw new IllegalArgumentException(name + " below " + least + ": " + value);
      }
    }
  }
}
