package org.chaincore.net.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one listener through the events: reads on when there is something new and the listener
 * wants it, in one thread at a time.
 *
 * <p>Thread-safe.
 */
final class EventPump<E> {
  private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);

  /** After so many events a thread is given back: others wait for it too. */
  private static final int EVENTS_A_TURN = 256;

  private final EventSource<E> source;
  private final Executor executor;
  private final Outlet<E> outlet;
  private final Consumer<EventPump<E>> whenClosed;
  private final EventSource.Bell bell;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicLong rings = new AtomicLong();
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final AtomicReference<@Nullable Thread> turning = new AtomicReference<>();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean isEnding;
  private volatile boolean isCut;

  // Confined to the turn, of which there is one at a time.
  private long cursor;

  /** Whom a pump tells: one call at a time, outside all locks. */
  interface Outlet<E> {
    void happened(NodeEvent<E> event);

    void lagged(long missed);

    /** The listener broke a rule, and no other call follows. */
    void failed(RuntimeException reason);

    /** The node is closed, and no other call follows. Not called if the pump was closed before. */
    void ended();
  }

  EventPump(
      EventSource<E> source,
      Executor executor,
      long from,
      Outlet<E> outlet,
      Consumer<EventPump<E>> whenClosed) {
    this.source = source;
    this.executor = executor;
    this.cursor = from;
    this.outlet = outlet;
    this.whenClosed = whenClosed;
    this.bell = source.subscribe(this::ring);
  }

  /** The listener wants so many more. */
  void demand(long more) {
    demand.updateAndGet(now -> now + more < 0 ? Long.MAX_VALUE : now + more);
    ring();
  }

  /** Tells the listener, after the call that it may be within, that this was all. */
  void fail(RuntimeException reason) {
    failure.compareAndSet(null, reason);
    ring();
  }

  /** There may be something to do. Whoever rings first takes the turn along. */
  private void ring() {
    if (rings.getAndIncrement() == 0) {
      submit();
    }
  }

  private void submit() {
    try {
      executor.execute(this::turn);
    } catch (RejectedExecutionException noThread) {
      if (isEnding) {
        close(); // There is nobody left to tell it.
      }
      rings.set(0); // The next event tries again.
    }
  }

  private void turn() {
    Thread self = Thread.currentThread();
    turning.set(self);
    boolean isOver;
    do {
      long heard = rings.get();
      boolean isMore = pump();
      if (!isMore && isEnding) {
        end(outlet::ended);
      }
      isOver = !isMore && rings.compareAndSet(heard, 0);
    } while (!isOver && isEnding); // Threads end with the node, so this one is kept.
    turning.compareAndSet(self, null);
    if (!isOver) {
      submit();
    }
  }

  /** Tells a page; whether there is more to tell. */
  private boolean pump() {
    if (isSilent()) {
      return false;
    }
    RuntimeException reason = failure.get();
    if (reason != null) {
      end(() -> outlet.failed(reason));
      return false;
    }
    long wanted = demand.get();
    if (wanted == 0 || cursor == source.cursor()) {
      return false;
    }
    EventSource.Page<E> page = source.read(cursor, (int) Math.min(wanted, EVENTS_A_TURN));
    if (page.from() != cursor) {
      long missed = Math.max(0, page.from() - cursor);
      cursor = page.from();
      guarded(() -> outlet.lagged(missed));
    }
    for (E event : page.events()) {
      if (isSilent() || failure.get() != null) {
        return !isSilent();
      }
      NodeEvent<E> next = new NodeEvent<>(cursor++, event);
      demand.updateAndGet(now -> now == Long.MAX_VALUE ? now : now - 1);
      guarded(() -> outlet.happened(next));
    }
    return !isSilent() && demand.get() > 0 && cursor < source.cursor();
  }

  private boolean isSilent() {
    return isClosed.get() || isCut;
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error broken) {
      LOG.warn("a listener threw", broken);
    }
  }

  private void end(Runnable lastCall) {
    if (!isClosed.getAndSet(true)) {
      guarded(lastCall);
      leave();
    }
  }

  private void leave() {
    bell.close();
    whenClosed.accept(this);
    ended.complete(null);
  }

  /** Begins no call any more. */
  void close() {
    if (!isClosed.getAndSet(true)) {
      leave();
    }
  }

  /** Tells what has happened and is wanted, then that this was all. Returns at once. */
  void finish() {
    isEnding = true;
    ring();
  }

  /**
   * Waits for the end after {@link #finish}; from then on no event is told. A listener that is
   * within a call still hears of the end after it. One that closes the node itself is not waited
   * for, and hears the rest when it has returned.
   *
   * @return whether it has ended in time
   */
  boolean awaitEnd(Duration within) throws InterruptedException {
    if (Thread.currentThread().equals(turning.get())) {
      return ended.isDone();
    }
    try {
      ended.get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      isCut = true;
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
