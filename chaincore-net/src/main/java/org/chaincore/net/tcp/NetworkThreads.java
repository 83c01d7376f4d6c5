package org.chaincore.net.tcp;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.chaincore.net.netty.EventLoops;

/**
 * The few threads that move bytes, for any number of nodes in a process. A host makes them, lends
 * them to its nodes, and closes them when the nodes are closed; a node to which none are lent makes
 * its own. They are daemons, and each is started when it is needed first.
 *
 * <p>Thread-safe.
 */
public final class NetworkThreads implements AutoCloseable {
  /** More would only help nodes that encrypt for many peers. */
  private static final int DEFAULT_THREADS = 2;

  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  private final EventLoops loops;
  private final int threads;

  private NetworkThreads(EventLoops loops, int threads) {
    this.loops = loops;
    this.threads = threads;
  }

  /**
   * Makes threads.
   *
   * @param threads at least 1
   */
  public static NetworkThreads start(int threads) {
    return new NetworkThreads(EventLoops.start(threads), threads);
  }

  /** As many as one node has use for on this machine. */
  public static NetworkThreads start() {
    return start(Math.min(DEFAULT_THREADS, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Loads what the first socket of a process needs, which takes a while and is done once. A host
   * may have it done beside something else; else the first node does it.
   *
   * @return this
   */
  public NetworkThreads prepare() {
    loops.prepare();
    return this;
  }

  /** How many there are at most. */
  public int threads() {
    return threads;
  }

  /**
   * The threads themselves, for short work of the host's that belongs among theirs. Whatever blocks
   * in them stops the bytes of all nodes.
   */
  public ScheduledExecutorService executor() {
    return loops.executor();
  }

  EventLoops loops() {
    return loops;
  }

  @Override
  public void close() {
    close(CLOSE_TIME);
  }

  /**
   * Ends the threads. Nodes that use them are closed before; connections that are left break off.
   * Calling it again only waits. From one of the threads it does not wait.
   *
   * @return whether all have ended within the time
   */
  public boolean close(Duration within) {
    loops.stop();
    try {
      return loops.awaitStop(within.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
