package org.chaincore.bench.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.StoreOptions;

/**
 * Blocks of 20 kB that are kept, each on the disk before the next: by the durable store, with undo
 * data, coins and index, and by a bare file. In a directory of their own that is deleted at the
 * end.
 */
public final class StoreAppends implements AutoCloseable {
  private static final int BLOCKS = 25;
  private static final int PAYMENTS = 58;
  private static final int OUTPUTS_OF_TEN = 20;
  private static final int COINS = 20_000;

  private final CoinChain chain = new CoinChain(1);
  private final Path directory;
  private final DurableChainStore store;
  private final BareFile file;
  private List<CoinChain.Next> next = List.of();

  private StoreAppends(Path directory) throws IOException {
    this.directory = directory;
    this.store = ChainStoreProvider.find().open(directory.resolve("data"), StoreOptions.DEFAULT);
    this.file = new BareFile(directory.resolve("bare"));
    store.load(chain.identity());
    store.commit(chain.minting(COINS).commit());
  }

  /** Both, in a new directory among the system's temporary files. */
  public static StoreAppends begin() throws IOException {
    return new StoreAppends(Files.createTempDirectory("appends"));
  }

  /** Blocks a second on the wall, by the store. */
  public double rate() {
    next = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      next.add(chain.paying(PAYMENTS, OUTPUTS_OF_TEN));
    }
    long start = System.nanoTime();
    for (CoinChain.Next block : next) {
      store.commit(block.commit());
    }
    return BLOCKS * 1e9 / (System.nanoTime() - start);
  }

  /** The same blocks, by the bare file. */
  public double bareRate() throws IOException {
    long start = System.nanoTime();
    for (CoinChain.Next block : next) {
      file.append(block.block().toWire());
    }
    return next.size() * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() throws IOException {
    store.close();
    file.close();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
