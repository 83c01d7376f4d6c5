package org.chaincore.sync.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * A network within one process: transports that find each other by address. Bytes are handed over
 * in the sender's thread, or by the clock of the network where it has latency.
 *
 * <p>Thread-safe.
 */
public final class MemoryNetwork {
  private final Map<NetworkAddress, MemoryTransport> listening = new ConcurrentHashMap<>();
  private final long latencyMillis;
  private final @Nullable ScheduledExecutorService clock;

  private MemoryNetwork(long latencyMillis, @Nullable ScheduledExecutorService clock) {
    this.latencyMillis = latencyMillis;
    this.clock = clock;
  }

  /** A network in which everything arrives at once. */
  public static MemoryNetwork immediate() {
    return new MemoryNetwork(0, null);
  }

  /**
   * A network in which everything takes a while.
   *
   * @param latencyMillis how long a byte is on its way, at least 1
   * @param clock who waits; the host's, and closed by it. It has one thread, or runs what is due at
   *     the same time in order
   */
  public static MemoryNetwork withLatency(long latencyMillis, ScheduledExecutorService clock) {
    if (latencyMillis < 1) {
      throw new IllegalArgumentException("a latency of " + latencyMillis + " ms is none");
    }
    return new MemoryNetwork(latencyMillis, clock);
  }

  /** A transport that is reached at this address; it listens once it is started. */
  public Transport transportAt(NetworkAddress address) {
    return new MemoryTransport(this, address);
  }

  /**
   * Does something as late as this network's latency says, in order.
   *
   * @return false if it will never be done, as the host has closed the clock
   */
  boolean later(Runnable delivery) {
    ScheduledExecutorService waiting = clock;
    if (waiting == null) {
      delivery.run();
      return true;
    }
    try {
      var unused = waiting.schedule(delivery, latencyMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  void listen(NetworkAddress address, MemoryTransport transport) {
    MemoryTransport before = listening.putIfAbsent(address, transport);
    if (before != null && before != transport) {
      throw new IllegalStateException("somebody listens at " + address + " already");
    }
  }

  void stopListening(NetworkAddress address, MemoryTransport transport) {
    listening.remove(address, transport);
  }

  @Nullable MemoryTransport at(NetworkAddress address) {
    return listening.get(address);
  }
}
