package org.chaincore.sync.protocol;

import org.chaincore.core.chain.HeaderNode;

/**
 * Finds the peer that holds up everybody: the one that owes the first missing block while others
 * have nothing to do because the window ends.
 *
 * <p>Such a peer must deliver within a time that doubles each time somebody is cut for it, so that
 * a slow line of our own does not cut one peer after the other, and shrinks with every block. A
 * trickle does not count: who is watched must deliver a fair amount.
 *
 * <p>Not thread-safe; confined to {@link BlockAssignment}.
 */
final class StallWatch {
  static final long FIRST_MILLIS = 2_000;
  static final long LONGEST_MILLIS = 64_000;

  /** So many blocks in the time are enough to be let off, however small. */
  static final int ENOUGH_BLOCKS = 16;

  /** So many bytes in the time are enough to be let off. */
  static final long ENOUGH_BYTES = 256 * 1024;

  private final MachineContext context;
  private final BlockRequests requests;
  private long millis = FIRST_MILLIS;

  StallWatch(MachineContext context, BlockRequests requests) {
    this.context = context;
    this.requests = requests;
  }

  /** A peer has nothing to do as its window has ended, or room has: who holds it up is watched. */
  void idle(PeerDownloads idle, DownloadPath path, long nowMillis) {
    if (path.isComplete()) {
      return;
    }
    HeaderNode missing = path.firstMissing();
    if (!idle.mayServe(missing)) {
      return;
    }
    for (PeerDownloads holder : requests.holders(missing.hash())) {
      if (holder != idle && holder.watchedOn == null) {
        watch(holder, path, nowMillis);
      }
    }
  }

  private void watch(PeerDownloads holder, DownloadPath path, long nowMillis) {
    holder.watchedOn = path;
    holder.deliveredWhileWatched = 0;
    holder.bytesWhileWatched = 0;
    context.timers().set(Timer.BLOCK_STALL, holder.peer().id(), nowMillis + millis);
  }

  void delivered(PeerDownloads by, int bytes) {
    if (by.watchedOn != null) {
      by.deliveredWhileWatched++;
      by.bytesWhileWatched += bytes;
    }
  }

  /** The time of a watched peer is up: whether it has to go. */
  boolean mustGo(PeerDownloads watched) {
    DownloadPath path = watched.watchedOn;
    watched.watchedOn = null;
    if (path == null) {
      return false;
    }
    path.advance();
    boolean isHoldingUp =
        !path.isComplete()
            && path.isWindowUsedUp()
            && requests.holders(path.firstMissing().hash()).contains(watched);
    boolean hasDelivered =
        watched.deliveredWhileWatched >= ENOUGH_BLOCKS || watched.bytesWhileWatched >= ENOUGH_BYTES;
    if (!isHoldingUp || hasDelivered) {
      return false;
    }
    millis = Math.min(LONGEST_MILLIS, millis * 2);
    return true;
  }

  /** A block has come. */
  void relax() {
    if (millis > FIRST_MILLIS) {
      millis = Math.max(FIRST_MILLIS, millis - millis / 8);
    }
  }

  /** How long the next peer that is found has. */
  long millis() {
    return millis;
  }
}
