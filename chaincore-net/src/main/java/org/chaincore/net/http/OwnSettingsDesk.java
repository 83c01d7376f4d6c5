package org.chaincore.net.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.driver.SyncDriver;

/**
 * Changes the host's own settings where they are: it keeps none of them itself, so it neither takes
 * back what the host set by other means nor builds on what was refused. Thread-safe.
 */
final class OwnSettingsDesk implements SettingsDesk {
  private final SyncDriver driver;

  OwnSettingsDesk(SyncDriver driver) {
    this.driver = driver;
  }

  @Override
  public CompletableFuture<SettingsAnswer> change(Map<String, String> changes) {
    try {
      return driver.changeOwn(changes);
    } catch (IllegalStateException tooMuch) {
      return CompletableFuture.failedFuture(ApiFault.busy("too much waits to be done already", 1));
    }
  }
}
