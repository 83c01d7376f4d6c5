package org.chaincore.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.KernelChoice;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.value.Hash256;

/**
 * How long a fresh process searches nonces until lanes are the way that it prefers, from the first
 * search on: wall time, CPU time of the searching thread, and CPU time of the process, the
 * compiler's among it; which part of the searches preferred them from then on; and how many nonces
 * a CPU second are tried in the end. On a machine with two free cores wall time and that of the
 * thread are the same. To be run some ten times, as each process is measured once:
 *
 * <p>{@code for i in 1 2 3 4 5 6 7 8 9 10; do java -cp chaincore-bench/target/benchmarks.jar
 * org.chaincore.bench.LaneWarmUp; done}
 */
public final class LaneWarmUp {
  private static final int NONCES = 1 << 14;
  private static final long MEASURED_NANOS = 5_000_000_000L;
  private static final long RATE_NANOS = 2_000_000_000L;

  /** Its target is 1: no nonce is good. */
  private static final BlockHeader HOPELESS =
      BlockHeader.of(1, Hash256.ZERO, Hash256.ZERO, 0, 0x0300_0001, 0);

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private LaneWarmUp() {}

  /** Measures. */
  public static void main(String[] args) {
    KernelChoice choice = KernelChoice.measured(System::nanoTime);
    long begunCpu = cpuNanos();
    long begun = System.nanoTime();
    double wall = -1;
    double cpu = -1;
    double process = -1;
    int after = 0;
    int afterByLanes = 0;
    long begunProcess = PROCESS.getProcessCpuTime();
    while (cpuNanos() - begunCpu < MEASURED_NANOS) {
      boolean preferred = choice.prefersLanes();
      if (wall >= 0) {
        after++;
        afterByLanes += preferred ? 1 : 0;
      } else if (preferred) {
        wall = (System.nanoTime() - begun) / 1e9;
        cpu = (cpuNanos() - begunCpu) / 1e9;
        process = (PROCESS.getProcessCpuTime() - begunProcess) / 1e9;
      }
      search(choice);
    }
    long nonces = 0;
    long rateBegun = cpuNanos();
    while (cpuNanos() - rateBegun < RATE_NANOS) {
      search(choice);
      nonces += NONCES;
    }
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"lane_warm_up\",\"java\":%d,\"wall_seconds\":%.2f,\"cpu_seconds\":%.2f,"
            + "\"process_cpu_seconds\":%.2f,\"at_most\":3,\"part_by_lanes\":%.2f,"
            + "\"nonces_per_cpu_second\":%.3g}%n",
        Runtime.version().feature(),
        wall,
        cpu,
        process,
        (double) afterByLanes / Math.max(1, after),
        nonces * 1e9 / (cpuNanos() - rateBegun));
  }

  private static void search(KernelChoice choice) {
    NonceSearch.search(HOPELESS, NonceRange.of(0, NONCES), choice, () -> false);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
