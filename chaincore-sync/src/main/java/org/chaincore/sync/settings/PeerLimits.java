package org.chaincore.sync.settings;

/**
 * How many peers a node has. Immutable.
 *
 * @param min with fewer it looks for peers at once, whatever the schedule says
 * @param target how many it looks for
 * @param max how many it lets in
 */
public record PeerLimits(int min, int target, int max) {
  public PeerLimits {
    SettingKey.PEERS_MIN.require(min);
    SettingKey.PEERS_TARGET.require(target);
    SettingKey.PEERS_MAX.require(max);
    if (min > target || target > max) {
      throw new IllegalArgumentException(
          "peers need min <= target <= max, got " + min + ", " + target + ", " + max);
    }
  }
}
