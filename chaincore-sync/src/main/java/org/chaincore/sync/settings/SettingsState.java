package org.chaincore.sync.settings;

/** Placeholder of the type that its own branch brings. */
public final class SettingsState {
  private final OperationalSettings current = new OperationalSettings();

  /** Defaults. */
  public SettingsState() {}

  /** What holds now. */
  public OperationalSettings current() {
    return current;
  }
}
