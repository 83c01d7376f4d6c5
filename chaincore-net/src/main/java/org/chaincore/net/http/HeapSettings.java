package org.chaincore.net.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsChange;

/** The host's own settings, of which the last that were not refused are known. Thread-safe. */
final class HeapSettings implements SettingsDesk {
  private final SyncDriver driver;
  private OperationalSettings own;

  HeapSettings(SyncDriver driver, OperationalSettings own) {
    this.driver = driver;
    this.own = own;
  }

  /** One after the other, so that none works on settings that another is about to replace. */
  @Override
  public synchronized CompletableFuture<SettingsAnswer> change(Map<String, String> changes) {
    SettingsChange change = own.with(changes);
    if (change instanceof SettingsChange.Refused refused) {
      return CompletableFuture.completedFuture(
          new SettingsAnswer.Refused(refused.reason(), refused.detail()));
    }
    OperationalSettings before = own;
    own = ((SettingsChange.Applied) change).settings();
    OperationalSettings wanted = own;
    return use(wanted)
        .whenComplete(
            (answer, failure) -> {
              if (!(answer instanceof SettingsAnswer.Applied)) {
                restore(wanted, before);
              }
            });
  }

  private CompletableFuture<SettingsAnswer> use(OperationalSettings wanted) {
    try {
      return driver.useOwn(wanted);
    } catch (IllegalStateException tooMuch) {
      return CompletableFuture.failedFuture(ApiFault.busy("too much waits to be done already", 1));
    }
  }

  private synchronized void restore(OperationalSettings refused, OperationalSettings before) {
    if (own.equals(refused)) {
      own = before;
    }
  }
}
