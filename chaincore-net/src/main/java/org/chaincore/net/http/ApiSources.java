package org.chaincore.net.http;

import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.net.journal.ChainJournal;
import org.chaincore.sync.driver.SyncDriver;
import org.jspecify.annotations.Nullable;

/**
 * The node that the interface shows, in the parts that it reads.
 *
 * @param engine its chain
 * @param driver its peers
 * @param locks the registry of its locks
 * @param self who it is
 * @param desks what a host may add
 */
public record ApiSources(
    ChainEngine engine, SyncDriver driver, LockRegistry locks, Self self, Desks desks) {
  /**
   * Who the node is.
   *
   * @param nodeId the name that it signs with, in hex; asked for by the first page that shows it
   * @param software name and version
   * @param clockMillis Unix milliseconds; read from any thread
   * @param apiPort where the interface is reached, known once it is
   * @param hashesPerSecond its own hash rate, 0 when it does not mine
   * @param p2pAddress host and port where peers connect; empty if it listens for none
   */
  public record Self(
      Supplier<String> nodeId,
      String software,
      LongSupplier clockMillis,
      IntSupplier apiPort,
      LongSupplier hashesPerSecond,
      Supplier<Optional<String>> p2pAddress) {
    /** A node of which it is not told where peers connect. */
    public Self(
        Supplier<String> nodeId,
        String software,
        LongSupplier clockMillis,
        IntSupplier apiPort,
        LongSupplier hashesPerSecond) {
      this(nodeId, software, clockMillis, apiPort, hashesPerSecond, Optional::empty);
    }
  }

  /**
   * What a host may add.
   *
   * @param settings changes the node's settings
   * @param index knows the coins of addresses; null if the node keeps none, and balances, coins and
   *     histories are then answered by 503
   * @param journal what the node remembers, which the host closes; null if the interface is to keep
   *     one of its own
   */
  public record Desks(
      SettingsDesk settings, @Nullable AddressIndex index, @Nullable ChainJournal journal) {
    /** With a journal of the interface's own. */
    public Desks(SettingsDesk settings, @Nullable AddressIndex index) {
      this(settings, index, null);
    }
  }

  long nowMillis() {
    return self.clockMillis().getAsLong();
  }

  long nowSeconds() {
    return Math.floorDiv(nowMillis(), 1_000L);
  }
}
