package org.chaincore.bench.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Eight readers that never pause and one writer that pauses for a millisecond between two writes,
 * outside of what is timed: how many reads a second are left, and how long a write takes. The reads
 * hold the lock for about a microsecond.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar WriterAmongReaders}
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class WriterAmongReadersBenchmark {
  private static final int READ_TOKENS = 300;

  @Param({"RANKED", "UNFAIR", "FAIR", "STAMPED"})
  public LockKind kind = LockKind.RANKED;

  private Lock read = kind.create().readLock();
  private Lock write = kind.create().writeLock();
  private long value;

  /** The writer's rest. */
  @State(Scope.Thread)
  public static class Pause {
    @Setup(Level.Invocation)
    public void rest() {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Setup
  public void create() {
    ReadWriteLock lock = kind.create();
    read = lock.readLock();
    write = lock.writeLock();
  }

  @Benchmark
  @Group("writerAmongReaders")
  @GroupThreads(8)
  public long read() {
    read.lock();
    try {
      Blackhole.consumeCPU(READ_TOKENS);
      return value;
    } finally {
      read.unlock();
    }
  }

  @Benchmark
  @Group("writerAmongReaders")
  @GroupThreads(1)
  public long write(Pause pause) {
    write.lock();
    try {
      return ++value;
    } finally {
      write.unlock();
    }
  }
}
