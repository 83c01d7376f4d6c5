package org.chaincore.net.http;

import java.util.Optional;
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
  /** Who the node is. Asked from any thread, at the first page that shows it and not before. */
  public interface Self {
    /** The name that it signs with, in hex. */
    String nodeId();

    /** Name and version of its software. */
    String software();

    /** Its clock, Unix milliseconds. */
    long nowMillis();

    /** Where the interface is reached. */
    int apiPort();

    /** Its own hash rate, 0 when it does not mine. */
    long hashesPerSecond();

    /** Host and port where peers connect; empty if it listens for none. */
    default Optional<String> p2pAddress() {
      return Optional.empty();
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
    return self.nowMillis();
  }

  long nowSeconds() {
    return Math.floorDiv(nowMillis(), 1_000L);
  }
}
