package org.chaincore.sync.protocol;

import java.util.List;
import org.chaincore.core.chain.HeaderNode;

/**
 * Finds the peers that hold up everybody while others have nothing to do: the one that owes the
 * first missing block where the window ends, and whoever still owes several where the way ends.
 *
 * <p>Where the window ends such a peer must deliver within a time that doubles each time somebody
 * is cut for it, so that a slow line of our own does not cut one peer after the other, and shrinks
 * with every block. Where the way ends it is not cut, but what it owes is shared with a second
 * peer, and others are asked rather than it for a while: so each block comes twice at most. A
 * trickle does not count: who is watched must deliver a fair amount.
 *
 * <p>Not thread-safe; confined to {@link BlockAssignment}.
 */
final class StallWatch {
  static final long FIRST_MILLIS = 2_000;
  static final long LONGEST_MILLIS = 64_000;

  /** How long a peer may go on with the last blocks of the way by itself. */
  static final long TAIL_MILLIS = 5_000;

  /** Who owes fewer of the last blocks is not watched: silence is noticed elsewhere. */
  static final int TAIL_BLOCKS = 2;

  /** What becomes of a peer that was watched. */
  enum Verdict {
    /** It delivers, or holds up nobody any more. */
    LET_OFF,
    /** What it owes is to be asked for elsewhere too. */
    SHARE,
    /** It has to go. */
    CUT
  }

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
        watch(holder, path, nowMillis + millis);
      }
    }
  }

  /** A peer owes nothing and there is nothing more to ask for: whoever owes the rest is watched. */
  void idleAtTheEnd(
      PeerDownloads idle, DownloadPath path, Iterable<PeerDownloads> others, long nowMillis) {
    if (path.isComplete() || !idle.mayServe(path.firstMissing())) {
      return;
    }
    List<PeerDownloads> holders = requests.holders(path.firstMissing().hash());
    if (holders.size() != 1 || holders.get(0).watchedOn != null) {
      return; // Looked at already, so that this costs nothing most of the time.
    }
    for (PeerDownloads holder : others) {
      boolean isToBeWatched = holder.watchedOn == null && holder.inFlightCount() >= TAIL_BLOCKS;
      if (holder.path() == path && isToBeWatched) {
        watch(holder, path, nowMillis + TAIL_MILLIS);
      }
    }
  }

  private void watch(PeerDownloads holder, DownloadPath path, long untilMillis) {
    holder.watchedOn = path;
    holder.deliveredWhileWatched = 0;
    holder.bytesWhileWatched = 0;
    context.timers().set(Timer.BLOCK_STALL, holder.peer().id(), untilMillis);
  }

  void delivered(PeerDownloads by, int bytes) {
    if (by.watchedOn != null) {
      by.deliveredWhileWatched++;
      by.bytesWhileWatched += bytes;
    }
  }

  /** The time of a watched peer is up. */
  Verdict judge(PeerDownloads watched) {
    DownloadPath path = watched.watchedOn;
    watched.watchedOn = null;
    boolean hasDelivered =
        watched.deliveredWhileWatched >= ENOUGH_BLOCKS || watched.bytesWhileWatched >= ENOUGH_BYTES;
    if (path == null || hasDelivered) {
      return Verdict.LET_OFF;
    }
    path.advance();
    if (path.isComplete()) {
      return Verdict.LET_OFF;
    }
    if (!path.isWindowUsedUp()) {
      boolean owesTheRest = path.isAllAskedFor() && watched.inFlightCount() >= TAIL_BLOCKS;
      return owesTheRest ? Verdict.SHARE : Verdict.LET_OFF;
    }
    if (!requests.holders(path.firstMissing().hash()).contains(watched)) {
      return Verdict.LET_OFF;
    }
    millis = Math.min(LONGEST_MILLIS, millis * 2);
    return Verdict.CUT;
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
