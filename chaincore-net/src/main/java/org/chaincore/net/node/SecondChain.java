package org.chaincore.net.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.chaincore.core.archive.SnapshotCheck;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine and the store on which the chain below a snapshot is validated: a store of the host's,
 * or one in a directory beside the node's files that goes on after a restart and is deleted when
 * the check is over. Not thread-safe.
 */
final class SecondChain {
  static final String DIRECTORY = "snapshot-check";

  private static final Logger LOG = LoggerFactory.getLogger(SecondChain.class);

  private final NodeBuilder plan;
  private @Nullable ChainStore open;

  SecondChain(NodeBuilder plan) {
    this.plan = plan;
  }

  /** Whether there is a place for it. */
  static boolean hasPlace(NodeBuilder plan) {
    return plan.snapshotCheckStore != null || plan.dataDirectory != null;
  }

  /**
   * Opens both.
   *
   * @param store the node's store
   * @param engine the node's engine
   */
  SnapshotCheck check(ChainStore store, ChainEngine engine, long nowSeconds) {
    close(); // What an earlier attempt that failed may have left open.
    ChainStore second = openStore();
    open = second;
    ChainEngine beside =
        ChainEngine.open(
            new EngineSetup(
                plan.params(),
                plan.limits,
                second,
                SignatureVerifier.best(),
                LockRegistry.create()));
    return SnapshotCheck.of(store, engine.view(), beside, second, nowSeconds);
  }

  private ChainStore openStore() {
    if (plan.snapshotCheckStore != null) {
      return plan.snapshotCheckStore;
    }
    Path directory = directory().orElseThrow();
    return ChainStoreProvider.find()
        .open(directory, StoreOptions.DEFAULT.withFsync(FsyncPolicy.GROUPED));
  }

  private Optional<Path> directory() {
    return plan.snapshotCheckStore != null || plan.dataDirectory == null
        ? Optional.empty()
        : Optional.of(plan.dataDirectory.resolve(DIRECTORY));
  }

  void close() {
    if (open != null && plan.snapshotCheckStore == null) {
      open.close();
    }
    open = null;
  }

  /** Closes it and deletes what the node made for it. */
  void remove() {
    close();
    Path directory = directory().orElse(null);
    if (directory == null || !Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException left) {
      LOG.warn("{} is not needed any more and could not be deleted", directory, left);
    }
  }
}
