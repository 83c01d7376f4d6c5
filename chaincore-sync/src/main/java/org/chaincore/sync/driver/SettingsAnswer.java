package org.chaincore.sync.driver;

import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.RefusalReason;

/** What came of settings that the host gave to its node. Immutable. */
public sealed interface SettingsAnswer {
  /**
   * They hold, and what they limit follows.
   *
   * @param inForce what holds now: the host's own, and over them those of the document
   */
  record Applied(OperationalSettings inForce) implements SettingsAnswer {}

  /**
   * They changed nothing.
   *
   * @param reason why
   * @param detail the same in words
   */
  record Refused(RefusalReason reason, String detail) implements SettingsAnswer {}
}
