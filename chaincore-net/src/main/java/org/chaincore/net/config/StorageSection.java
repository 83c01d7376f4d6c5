package org.chaincore.net.config;

import java.nio.file.Path;
import java.util.function.Function;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.net.config.NodeConfiguration.Storage;
import org.chaincore.sync.settings.OperationalSettings;

/** Where and how the chain is kept, as it stands in a file. */
final class StorageSection {
  private static final long MOST_BYTES = 1L << 50;

  private final Function<String, Path> paths;
  private final OperationalSettings settings;

  /**
   * Paths in the file mean what {@code paths} says; room, fee floor and expiry of the mempool are
   * among the settings.
   */
  StorageSection(Function<String, Path> paths, OperationalSettings settings) {
    this.paths = paths;
    this.settings = settings;
  }

  Storage read(Section in) {
    return new Storage(
        in.text("data_directory", "a path", paths).orElse(null),
        in.section("store", StoreOptions.DEFAULT, StorageSection::options),
        in.section("limits", limits(PolicyLimits.DEFAULT), this::limits));
  }

  private PolicyLimits limits(PolicyLimits others) {
    return others.withMempool(settings.over(others.mempool()));
  }

  private static StoreOptions options(Section in) {
    StoreOptions.Budgets budgets = StoreOptions.Budgets.DEFAULT;
    long least = StoreOptions.Budgets.LEAST_BYTES;
    long prunedTo = in.number("prune_to_bytes", 0, MOST_BYTES, 0);
    return new StoreOptions(
        new StoreOptions.Budgets(
            in.number("coin_bytes", least, MOST_BYTES, budgets.coinBytes()),
            in.number("native_bytes", least, MOST_BYTES, budgets.nativeBytes()),
            in.integer("max_lag_blocks", 1, Integer.MAX_VALUE, budgets.maxLagBlocks())),
        in.choice("fsync", FsyncPolicy.class).orElse(StoreOptions.DEFAULT.fsync()),
        new StoreOptions.Indexes(
            in.flag("transaction_index", false), in.flag("address_index", false)),
        prunedTo == 0
            ? notPruned(in)
            : new StoreOptions.Pruning(
                prunedTo, in.integer("prune_keeps_blocks", 1, Integer.MAX_VALUE)),
        new StoreOptions.Safety(
            in.number("reserve_bytes", 0, MOST_BYTES, StoreOptions.Safety.DEFAULT.reserveBytes()),
            in.flag("accept_loss", false)));
  }

  private static StoreOptions.Pruning notPruned(Section in) {
    if (in.has("prune_keeps_blocks")) {
      throw in.wrong(
          "prune_keeps_blocks", in.scalar("prune_keeps_blocks"), "given beside prune_to_bytes");
    }
    return StoreOptions.Pruning.NEVER;
  }

  private PolicyLimits limits(Section in) {
    PolicyLimits standard = PolicyLimits.DEFAULT;
    return limits(
        new PolicyLimits(
            in.section("mempool", standard.mempool(), StorageSection::mempool),
            in.section("orphans", standard.orphans(), StorageSection::orphans),
            in.integer("max_reorg_depth_blocks", 1, 1_000_000, standard.maxReorgDepthBlocks()),
            in.integer("kept_events", 1, 10_000_000, standard.keptEvents()),
            in.integer(
                "remembered_transactions", 2, 10_000_000, standard.rememberedTransactions())));
  }

  private static MempoolLimits mempool(Section in) {
    MempoolLimits standard = MempoolLimits.DEFAULT;
    return new MempoolLimits(
        standard.maxVirtualBytes(),
        standard.minFeePerKilobyte(),
        in.integer("max_chain", 1, 1_000, standard.maxChain()),
        in.integer("max_chain_virtual_bytes", 1_000, 100_000_000, standard.maxChainVirtualBytes()),
        standard.expirySeconds());
  }

  private static OrphanLimits orphans(Section in) {
    OrphanLimits standard = OrphanLimits.DEFAULT;
    int most = in.integer("max_blocks", 1, 10_000, standard.maxBlocks());
    return new OrphanLimits(
        most,
        in.integer("max_block_bytes", 10_000, Integer.MAX_VALUE, standard.maxBlockBytes()),
        in.integer(
            "reserved_blocks_per_source",
            0,
            most,
            Math.min(most, standard.reservedBlocksPerSource())),
        in.integer("max_transactions", 0, 100_000, standard.maxTransactions()),
        in.integer("expiry_seconds", 1, 86_400, standard.expirySeconds()));
  }
}
