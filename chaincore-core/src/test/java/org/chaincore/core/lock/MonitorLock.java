package org.chaincore.core.lock;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A plain ranked reader-writer lock of a mutex and two conditions, with the bugs of the first
 * ChainCore's lock to switch on. Without a fault it passes {@link LockContract}; with any it must
 * not. Rank order is checked against a list that the caller shares between locks.
 */
final class MonitorLock implements ReadWriteLock {
  /** What the first lock did wrong. */
  enum Fault {
    NONE,
    /** The last reader that leaves wakes readers, so that a waiting writer sleeps for ever. */
    READERS_WAKE_READERS,
    /** A timed-out acquire counts a reader down that it never counted up. */
    COUNTS_DOWN_AFTER_FAILURE,
    /**
     * The lock remembers one reader only, so the second one that leaves is told it holds nothing.
     */
    ONE_OWNER_FOR_READERS,
    /** Ranks are kept but never compared. */
    ORDER_NEVER_COMPARED,
    /** A reader that asks to write waits for itself. */
    UPGRADE_WAITS
  }

  /** The ranks that each thread holds, shared by the locks of one test. */
  static final class Order {
    private final ThreadLocal<Map<MonitorLock, Integer>> held =
        ThreadLocal.withInitial(HashMap::new);
  }

  private final ReentrantLock mutex = new ReentrantLock();
  private final Condition mayRead = mutex.newCondition();
  private final Condition mayWrite = mutex.newCondition();
  private final Map<Thread, Integer> readers = new HashMap<>();
  private final Order order;
  private final int rank;
  private final Fault fault;
  private int readerCount;
  private int writesHeld;
  private @Nullable Thread writer;
  private @Nullable Thread readOwner;

  MonitorLock(Order order, int rank, Fault fault) {
    this.order = order;
    this.rank = rank;
    this.fault = fault;
  }

  @Override
  public Lock readLock() {
    return new Mode(false);
  }

  @Override
  public Lock writeLock() {
    return new Mode(true);
  }

  private boolean holds() {
    return order.held.get().containsKey(this);
  }

  private void checkOrder(boolean write) {
    Thread me = Thread.currentThread();
    mutex.lock();
    try {
      boolean upgrades = write && writer != me && readers.containsKey(me);
      if (upgrades && fault != Fault.UPGRADE_WAITS) {
        throw refusal("upgrade");
      }
    } finally {
      mutex.unlock();
    }
    if (fault == Fault.ORDER_NEVER_COMPARED || holds()) {
      return;
    }
    for (MonitorLock other : order.held.get().keySet()) {
      if (other.rank >= rank) {
        throw refusal("inversion");
      }
    }
  }

  private static LockOrderException refusal(String what) {
    return new LockOrderException(what, "requested", "held", null);
  }

  private boolean isFree(boolean write) {
    Thread me = Thread.currentThread();
    if (writer == me) {
      return true;
    }
    return write ? writer == null && readerCount == 0 : writer == null;
  }

  private boolean take(boolean write, boolean waits, long nanos, boolean interruptible)
      throws InterruptedException {
    checkOrder(write);
    mutex.lock();
    try {
      Condition condition = write ? mayWrite : mayRead;
      long left = nanos;
      while (!isFree(write)) {
        if (!waits || left <= 0) {
          if (fault == Fault.COUNTS_DOWN_AFTER_FAILURE) {
            readerCount--;
          }
          return false;
        }
        if (interruptible) {
          left = condition.awaitNanos(left);
        } else {
          condition.awaitUninterruptibly();
        }
      }
      if (write) {
        writer = Thread.currentThread();
        writesHeld++;
      } else {
        readerCount++;
        readOwner = Thread.currentThread();
        readers.merge(Thread.currentThread(), 1, Integer::sum);
      }
      order.held.get().merge(this, 1, Integer::sum);
      return true;
    } finally {
      mutex.unlock();
    }
  }

  private void release(boolean write) {
    Thread me = Thread.currentThread();
    mutex.lock();
    try {
      boolean isOwner = write ? writer == me : readers.containsKey(me);
      if (fault == Fault.ONE_OWNER_FOR_READERS && !write) {
        isOwner = readOwner == me;
        readOwner = null;
      }
      if (!isOwner) {
        throw new IllegalMonitorStateException();
      }
      if (write) {
        if (--writesHeld == 0) {
          writer = null;
        }
      } else {
        readerCount--;
        readers.merge(me, -1, Integer::sum);
        readers.remove(me, 0);
      }
      order.held.get().merge(this, -1, Integer::sum);
      order.held.get().remove(this, 0);
      mayRead.signalAll();
      if (write || fault != Fault.READERS_WAKE_READERS) {
        mayWrite.signal();
      }
    } finally {
      mutex.unlock();
    }
  }

  /** One mode. */
  private final class Mode implements Lock {
    private final boolean write;

    Mode(boolean write) {
      this.write = write;
    }

    @Override
    public void lock() {
      try {
        take(write, true, Long.MAX_VALUE, false);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
      take(write, true, Long.MAX_VALUE, true);
    }

    @Override
    public boolean tryLock() {
      try {
        return take(write, false, 0, false);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
      return take(write, true, unit.toNanos(time), true);
    }

    @Override
    public void unlock() {
      release(write);
    }

    @Override
    public Condition newCondition() {
      throw new UnsupportedOperationException();
    }
  }
}
