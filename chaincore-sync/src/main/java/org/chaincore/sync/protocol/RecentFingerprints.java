package org.chaincore.sync.protocol;

import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;

/**
 * The last hashes of a kind, by 32 keyed bits of each: for what one peer is known to have, of which
 * there is much and which need not be exact.
 *
 * <p><b>The idea.</b> Two generations, each a table of bits with open addressing. Hashes go into
 * the young one; when that has half of the number wanted, it becomes the old one and the old one is
 * forgotten. So at least the last half of that number is remembered and at most all of it, and
 * nothing is ever deleted from a table.
 *
 * <p><b>Memory.</b> Four bytes a place and at least three places for two hashes: at most 32 KiB for
 * 5,000, where the hashes themselves took half a megabyte. Nothing at all before the first hash,
 * and after {@link #age} was called twice without one between.
 *
 * <p><b>What a mistake costs.</b> A hash that was not added is found with a chance of one in 4
 * billion for each one that was: about one in a million with 5,000. Then one transaction is not
 * announced to one peer, which hears of it from its other peers or when mempools are reconciled.
 * The key is the node's own secret: nobody can choose a transaction that a node takes for another,
 * or the same mistake would be made by all nodes at once. A hash that is forgotten costs an
 * announcement that tells nothing new.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class RecentFingerprints {
  private static final int LEAST_PLACES = 16;
  private static final int[] NONE = {};

  /** In place of no fingerprint. */
  private static final int FREE = 0;

  private final SipKey key;
  private final int mostOfGeneration;
  private int[] young = NONE;
  private int[] old = NONE;
  private int youngCount;

  /**
   * None yet.
   *
   * @param key a secret of the node
   * @param most how many are remembered at most; half as many at least
   */
  RecentFingerprints(SipKey key, int most) {
    this.key = key;
    this.mostOfGeneration = Math.max(1, most / 2);
  }

  /** Remembers a hash. */
  void add(Hash256 hash) {
    int fingerprint = fingerprint(hash);
    if (isIn(young, fingerprint)) {
      return;
    }
    if (youngCount == mostOfGeneration) {
      age();
    }
    if (3 * (youngCount + 1) > 2 * young.length) {
      grow();
    }
    put(young, fingerprint);
    youngCount++;
  }

  /** Whether a hash was added lately; in rare cases also if it was not. */
  boolean contains(Hash256 hash) {
    if (young.length == 0 && old.length == 0) {
      return false;
    }
    int fingerprint = fingerprint(hash);
    return isIn(young, fingerprint) || isIn(old, fingerprint);
  }

  /** Forgets what was added before this was called last. */
  void age() {
    old = young;
    young = NONE;
    youngCount = 0;
  }

  private int fingerprint(Hash256 hash) {
    int bits = (int) key.hash(hash);
    return bits == FREE ? 1 : bits;
  }

  private static boolean isIn(int[] table, int fingerprint) {
    return table.length > 0 && table[place(table, fingerprint)] == fingerprint;
  }

  private static void put(int[] table, int fingerprint) {
    table[place(table, fingerprint)] = fingerprint;
  }

  /** Where a fingerprint is, or would be. A third of the places is free, so the search ends. */
  private static int place(int[] table, int fingerprint) {
    int mask = table.length - 1;
    int place = fingerprint & mask;
    while (table[place] != FREE && table[place] != fingerprint) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    int[] larger = new int[Math.max(LEAST_PLACES, 2 * young.length)];
    for (int fingerprint : young) {
      if (fingerprint != FREE) {
        put(larger, fingerprint);
      }
    }
    young = larger;
  }

  /** What the tables take. */
  long bytes() {
    return (long) Integer.BYTES * (young.length + old.length);
  }
}
