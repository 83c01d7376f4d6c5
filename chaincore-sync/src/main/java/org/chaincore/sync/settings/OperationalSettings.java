package org.chaincore.sync.settings;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chaincore.core.config.MempoolLimits;

/**
 * What one node does when, and how much of it: the switches and intervals of its tasks, how many
 * peers it has, what it asks for a transaction and how many it keeps. No part of consensus, so
 * nodes may differ in all of it.
 *
 * <p>Each setting has a name, such as {@code sync.mempool.interval_seconds}, and one way to write
 * each value: decimal digits, or {@code true} and {@code false}. {@link #ranges()} has them all.
 *
 * <p>Immutable and thread-safe. The {@code with} methods that take typed values throw {@link
 * IllegalArgumentException}, naming setting, value and range; {@link #with(Map)} takes text from
 * outside and refuses by a result.
 */
public final class OperationalSettings {
  /** What a node does that was told nothing. */
  public static final OperationalSettings DEFAULT = defaults();

  private final EnumMap<SettingKey, Long> values;

  private OperationalSettings(EnumMap<SettingKey, Long> values) {
    this.values = values;
  }

  private static OperationalSettings defaults() {
    EnumMap<SettingKey, Long> values = new EnumMap<>(SettingKey.class);
    for (SettingKey key : SettingKey.values()) {
      values.put(key, key.standard());
    }
    return new OperationalSettings(values);
  }

  /** The name of each setting, and in words what it may be. */
  public static SortedMap<String, String> ranges() {
    SortedMap<String, String> ranges = new TreeMap<>();
    for (SettingKey key : SettingKey.values()) {
      ranges.put(key.text(), key.allowed());
    }
    return Collections.unmodifiableSortedMap(ranges);
  }

  /** Whether a task is done by itself; switched off it can still be triggered. */
  public boolean isEnabled(SyncTask task) {
    return value(task.enabledKey()) == 1;
  }

  /** Seconds between two runs of a task, or blocks where the chain drives it. */
  public int interval(SyncTask task) {
    return (int) value(task.intervalKey());
  }

  /** How many peers the node has. */
  public PeerLimits peers() {
    return new PeerLimits(
        (int) value(SettingKey.PEERS_MIN),
        (int) value(SettingKey.PEERS_TARGET),
        (int) value(SettingKey.PEERS_MAX));
  }

  /** Base units for 1,000 virtual bytes below which no transaction is taken or relayed. */
  public long minFeePerKilobyte() {
    return value(SettingKey.FEE_FLOOR);
  }

  /**
   * The limits of a mempool with these settings: room, fee floor and expiry are from here.
   *
   * @param others where the rest is taken from
   */
  public MempoolLimits over(MempoolLimits others) {
    return new MempoolLimits(
        value(SettingKey.MEMPOOL_ROOM),
        minFeePerKilobyte(),
        others.maxChain(),
        others.maxChainVirtualBytes(),
        (int) value(SettingKey.MEMPOOL_EXPIRY));
  }

  private long value(SettingKey key) {
    return values.getOrDefault(key, key.standard());
  }

  public OperationalSettings withEnabled(SyncTask task, boolean isEnabled) {
    return with(task.enabledKey(), isEnabled ? 1 : 0);
  }

  /** Sets the seconds between two runs, or the blocks where the chain drives the task. */
  public OperationalSettings withInterval(SyncTask task, int interval) {
    return with(task.intervalKey(), interval);
  }

  public OperationalSettings withPeers(PeerLimits peers) {
    return with(SettingKey.PEERS_MIN, peers.min())
        .with(SettingKey.PEERS_TARGET, peers.target())
        .with(SettingKey.PEERS_MAX, peers.max());
  }

  public OperationalSettings withMinFeePerKilobyte(long units) {
    return with(SettingKey.FEE_FLOOR, units);
  }

  /** Takes room, fee floor and expiry over; the rest of the limits is no setting. */
  public OperationalSettings withMempool(MempoolLimits limits) {
    return with(SettingKey.MEMPOOL_ROOM, limits.maxVirtualBytes())
        .with(SettingKey.FEE_FLOOR, limits.minFeePerKilobyte())
        .with(SettingKey.MEMPOOL_EXPIRY, limits.expirySeconds());
  }

  private OperationalSettings with(SettingKey key, long value) {
    EnumMap<SettingKey, Long> changed = new EnumMap<>(values);
    changed.put(key, key.require(value));
    return new OperationalSettings(changed);
  }

  /**
   * These settings with some of them changed, or nothing: one that is refused refuses all. So is a
   * name that is not known, which a newer publisher may know: half of what it meant could be worse
   * than none of it.
   *
   * @param changes values by the names of settings
   */
  public SettingsChange with(Map<String, String> changes) {
    SortedMap<String, String> inOrder = new TreeMap<>(changes);
    for (Map.Entry<String, String> change : inOrder.entrySet()) {
      if (ConsensusKeys.contains(change.getKey())) {
        return refuse(RefusalReason.CONSENSUS_KEY, change, "");
      }
    }
    EnumMap<SettingKey, Long> changed = new EnumMap<>(values);
    for (Map.Entry<String, String> change : inOrder.entrySet()) {
      Optional<SettingKey> key = SettingKey.of(change.getKey());
      if (key.isEmpty()) {
        return refuse(RefusalReason.UNKNOWN_KEY, change, "");
      }
      OptionalLong value = key.get().parse(change.getValue());
      if (value.isEmpty()) {
        return refuse(RefusalReason.OUT_OF_RANGE, change, key.get().allowed());
      }
      changed.put(key.get(), value.getAsLong());
    }
    return new OperationalSettings(changed).judgedBeside(this);
  }

  private static SettingsChange refuse(
      RefusalReason reason, Map.Entry<String, String> change, String allowed) {
    return new SettingsChange.Refused(reason, change.getKey(), change.getValue(), allowed);
  }

  /** Each value is allowed; some are only beside others. */
  private SettingsChange judgedBeside(OperationalSettings before) {
    long target = value(SettingKey.PEERS_TARGET);
    if (value(SettingKey.PEERS_MIN) > target) {
      return refuse(SettingKey.PEERS_MIN, "at most peers.target, which is " + target);
    }
    if (value(SettingKey.PEERS_MAX) < target) {
      return refuse(SettingKey.PEERS_MAX, "at least peers.target, which is " + target);
    }
    return new SettingsChange.Applied(this, before.differences(this));
  }

  private SettingsChange refuse(SettingKey key, String allowed) {
    return new SettingsChange.Refused(
        RefusalReason.OUT_OF_RANGE, key.text(), key.format(value(key)), allowed);
  }

  /** The names of the settings in which others differ from these. */
  public SortedSet<String> differences(OperationalSettings others) {
    SortedSet<String> differing = new TreeSet<>();
    for (SettingKey key : SettingKey.values()) {
      if (value(key) != others.value(key)) {
        differing.add(key.text());
      }
    }
    return differing;
  }

  /** Every setting by its name, as {@link #with(Map)} reads it. */
  public SortedMap<String, String> toMap() {
    SortedMap<String, String> named = new TreeMap<>();
    for (SettingKey key : SettingKey.values()) {
      named.put(key.text(), key.format(value(key)));
    }
    return Collections.unmodifiableSortedMap(named);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OperationalSettings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return toMap().hashCode();
  }

  @Override
  public String toString() {
    return "settings " + toMap();
  }
}
