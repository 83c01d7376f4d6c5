package org.chaincore.sync.settings;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One setting: its name, its default and what it may be. A flag is a number of 0 or 1 that is
 * written as a word.
 *
 * <p>A signer is trusted to set what is here, within these ranges, and nothing else: what would let
 * it stop a node for good is not a setting.
 */
enum SettingKey {
  CHAIN_ENABLED("sync.chain.enabled", true),
  CHAIN_INTERVAL("sync.chain.interval_seconds", 30, 1, Limits.DAY),
  MEMPOOL_ENABLED("sync.mempool.enabled", true),
  MEMPOOL_INTERVAL("sync.mempool.interval_seconds", 15, 1, Limits.DAY),
  STATISTICS_ENABLED("sync.statistics.enabled", true),
  STATISTICS_INTERVAL("sync.statistics.interval_seconds", 60, 1, Limits.DAY),
  DISCOVERY_ENABLED("sync.discovery.enabled", true),
  DISCOVERY_INTERVAL("sync.discovery.interval_seconds", 60, 1, Limits.DAY),
  DIFFICULTY_ENABLED("sync.difficulty.enabled", true),
  DIFFICULTY_INTERVAL("sync.difficulty.interval_blocks", 10, 1, 100_000),
  PEERS_MIN("peers.min", 2, 1, Limits.PEERS),
  PEERS_TARGET("peers.target", 8, 1, Limits.PEERS),
  PEERS_MAX("peers.max", 20, 1, Limits.PEERS),
  /** The ranges of the mempool are those of core, so that what a host has is always in range. */
  FEE_FLOOR("policy.min_fee_per_kvb", 1_000, 0, 100_000_000_000L),
  MEMPOOL_ROOM("mempool.max_virtual_bytes", 64_000_000, 1_000, 1_000_000_000_000L),
  MEMPOOL_EXPIRY("mempool.expiry_seconds", 14 * 86_400, 1, 10 * 365 * 86_400);

  /** Bounds that several keys share. */
  private static final class Limits {
    /** Seconds. A task that came more seldom could as well be switched off. */
    static final long DAY = 86_400;

    /** Each peer costs memory and a share of every relay. */
    static final long PEERS = 1_000;
  }

  private static final String YES = "true";
  private static final String NO = "false";

  /** Digits of the largest bound of all; what is longer needs not be read. */
  private static final int MOST_DIGITS = 13;

  private final String text;
  private final boolean isFlag;
  private final long standard;
  private final long least;
  private final long most;

  SettingKey(String text, boolean standard) {
    this.text = text;
    this.isFlag = true;
    this.standard = standard ? 1 : 0;
    this.least = 0;
    this.most = 1;
  }

  SettingKey(String text, long standard, long least, long most) {
    this.text = text;
    this.isFlag = false;
    this.standard = standard;
    this.least = least;
    this.most = most;
  }

  static Optional<SettingKey> of(String text) {
    return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
  }

  /** The name in documents and configuration. */
  String text() {
    return text;
  }

  /** What a node does that was told nothing. */
  long standard() {
    return standard;
  }

  /** In words, for a refusal. */
  String allowed() {
    return isFlag ? YES + " or " + NO : least + ".." + most;
  }

  /** Empty unless the text is the one way to write an allowed value. */
  OptionalLong parse(String value) {
    if (isFlag) {
      return value.equals(YES) || value.equals(NO)
          ? OptionalLong.of(value.equals(YES) ? 1 : 0)
          : OptionalLong.empty();
    }
    if (value.length() > MOST_DIGITS || !value.matches("0|[1-9][0-9]*")) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(value);
    return number < least || number > most ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** The one way to write a value. */
  String format(long value) {
    if (isFlag) {
      return value == 1 ? YES : NO;
    }
    return Long.toString(value);
  }

  long require(long value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(text + " outside " + allowed() + ": " + value);
    }
    return value;
  }
}
