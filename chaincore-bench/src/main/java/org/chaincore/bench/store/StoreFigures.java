package org.chaincore.bench.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.chaincore.bench.workload.BareFile;
import org.chaincore.bench.workload.CoinChain;
import org.chaincore.bench.workload.EmptyBlocks;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;

/**
 * The durable store beside a bare append-only file that waits for the disk as often, in turns, in
 * one process and on one disk; one JSON object a line. Rates are by the clock on the wall, since
 * what is measured is waiting; CPU time is of the whole process, RocksDB's threads too.
 *
 * <ul>
 *   <li>{@code append}: blocks of 20 kB, fsync for each, with undo data, coins and index
 *   <li>{@code churn}: 1,000 coins spent and 1,100 created a block, over two million, fsync for
 *       each; and the same with the look-up of each spent coin before, as an engine does it
 *   <li>{@code lookup_cold}, {@code lookup_cached}: a coin, 99th percentile
 *   <li>{@code heap}: what the store keeps on the heap when its caches are full
 *   <li>{@code reopen}: an engine on 100,000 blocks, in a JVM of its own
 * </ul>
 *
 * <p>{@code java -Xms5g -Xmx5g -Xmn2g -XX:+UseSerialGC -cp chaincore-bench/target/benchmarks.jar
 * org.chaincore.bench.store.StoreFigures DIRECTORY [append|churn|heap|reopen ...]}
 */
public final class StoreFigures {
  private static final int CHURN_RUNS = 7;
  private static final int APPEND_RUNS = 41;
  private static final int APPENDED = 50;
  private static final int PAYMENTS_OF_20_KB = 58;
  private static final int COINS = 2_000_000;
  private static final int CHURNED = 100;
  private static final int LOOKED_UP = 20_000;
  private static final int REOPENED = 100_000;

  private final Path directory;

  private StoreFigures(Path directory) {
    this.directory = directory;
  }

  /** Measures, all or what is named. A directory that is not there is made. */
  public static void main(String[] args) throws Exception {
    List<String> wanted = List.of(args).subList(1, args.length);
    if (wanted.contains("open")) {
      open(Path.of(args[0]));
      return;
    }
    StoreFigures figures = new StoreFigures(Files.createDirectories(Path.of(args[0])));
    if (wanted.isEmpty() || wanted.contains("append")) {
      figures.append();
    }
    if (wanted.isEmpty() || wanted.contains("churn")) {
      figures.churn();
    }
    if (wanted.isEmpty() || wanted.contains("heap")) {
      figures.heap();
    }
    if (wanted.isEmpty() || wanted.contains("reopen")) {
      figures.reopen();
    }
  }

  private DurableChainStore open(String name, StoreOptions options) {
    return ChainStoreProvider.find().open(directory.resolve(name), options);
  }

  /** Time that passed and that processors worked. */
  private record Spent(double wallSeconds, double cpuSeconds, double threadSeconds) {
    Spent plus(Spent more) {
      return new Spent(
          wallSeconds + more.wallSeconds,
          cpuSeconds + more.cpuSeconds,
          threadSeconds + more.threadSeconds);
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static Spent time(Task task) throws IOException {
    long cpu = processCpuNanos();
    long thread = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long wall = System.nanoTime();
    task.run();
    return new Spent(
        (System.nanoTime() - wall) / 1e9,
        (processCpuNanos() - cpu) / 1e9,
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - thread) / 1e9);
  }

  private static long processCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private void append() throws IOException {
    CoinChain chain = new CoinChain(1);
    List<Spent> ours = new ArrayList<>();
    List<Spent> theirs = new ArrayList<>();
    long bytes = 0;
    try (DurableChainStore store = open("append", StoreOptions.DEFAULT);
        BareFile file = new BareFile(directory.resolve("append.bare"))) {
      store.load(chain.identity());
      store.commit(chain.minting(20_000).commit());
      // The first few warm the compilers and the disk.
      for (int run = -8; run < APPEND_RUNS; run++) {
        List<CoinChain.Next> blocks = new ArrayList<>();
        for (int i = 0; i < APPENDED; i++) {
          blocks.add(chain.paying(PAYMENTS_OF_20_KB, 20));
        }
        bytes = blocks.get(0).block().size();
        Spent bare =
            time(
                () -> {
                  for (CoinChain.Next block : blocks) {
                    file.append(block.block().toWire());
                  }
                });
        Spent kept = time(() -> blocks.forEach(block -> store.commit(block.commit())));
        if (run >= 0) {
          ours.add(kept);
          theirs.add(bare);
        }
      }
    }
    sideBySide("append", APPENDED, ours, theirs, 0.6, "blocks of " + bytes + " bytes a second");
    delete(directory.resolve("append"));
    delete(directory.resolve("append.bare"));
  }

