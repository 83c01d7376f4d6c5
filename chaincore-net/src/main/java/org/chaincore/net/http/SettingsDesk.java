package org.chaincore.net.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.settings.OperationalSettings;

/** Where the interface changes a node's operational settings. Implementations are thread-safe. */
public interface SettingsDesk {
  /**
   * Changes some of the host's own settings; the others stay as they are.
   *
   * @param changes values by names, see {@link OperationalSettings#ranges()}; if there are none,
   *     nothing is changed
   * @return what is in force then, if all of them were good; else none of them is
   */
  CompletableFuture<SettingsAnswer> change(Map<String, String> changes);

  /** A desk that changes the settings of a driver, as {@link SyncDriver#changeOwn} does. */
  static SettingsDesk of(SyncDriver driver) {
    return new OwnSettingsDesk(driver);
  }
}
