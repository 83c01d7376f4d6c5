package org.chaincore.sync.settings;

/**
 * A task that a node does again and again. Each can be switched off, has an interval that may
 * change while the node runs, is counted, and can be triggered by hand.
 */
public enum SyncTask {
  /** Compares the tip with those of the peers, and repairs what differs. */
  CHAIN(SettingKey.CHAIN_ENABLED, SettingKey.CHAIN_INTERVAL),
  /** Reconciles the mempool with those of the peers. */
  MEMPOOL(SettingKey.MEMPOOL_ENABLED, SettingKey.MEMPOOL_INTERVAL),
  /** Gathers and passes on what is known of the network as a whole. */
  STATISTICS(SettingKey.STATISTICS_ENABLED, SettingKey.STATISTICS_INTERVAL),
  /** Looks for peers. */
  DISCOVERY(SettingKey.DISCOVERY_ENABLED, SettingKey.DISCOVERY_INTERVAL),
  /**
   * Reports the difficulty. Driven by the chain: its interval is a number of blocks, and it is due
   * when the tip passes a height that the interval divides.
   */
  DIFFICULTY(SettingKey.DIFFICULTY_ENABLED, SettingKey.DIFFICULTY_INTERVAL);

  private final SettingKey enabled;
  private final SettingKey interval;

  SyncTask(SettingKey enabled, SettingKey interval) {
    this.enabled = enabled;
    this.interval = interval;
  }

  /** Whether the interval is a number of blocks, not of seconds. */
  public boolean isDrivenByChain() {
    return this == DIFFICULTY;
  }

  SettingKey enabledKey() {
    return enabled;
  }

  SettingKey intervalKey() {
    return interval;
  }
}
