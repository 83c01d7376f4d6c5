package org.chaincore.bench.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import org.chaincore.core.lock.LockOrderException;
import org.chaincore.core.lock.LockPriority;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.lock.RankedReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who is in keeps the other out, whatever way they came in or did not. */
@SuppressWarnings("LockNotBeforeTry") // downgrades and refused acquires have no such form
public final class LockExclusionStress {
  private static RankedReadWriteLock lock() {
    return LockRegistry.create().lock("stress", LockRank.CHAIN);
  }

  private LockExclusionStress() {}

  /** Two writers. */
  @JCStressTest
  @State
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "no update is lost")
  @Outcome(expect = FORBIDDEN, desc = "both were in")
  public static class TwoWriters {
    private final RankedReadWriteLock lock = lock();
    private int value;

    @Actor
    public void first() {
      increment(lock.writeLock());
    }

    @Actor
    public void second() {
      increment(lock.withPriority(LockPriority.API).writeLock());
    }

    private void increment(Lock write) {
      write.lock();
      try {
        value++;
      } finally {
        write.unlock();
      }
    }

    @Arbiter
    public void after(I_Result result) {
      result.r1 = value;
    }
  }

  /** A reader sees both halves of a write or none. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 0", "1, 1"},
      expect = ACCEPTABLE,
      desc = "before or after the write")
  @Outcome(expect = FORBIDDEN, desc = "in the midst of the write")
  public static class WriterAndReader {
    private final RankedReadWriteLock lock = lock();
    private int left;
    private int right;

    @Actor
    public void writer() {
      lock.writeLock().lock();
      try {
        left = 1;
        right = 1;
      } finally {
        lock.writeLock().unlock();
      }
    }

    @Actor
    public void reader(II_Result result) {
      lock.readLock().lock();
      try {
        result.r2 = right;
        result.r1 = left;
      } finally {
        lock.readLock().unlock();
      }
    }
  }

  /** A writer that goes on as a reader sees its own write and nobody else's. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 2", "2, 1"},
      expect = ACCEPTABLE,
      desc = "one after the other")
  @Outcome(expect = FORBIDDEN, desc = "somebody wrote while the other still read")
  public static class Downgrade {
    private final RankedReadWriteLock lock = lock();
    private int value;

    @Actor
    public void first(II_Result result) {
      result.r1 = incrementAndRead();
    }

    @Actor
    public void second(II_Result result) {
      result.r2 = incrementAndRead();
    }

    private int incrementAndRead() {
      lock.writeLock().lock();
      value++;
      lock.readLock().lock();
      lock.writeLock().unlock();
      try {
        return value;
      } finally {
        lock.readLock().unlock();
      }
    }
  }

  /** Two readers that want to write are refused at once and neither hangs. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are refused")
  @Outcome(expect = FORBIDDEN, desc = "an upgrade went through")
  public static class Upgrade {
    private final RankedReadWriteLock lock = lock();

    @Actor
    public void first(II_Result result) {
      result.r1 = upgrade();
    }

    @Actor
    public void second(II_Result result) {
      result.r2 = upgrade();
    }

    private int upgrade() {
      lock.readLock().lock();
      try {
        lock.writeLock().lock();
        lock.writeLock().unlock();
        return 0;
      } catch (LockOrderException e) {
        return 1;
      } finally {
        lock.readLock().unlock();
      }
    }
  }

  /** An acquire that ends with an interrupt holds nothing, one that does not excludes. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1", "2"},
      expect = ACCEPTABLE,
      desc = "one or both wrote, and the lock is free")
  @Outcome(expect = FORBIDDEN, desc = "an update or the lock was lost")
  public static class Interrupt {
    private final RankedReadWriteLock lock = lock();
    private final AtomicReference<@Nullable Thread> target = new AtomicReference<>();
    private volatile boolean interrupted;
    private int value;
    private int writes;

    @Actor
    public void interruptible() {
      target.set(Thread.currentThread());
      try {
        lock.writeLock().lockInterruptibly();
        try {
          value++;
          writes++;
        } finally {
          lock.writeLock().unlock();
        }
      } catch (InterruptedException e) {
        // It holds nothing; the arbiter sees whether that is so.
      }
      // No interrupt may reach this thread once it has left the test.
      if (target.getAndSet(null) == null) {
        while (!interrupted) {
          Thread.onSpinWait();
        }
      }
      Thread.interrupted();
    }

    @Actor
    public void interrupter() {
      lock.writeLock().lock();
      try {
        value++;
        writes++;
        Thread other = target.getAndSet(null);
        if (other != null) {
          other.interrupt();
          interrupted = true;
        }
      } finally {
        lock.writeLock().unlock();
      }
    }

    @Arbiter
    public void after(I_Result result) {
      result.r1 = value == writes && lock.writeLock().tryLock() ? value : -1;
    }
  }

  /** An acquire that ends with a timeout holds nothing, one that does not excludes. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1", "2"},
      expect = ACCEPTABLE,
      desc = "one or both wrote, and the lock is free")
  @Outcome(expect = FORBIDDEN, desc = "an update or the lock was lost")
  public static class Timeout {
    private final RankedReadWriteLock lock = lock();
    private int value;
    private int writes;

    @Actor
    public void patient() {
      lock.writeLock().lock();
      value++;
      writes++;
      lock.writeLock().unlock();
    }

    @Actor
    public void hasty() {
      try {
        if (lock.writeLock().tryLock(1, TimeUnit.MICROSECONDS)) {
          value++;
          writes++;
          lock.writeLock().unlock();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Arbiter
    public void after(I_Result result) {
      result.r1 = value == writes && lock.writeLock().tryLock() ? value : -1;
    }
  }
}
