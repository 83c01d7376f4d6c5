package org.chaincore.net.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.settings.OperationalSettings;

/** Where the interface changes a node's operational settings. Implementations are thread-safe. */
public interface SettingsDesk {
  /**
   * Changes some of the host's own settings.
   *
   * @param changes values by names, see {@link OperationalSettings#ranges()}; none of them reads
   *     the host's configuration again, if there is one
   * @return all or none of them
   */
  CompletableFuture<SettingsAnswer> change(Map<String, String> changes);

  /**
   * A desk that keeps the host's own settings on the heap.
   *
   * @param own what they are now
   */
  static SettingsDesk of(SyncDriver driver, OperationalSettings own) {
    return new HeapSettings(driver, own);
  }
}
