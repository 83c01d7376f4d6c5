package org.chaincore.sync.peer;

import java.util.Arrays;
import org.chaincore.sync.peer.KnownAddress.History;

/**
 * One address of the book. Times are Unix seconds, 0 for never. A clock that goes back makes ages
 * zero, never negative.
 *
 * <p>Not thread-safe; confined to its book.
 */
final class AddressEntry {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  /** Not judged while an attempt may be under way. */
  private static final long ATTEMPT_SECONDS = MINUTE;

  /** Nobody has seen it for so long: gone. Stops books that fill with the dead. */
  private static final long HORIZON_SECONDS = 30 * DAY;

  /** Given up after so many failures if it never answered: an attacker's inventions. */
  private static final int MAX_FAILURES_WITHOUT_SUCCESS = 3;

  /** Given up after so many failures in a row and so long a silence if it once answered. */
  private static final int MAX_FAILURES = 10;

  private static final long MAX_SILENCE_SECONDS = 7 * DAY;

  /** Dialled again this soon only if there is hardly anything else. */
  private static final long RECENT_ATTEMPT_SECONDS = 10 * MINUTE;

  private static final double CHANCE_AFTER_RECENT_ATTEMPT = 0.01;
  private static final double CHANCE_AFTER_FAILURE = 0.66;
  private static final int FAILURES_THAT_COUNT = 8;

  private static final int[] NOWHERE = {};

  private final NetworkAddress address;

  /** Its bucket by the first who told of it; an address put out of tried goes back there. */
  private final int homeBucket;

  private int[] newBuckets = NOWHERE;
  private boolean tried;

  /** Its place in the book's list. */
  int index;

  long services;
  long seenSeconds;
  long attemptSeconds;
  long countedSeconds;
  long successSeconds;
  int failures;

  AddressEntry(NetworkAddress address, int homeBucket) {
    this.address = address;
    this.homeBucket = homeBucket;
  }

  NetworkAddress address() {
    return address;
  }

  int homeBucket() {
    return homeBucket;
  }

  boolean isTried() {
    return tried;
  }

  void setTried(boolean nowTried) {
    tried = nowTried;
  }

  /** The new buckets that it is in; the caller does not change them. */
  int[] newBuckets() {
    return newBuckets;
  }

  int placesInNew() {
    return newBuckets.length;
  }

  void enteredNew(int bucket) {
    newBuckets = Arrays.copyOf(newBuckets, newBuckets.length + 1);
    newBuckets[newBuckets.length - 1] = bucket;
  }

  void leftNew(int bucket) {
    newBuckets = Arrays.stream(newBuckets).filter(other -> other != bucket).toArray();
  }

  /** Whether it is held by no bucket, and so forgotten. */
  boolean isHomeless() {
    return !tried && newBuckets.length == 0;
  }

  /** Whether it is not worth its place, nor anyone's dialling. */
  boolean isTerrible(long nowSeconds) {
    if (attemptSeconds != 0 && nowSeconds - attemptSeconds <= ATTEMPT_SECONDS) {
      return false;
    }
    return nowSeconds - seenSeconds > HORIZON_SECONDS
        || (successSeconds == 0 && failures >= MAX_FAILURES_WITHOUT_SUCCESS)
        || isGivenUp(nowSeconds);
  }

  /** Whether it once answered and does not any more, by our own attempts only. */
  boolean isGivenUp(long nowSeconds) {
    return failures >= MAX_FAILURES && nowSeconds - successSeconds > MAX_SILENCE_SECONDS;
  }

  /** How likely it is dialled when its turn has come, 0 to 1. */
  double chance(long nowSeconds) {
    boolean recent = attemptSeconds != 0 && nowSeconds - attemptSeconds < RECENT_ATTEMPT_SECONDS;
    // Multiplied out: Math.pow may differ in the last bit from one JVM to the next.
    double chance = recent ? CHANCE_AFTER_RECENT_ATTEMPT : 1;
    for (int i = 0; i < Math.min(failures, FAILURES_THAT_COUNT); i++) {
      chance *= CHANCE_AFTER_FAILURE;
    }
    return chance;
  }

  /** Takes in hearsay of it, in steps of an hour while it is about, of a day after it was away. */
  void heard(long toldSeconds, long toldServices, long nowSeconds) {
    long step = nowSeconds - toldSeconds < DAY ? HOUR : DAY;
    if (seenSeconds < toldSeconds - step) {
      seenSeconds = toldSeconds;
    }
    if (successSeconds == 0) {
      services |= toldServices;
    }
  }

  void reached(long offeredServices, long nowSeconds) {
    services = offeredServices;
    seenSeconds = nowSeconds;
    attemptSeconds = nowSeconds;
    successSeconds = nowSeconds;
    failures = 0;
  }

  KnownAddress known() {
    return new KnownAddress(
        address,
        services,
        new History(seenSeconds, attemptSeconds, successSeconds, failures),
        tried);
  }

  SeenAddress told() {
    return new SeenAddress(address, services, seenSeconds);
  }
}
