package org.chaincore.net.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.sync.driver.DaemonThreads;

/** What the connections of a server share: the handler, the workers, the bounds. Thread-safe. */
final class HttpService {
  /** Requests that wait for a worker. Each connection has at most one. */
  private static final int MAX_WAITING = 512;

  private static final long WORKER_IDLE_SECONDS = 30;

  private final ApiHandler handler;
  private final ApiAccess access;
  private final HttpOptions options;
  private final ConnectionTable connections;
  private final ByteBudget budget;
  private final DaemonThreads quickThreads = DaemonThreads.named("chaincore-http");
  private final DaemonThreads heavyThreads = DaemonThreads.named("chaincore-http-heavy");
  private final ThreadPoolExecutor quick;
  private final ThreadPoolExecutor heavy;
  private final AtomicInteger streams = new AtomicInteger();
  private volatile boolean isDraining;

  HttpService(ApiHandler handler, ApiAccess access, HttpOptions options) {
    this.handler = handler;
    this.access = access;
    this.options = options;
    this.connections = new ConnectionTable(options.limits().maxConnections());
    this.budget = new ByteBudget(options.limits().maxBufferedBytes());
    this.quick = workers(options.limits().workers(), quickThreads);
    this.heavy = workers(options.limits().workers(), heavyThreads);
  }

  private static ThreadPoolExecutor workers(int count, DaemonThreads threads) {
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            count,
            count,
            WORKER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            threads);
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  Admission admit(ApiRequest head) {
    return handler.admit(head, access);
  }

  ConnectionTable connections() {
    return connections;
  }

  ByteBudget budget() {
    return budget;
  }

  HttpOptions.Times times() {
    return options.times();
  }

  /** Has a worker do something; false if too much waits for them. */
  boolean work(boolean isHeavy, Runnable task) {
    try {
      (isHeavy ? heavy : quick).execute(task);
      return true;
    } catch (RejectedExecutionException busy) {
      return false;
    }
  }

  /** Room for one more stream of events. */
  boolean openStream() {
    if (streams.incrementAndGet() > options.limits().maxEventStreams()) {
      streams.decrementAndGet();
      return false;
    }
    return true;
  }

  void closeStream() {
    streams.decrementAndGet();
  }

  /** Looks for connections whose time is over, and for streams that were silent. */
  void sweep() {
    long now = System.nanoTime();
    for (HttpConnection connection : connections.all()) {
      connection.look(now);
    }
  }

  /** Connections end with the answer that is under way. */
  void drain() {
    isDraining = true;
    connections.all().forEach(HttpConnection::drain);
  }

  boolean isDraining() {
    return isDraining;
  }

  /**
   * Waits for the connections to end, and at half of the time ends those that have not: a client
   * that does not read its answer has no say in how long that takes.
   *
   * @return whether all have ended
   */
  boolean awaitDrained(long deadlineNanos) {
    long now = System.nanoTime();
    if (connections.awaitEmpty(now + Math.max(0, deadlineNanos - now) / 2)) {
      return true;
    }
    connections.all().forEach(HttpConnection::cut);
    return connections.awaitEmpty(deadlineNanos);
  }

  void stop() {
    quick.shutdownNow();
    heavy.shutdownNow();
  }

  boolean stop(long deadlineNanos) {
    stop();
    try {
      return quickThreads.awaitEnd(quick, deadlineNanos)
          && heavyThreads.awaitEnd(heavy, deadlineNanos);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
