package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * One peer as a source of blocks: what it is asked for, and how it delivers.
 *
 * <p>Not thread-safe; confined to {@link BlockFetch}.
 */
final class PeerDownloads {
  /** A peer is asked for so many blocks at a time where they are large. */
  static final int MIN_IN_FLIGHT = 16;

  /**
   * A peer is asked for so many blocks at a time where they are small. What a peer that delivers
   * nothing can hold up is bounded by this.
   */
  static final int MAX_IN_FLIGHT = 512;

  /** A peer that lacks more blocks than this of those it claims to have is asked for no more. */
  static final int MAX_BARRED = 32;

  /** For {@link #seenAgain}: look. */
  static final long NOTHING_SEEN = -1;

  private final Peer peer;
  private final Map<Hash256, HeaderNode> inFlight = new LinkedHashMap<>();
  private final Set<Hash256> late = new LinkedHashSet<>();
  private final Set<Hash256> barred = new LinkedHashSet<>();

  /** The peer's best header when its path was looked for. */
  @Nullable HeaderNode seen;

  private @Nullable DownloadPath path;

  /** The highest block of the path that it has. */
  int reach;

  /** {@link BlockRequests#changesOfAgain()} when there was nothing to be asked for again. */
  long seenAgain = NOTHING_SEEN;

  /** When it delivered last, or was asked while it owed nothing. */
  long progressMillis;

  /** Whether it delivered since it was asked last. */
  boolean hasDelivered;

  /** How often it was asked again, as the only source, since it delivered last. */
  int askedInVain;

  /** Until when others are asked rather than it. */
  long slowUntilMillis;

  /** The same for one that delivered too little; a block more or less does not change that. */
  long trickledUntilMillis;

  /** The last block that it was asked for in compact form; zero if that was answered. */
  Hash256 compactAsked = Hash256.ZERO;

  /** The last block of which it was asked for the compact form, or sent it: it comes whole next. */
  Hash256 compactTried = Hash256.ZERO;

  /** The path that it has been found to hold up; null while it is not being watched. */
  @Nullable DownloadPath watchedOn;

  /** Blocks that it delivered while it is being watched. */
  int deliveredWhileWatched;

  /** Bytes that it delivered while it is being watched. */
  long bytesWhileWatched;

  PeerDownloads(Peer peer) {
    this.peer = peer;
  }

  Peer peer() {
    return peer;
  }

  /** Where its blocks lead; null if it has none that are wanted. */
  @Nullable DownloadPath path() {
    return path;
  }

  /** Its blocks lead there from now on; null: nowhere. */
  void follow(@Nullable DownloadPath next) {
    if (path != null) {
      path.left();
    }
    if (next != null) {
      next.joined();
    }
    path = next;
  }

  /** Whether it may be asked for blocks at all. */
  boolean isUsable() {
    return barred.size() < MAX_BARRED;
  }

  void asked(HeaderNode block) {
    inFlight.put(block.hash(), block);
  }

  /** It has delivered a block that it owed. */
  void delivered(Hash256 block) {
    inFlight.remove(block);
  }

  /** It need not deliver the block any more; but it may be on its way. */
  void done(Hash256 block) {
    if (inFlight.remove(block) != null) {
      late.add(block);
      if (late.size() > MAX_IN_FLIGHT) {
        Iterator<Hash256> oldest = late.iterator();
        oldest.next();
        oldest.remove();
      }
    }
  }

  /** Whether it was asked for a block that it need not deliver any more; told once. */
  boolean takeLate(Hash256 block) {
    return late.remove(block);
  }

  boolean owes(Hash256 block) {
    return inFlight.containsKey(block);
  }

  /** The place of a block that it was asked for; null if it was not. */
  @Nullable HeaderNode owed(Hash256 block) {
    return inFlight.get(block);
  }

  int inFlightCount() {
    return inFlight.size();
  }

  /** What it is asked for, first asked first. */
  List<HeaderNode> inFlight() {
    return new ArrayList<>(inFlight.values());
  }

  /** What it owes from before it was asked for a block; nothing if it was not asked for it. */
  List<HeaderNode> askedBefore(HeaderNode block) {
    List<HeaderNode> before = new ArrayList<>(0);
    for (HeaderNode owed : inFlight.values()) {
      if (owed == block) {
        return before;
      }
      before.add(owed);
    }
    return List.of();
  }

  /** Whether it may be asked for more: who has delivered nothing of the last batch may not. */
  boolean hasAnswered() {
    return hasDelivered || inFlight.isEmpty();
  }

  boolean isSlow(long nowMillis) {
    return nowMillis < Math.max(slowUntilMillis, trickledUntilMillis);
  }

  /** It does not have a block, or another under its name. */
  void bar(Hash256 block) {
    barred.add(block);
  }

  /** Whether it may have this block and has not failed to deliver it. */
  boolean mayServe(HeaderNode block) {
    return isUsable()
        && peer.hasShown(block)
        && LimitedService.mayHave(peer, block)
        && !barred.contains(block.hash());
  }

  /** It has shown a better chain: what it did not have once it may have now. */
  void unbar() {
    barred.clear();
  }
}
