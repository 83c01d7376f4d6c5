package org.chaincore.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.Work;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.KernelChoice;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.SignatureWorkers;
import org.chaincore.core.value.Hash256;

/**
 * What a second core brings, in one process: one thread and two by turns, and the middle of all
 * turns.
 *
 * <ul>
 *   <li>{@code nonce_search}: nonces tried, in lanes as far as they are the faster way
 *   <li>{@code nonce_search_digest}: the same by the JDK's digest
 *   <li>{@code block_connect}: a block of 2,000 P2WPKH payments that nobody has seen before
 * </ul>
 *
 * <p>For each a line with the ratio of the wall times, which is right on a quiet machine only, and
 * that of the CPU times of the whole process, which says what the cores take from each other: 1 if
 * nothing. Times the number of threads it is what the second core can bring at most.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.CoreScaling}
 */
public final class CoreScaling {
  private static final int THREADS = 2;
  private static final int TURNS = 11;
  private static final int WARM_UP_TURNS = 6;
  private static final int NONCES = 1 << 23;
  private static final int PAYMENTS = 2_000;

  /** Its target is 1: no nonce is good. */
  private static final BlockHeader HOPELESS =
      BlockHeader.of(1, Hash256.ZERO, Hash256.ZERO, 0, 0x0300_0001, 0);

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private CoreScaling() {}

  /** One piece of work. */
  private interface Piece {
    /** Prepares it for so many threads; what comes back is measured. */
    Work.Run prepare(int threads) throws Exception;
  }

  private record Times(double wallNanos, double cpuNanos) {}

  /** Measures. */
  public static void main(String[] args) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      KernelChoice measured = KernelChoice.measured(System::nanoTime);
      measure("nonce_search", threads -> () -> search(pool, threads, measured));
      System.err.println("lanes are preferred: " + measured.prefersLanes());
      KernelChoice digest = KernelChoice.digest();
      measure("nonce_search_digest", threads -> () -> search(pool, threads, digest));
      PaymentBlocks blocks = PaymentBlocks.of(1, PAYMENTS);
      Work alone = blocks.connectUnseen(SignatureVerifier.best());
      Work helped =
          blocks.connectUnseen(SignatureVerifier.best(), new SignatureWorkers(pool, THREADS));
      measure("block_connect", threads -> (threads == 1 ? alone : helped).preparation().prepare());
    } finally {
      pool.shutdown();
    }
  }

  private static Object search(ExecutorService pool, int threads, KernelChoice choice)
      throws Exception {
    return NonceSearch.parallel(
            HOPELESS,
            NonceRange.of(0, NONCES),
            new NonceSearch.Workers(pool, threads, choice),
            () -> false)
        .get();
  }

  private static Times time(Piece piece, int threads) throws Exception {
    Work.Run run = piece.prepare(threads);
    long cpu = PROCESS.getProcessCpuTime();
    long wall = System.nanoTime();
    run.run();
    return new Times(System.nanoTime() - wall, (double) PROCESS.getProcessCpuTime() - cpu);
  }

  private static void measure(String metric, Piece piece) throws Exception {
    List<Double> wall = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int i = 0; i < WARM_UP_TURNS + TURNS; i++) {
      Times one = time(piece, 1);
      Times two = time(piece, THREADS);
      if (i >= WARM_UP_TURNS) {
        wall.add(one.wallNanos / two.wallNanos);
        cpu.add(one.cpuNanos / two.cpuNanos);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"%s\",\"threads\":%d,\"wall_ratio\":%.3f,\"cpu_ratio\":%.3f,"
            + "\"at_most\":%.3f,\"turns\":%d}%n",
        metric,
        THREADS,
        middle(wall),
        middle(cpu),
        THREADS * middle(cpu),
        TURNS);
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
