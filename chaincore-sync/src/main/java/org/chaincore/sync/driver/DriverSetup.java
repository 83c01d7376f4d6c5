package org.chaincore.sync.driver;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What a driver is made of.
 *
 * @param protocol what the protocol is made of
 * @param transport what carries the bytes; the driver starts and closes it
 * @param locks the registry of the node's locks, the engine's among them
 * @param host what the host lends
 */
public record DriverSetup(
    ProtocolSetup protocol, Transport transport, LockRegistry locks, Host host) {
  /**
   * What a host lends to a driver.
   *
   * @param clockMillis Unix milliseconds; may be read from any thread, and may be set while the
   *     node runs
   * @param events hears of what the protocol tells, in the driver's thread, outside of all locks;
   *     what it throws is logged and harms nobody, but while it does not return nothing goes on
   * @param executor runs the node; it may have any number of threads, of which a node uses one at a
   *     time, and the driver does not close it. Null: the driver makes a thread of its own
   */
  public record Host(
      LongSupplier clockMillis,
      Consumer<SyncEvent> events,
      @Nullable ScheduledExecutorService executor) {
    /** A host that lends a clock and nothing else. */
    public static Host withClock(LongSupplier clockMillis) {
      return new Host(clockMillis, event -> {}, null);
    }
  }
}