  private void churn() throws IOException {
    CoinChain chain = new CoinChain(2);
    try (DurableChainStore store = open("churn", StoreOptions.DEFAULT);
        BareFile file = new BareFile(directory.resolve("churn.bare"))) {
      store.load(chain.identity());
      store.use(FsyncPolicy.GROUPED);
      Map<OutPoint, Coin> bare = new HashMap<>();
      while (chain.coins().size() < COINS) {
        CoinChain.Next block = chain.minting(20_000);
        store.commit(block.commit());
        bare.putAll(block.created());
      }
      store.flush();
      store.use(FsyncPolicy.EVERY_BLOCK);
      List<Spent> ours = new ArrayList<>();
      List<Spent> withLookups = new ArrayList<>();
      List<Spent> theirs = new ArrayList<>();
      for (int run = -1; run < CHURN_RUNS; run++) {
        List<CoinChain.Next> blocks = new ArrayList<>();
        for (int i = 0; i < CHURNED; i++) {
          blocks.add(chain.paying(500, 22));
        }
        Spent log =
            time(
                () -> {
                  for (CoinChain.Next block : blocks) {
                    file.append(change(bare, block));
                  }
                });
        Spent looking = new Spent(0, 0, 0);
        Spent kept = new Spent(0, 0, 0);
        for (CoinChain.Next block : blocks) {
          looking =
              looking.plus(
                  time(() -> block.spent().forEach(at -> require(store.coin(at) != null))));
          kept = kept.plus(time(() -> store.commit(block.commit())));
        }
        if (run >= 0) {
          ours.add(kept);
          withLookups.add(kept.plus(looking));
          theirs.add(log);
        }
      }
      sideBySide("churn", CHURNED, ours, theirs, 0, "blocks a second, at least 150 wanted");
      sideBySide(
          "churn_with_lookups",
          CHURNED,
          withLookups,
          theirs,
          0,
          "blocks a second, coins looked up");
    }
    lookups(chain);
    delete(directory.resolve("churn"));
    delete(directory.resolve("churn.bare"));
  }

  /** Coins in a map, their changes in a log: the bare minimum that could be opened again. */
  private static byte[] change(Map<OutPoint, Coin> coins, CoinChain.Next block) {
    ByteWriter out = ByteWriter.ofExpectedSize(200_000);
    for (OutPoint at : block.spent()) {
      require(coins.remove(at) != null);
      out.hash(at.txid()).int32(at.index());
    }
    coins.putAll(block.created());
    block
        .created()
        .forEach(
            (at, coin) ->
                out.hash(at.txid())
                    .int32(at.index())
                    .int64(coin.output().units())
                    .varBytes(coin.output().script()));
    return out.toArray();
  }

  private void lookups(CoinChain chain) {
    SplittableRandom random = new SplittableRandom(3);
    List<OutPoint> asked = new ArrayList<>();
    for (int i = 0; i < LOOKED_UP; i++) {
      asked.add(chain.coins().get(random.nextInt(chain.coins().size())));
    }
    // Code that has never run is no matter of the disk's.
    try (DurableChainStore store = open("churn", StoreOptions.DEFAULT)) {
      store.load(chain.identity());
      ask(store, chain.coins().subList(0, LOOKED_UP));
      ask(store, chain.coins().subList(0, LOOKED_UP));
    }
    try (DurableChainStore store = open("churn", StoreOptions.DEFAULT)) {
      store.load(chain.identity());
      percentile("lookup_cold", ask(store, asked), 100);
      percentile("lookup_cached", ask(store, asked), 3);
    }
  }

