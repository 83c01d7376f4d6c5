package org.chaincore.core.ledger;

import java.util.Arrays;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;

/**
 * A set of hashes in one array: the four words of each, at the first free place from where its
 * SipHash points. At least half of the places are free. Not thread-safe.
 */
final class SaltedHashes {
  private static final int WORDS = 4;
  private static final int FIRST_PLACES = 16;

  private final SipKey salt;

  /** A place that is free has four zeros, which nothing hashes to. */
  private long[] words = new long[WORDS * FIRST_PLACES];

  private int size;

  SaltedHashes(SipKey salt) {
    this.salt = salt;
  }

  int size() {
    return size;
  }

  boolean contains(Hash256 hash) {
    return !hash.isZero() && isAt(placeOf(hash), hash);
  }

  void add(Hash256 hash) {
    if (hash.isZero() || isAt(placeOf(hash), hash)) {
      return;
    }
    if (2 * WORDS * (size + 1) > words.length) {
      grow();
    }
    put(hash);
    size++;
  }

  /** Forgets all and keeps the room. */
  void clear() {
    Arrays.fill(words, 0);
    size = 0;
  }

  private void grow() {
    long[] old = words;
    words = new long[2 * old.length];
    for (int at = 0; at < old.length; at += WORDS) {
      Hash256 hash = Hash256.ofWords(old[at], old[at + 1], old[at + 2], old[at + 3]);
      if (!hash.isZero()) {
        put(hash);
      }
    }
  }

  private void put(Hash256 hash) {
    int at = placeOf(hash);
    for (int i = 0; i < WORDS; i++) {
      words[at + i] = hash.word(i);
    }
  }

  /** Where the hash is, or the free place where it belongs. */
  private int placeOf(Hash256 hash) {
    int mask = words.length - 1;
    int at = (int) (salt.hash(hash) * WORDS) & mask;
    while (!isAt(at, hash) && !isAt(at, Hash256.ZERO)) {
      at = (at + WORDS) & mask;
    }
    return at;
  }

  private boolean isAt(int at, Hash256 hash) {
    return words[at] == hash.word(0)
        && words[at + 1] == hash.word(1)
        && words[at + 2] == hash.word(2)
        && words[at + 3] == hash.word(3);
  }
}
