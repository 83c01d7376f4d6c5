package org.chaincore.sync.protocol;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.value.Hash256;

/**
 * The last hashes of a kind, no more than a named number of them: the oldest goes first. Nothing is
 * kept while there are none. For what has to be exact; {@link RecentFingerprints} takes a fifteenth
 * of the room.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class RecentHashes {
  private final int most;
  private final Set<Hash256> hashes = new LinkedHashSet<>(0);

  RecentHashes(int most) {
    this.most = most;
  }

  /** Remembers a hash; false if it was remembered. */
  boolean add(Hash256 hash) {
    boolean isNew = hashes.add(hash);
    if (hashes.size() > most) {
      Iterator<Hash256> oldest = hashes.iterator();
      oldest.next();
      oldest.remove();
    }
    return isNew;
  }

  boolean contains(Hash256 hash) {
    return hashes.contains(hash);
  }

  void remove(Hash256 hash) {
    hashes.remove(hash);
  }

  void clear() {
    hashes.clear();
  }

  int size() {
    return hashes.size();
  }
}