  private static long[] ask(DurableChainStore store, List<OutPoint> asked) {
    long[] nanos = new long[asked.size()];
    for (int i = 0; i < nanos.length; i++) {
      long begun = System.nanoTime();
      Coin coin = store.coin(asked.get(i));
      nanos[i] = System.nanoTime() - begun;
      require(coin != null);
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static void percentile(String metric, long[] sorted, double goal) {
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"store_%s\",\"chaincore\":%.2f,\"at_most\":%.0f,\"median\":%.2f,"
            + "\"unit\":\"microseconds, 99th percentile of %d\"}%n",
        metric,
        sorted[sorted.length * 99 / 100] / 1e3,
        goal,
        sorted[sorted.length / 2] / 1e3,
        sorted.length);
  }

  /** With a budget that is soon full, of changes and of what was read. */
  private void heap() {
    CoinChain chain = new CoinChain(4);
    long budget = 64L << 20;
    Budgets budgets = new Budgets(budget, 256L << 20, 1_000_000);
    long most = 0;
    DurableChainStore store = open("heap", StoreOptions.DEFAULT.withBudgets(budgets));
    try (store) {
      store.load(chain.identity());
      for (int i = 0; i < 20; i++) {
        store.commit(chain.minting(20_000).commit());
      }
      for (int i = 0; i < 24; i++) {
        CoinChain.Next block = chain.paying(5_000, 22);
        block.spent().forEach(store::coin);
        store.commit(block.commit());
        chain.coins().subList(0, 20_000).forEach(store::coin);
        if (i % 4 == 3) {
          most = Math.max(most, heapBytes());
        }
      }
    }
    long without = heapBytes();
    delete(directory.resolve("heap"));
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"store_heap\",\"chaincore\":%d,\"at_most\":%d,\"unit\":\"bytes, most after a"
            + " block of 10,000 changes, coin budget %d MiB\"}%n",
        most - without,
        budget,
        budget >> 20);
  }

  private static long heapBytes() {
    for (int i = 0; i < 2; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void reopen() throws Exception {
    EmptyBlocks chain = EmptyBlocks.of(REOPENED);
    try (DurableChainStore store =
        open("reopen", StoreOptions.DEFAULT.withFsync(FsyncPolicy.GROUPED))) {
      ChainEngine engine = ChainEngine.open(setup(chain, store));
      chain
          .blocks()
          .forEach(
              block ->
                  require(
                      engine.accept(block, 0, chain.nowSeconds())
                          instanceof BlockOutcome.Accepted));
    }
    for (int i = 0; i < 3; i++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  StoreFigures.class.getName(),
                  directory.resolve("reopen").toString(),
                  "open")
              .inheritIO()
              .start();
      require(process.waitFor() == 0);
    }
    delete(directory.resolve("reopen"));
  }

  private static EngineSetup setup(EmptyBlocks chain, DurableChainStore store) {
    return EngineSetup.inMemory(chain.params()).withStore(store);
  }

  private static void open(Path at) throws IOException {
    EmptyBlocks chain = EmptyBlocks.of(0);
    int[] height = {0};
    Spent spent =
        time(
            () -> {
              DurableChainStore store = ChainStoreProvider.find().open(at, StoreOptions.DEFAULT);
              try (store) {
                height[0] = ChainEngine.open(setup(chain, store)).view().height();
              }
            });
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"store_reopen\",\"chaincore\":%.3f,\"at_most\":2,\"cpu\":%.3f,"
            + "\"unit\":\"seconds, engine on %d blocks, in a new JVM, with closing\"}%n",
        spent.wallSeconds,
        spent.cpuSeconds,
        height[0]);
  }

  private static void sideBySide(
      String metric, int count, List<Spent> ours, List<Spent> theirs, double goal, String unit) {
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = theirs.get(i).wallSeconds / ours.get(i).wallSeconds;
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"store_%s\",\"chaincore\":%.0f,\"peer\":%.0f,\"peer_name\":\"limit: a bare"
            + " file\",\"ratio\":%.3f,\"goal\":%.2f,\"unit\":\"%s\",\"runs\":%d,\"spread\":%.3f,"
            + "\"cpu_us\":%.0f,\"thread_cpu_us\":%.0f,\"peer_cpu_us\":%.0f}%n",
        metric,
        count / median(ours.stream().mapToDouble(Spent::wallSeconds).toArray()),
        count / median(theirs.stream().mapToDouble(Spent::wallSeconds).toArray()),
        median(ratios),
        goal,
        unit,
        ratios.length,
        (ratios[ratios.length * 3 / 4] - ratios[ratios.length / 4]) / median(ratios),
        median(ours.stream().mapToDouble(Spent::cpuSeconds).toArray()) * 1e6 / count,
        median(ours.stream().mapToDouble(Spent::threadSeconds).toArray()) * 1e6 / count,
        median(theirs.stream().mapToDouble(Spent::cpuSeconds).toArray()) * 1e6 / count);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalStateException("the store did not do what it was to do");
    }
  }

  private static void delete(Path root) {
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
