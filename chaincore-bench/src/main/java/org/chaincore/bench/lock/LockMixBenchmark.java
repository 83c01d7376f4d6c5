package org.chaincore.bench.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Operations a second of one lock that threads take without a pause, so many percent of them to
 * read. The critical section is one load or one store: what is measured is the lock.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar LockMix} runs all, five minutes long;
 * {@code LockMix.threads2 -p readPercent=99} is a first look.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class LockMixBenchmark {
  @Param({"RANKED", "UNFAIR", "FAIR", "STAMPED"})
  public LockKind kind = LockKind.RANKED;

  @Param({"100", "99", "90", "50"})
  public int readPercent;

  private Lock read = kind.create().readLock();
  private Lock write = kind.create().writeLock();
  private long value;

  /** A thread's own dice. */
  @State(Scope.Thread)
  public static class Dice {
    private long state = 0x9E3779B97F4A7C15L ^ System.identityHashCode(this);

    int percent() {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      return (int) ((state >>> 33) % 100);
    }
  }

  @Setup
  public void create() {
    ReadWriteLock lock = kind.create();
    read = lock.readLock();
    write = lock.writeLock();
  }

  @Benchmark
  @Threads(1)
  public long threads1(Dice dice) {
    return operation(dice);
  }

  @Benchmark
  @Threads(2)
  public long threads2(Dice dice) {
    return operation(dice);
  }

  @Benchmark
  @Threads(8)
  public long threads8(Dice dice) {
    return operation(dice);
  }

  private long operation(Dice dice) {
    if (dice.percent() < readPercent) {
      read.lock();
      try {
        return value;
      } finally {
        read.unlock();
      }
    }
    write.lock();
    try {
      return ++value;
    } finally {
      write.unlock();
    }
  }
}
