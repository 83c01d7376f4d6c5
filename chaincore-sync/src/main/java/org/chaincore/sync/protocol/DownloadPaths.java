package org.chaincore.sync.protocol;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.chaincore.core.chain.HeaderNode;
import org.jspecify.annotations.Nullable;

/**
 * Which peer leads where: sees to it that the path of each ends where its chain is better than
 * ours, if it is, and that peers of one chain share a path.
 *
 * <p>Not thread-safe; confined to {@link BlockAssignment}.
 */
final class DownloadPaths {
  private final Collection<PeerDownloads> sources;
  private HeaderNode lastTip;
  private boolean mayBeVain;

  /**
   * Follows these peers.
   *
   * @param sources all that may be asked; as it is when it is looked at
   * @param tip our tip
   */
  DownloadPaths(Collection<PeerDownloads> sources, HeaderNode tip) {
    this.sources = sources;
    this.lastTip = tip;
  }

  /** Takes in how far we are and what the peers have shown. */
  void follow(HeaderNode tip) {
    if (tip != lastTip) {
      if (tip.chainWork().compareTo(lastTip.chainWork()) < 0) {
        // What was not good enough may be now.
        sources.forEach(peer -> peer.seen = null);
      }
      lastTip = tip;
    }
    for (PeerDownloads peer : sources) {
      if (peer.peer().isEstablished()) {
        find(peer, tip);
      }
    }
  }

  private void find(PeerDownloads peer, HeaderNode tip) {
    DownloadPath path = peer.path();
    if (path != null) {
      path.advance();
      boolean isOver =
          path.isComplete()
              || path.target().isInvalid()
              || path.target().chainWork().compareTo(tip.chainWork()) <= 0;
      if (isOver) {
        leave(peer);
        // The path may have led further than the peer's own chain, or been cut short by a fault.
        peer.seen = null;
      }
    }
    HeaderNode best = peer.peer().bestKnown();
    if (best == peer.seen) {
      return;
    }
    if (best != null && best.isInvalid()) {
      peer.peer().forgetInvalid();
      best = peer.peer().bestKnown();
    }
    peer.seen = best;
    peer.seenAgain = PeerDownloads.NOTHING_SEEN;
    peer.unbar();
    boolean isWanted =
        best != null && !best.hasBody() && best.chainWork().compareTo(tip.chainWork()) > 0;
    DownloadPath before = peer.path();
    peer.follow(isWanted && best != null ? to(best) : null);
    mayBeVain |= before != null && before != peer.path();
    peer.reach = best == null ? 0 : best.height();
  }

  private DownloadPath to(HeaderNode target) {
    for (PeerDownloads other : sources) {
      DownloadPath path = other.path();
      if (path != null && path.leadsThrough(target)) {
        return path;
      }
      if (path != null && target.descendsFrom(path.target())) {
        path.extendTo(target);
        return path;
      }
    }
    return DownloadPath.to(target);
  }

  /** The peer leads nowhere until it shows more. */
  void leave(PeerDownloads peer) {
    peer.follow(null);
    mayBeVain = true;
  }

  /** The engine will not have this chain now: nobody is asked for it until it shows more. */
  void abandonThrough(HeaderNode block) {
    for (PeerDownloads peer : sources) {
      DownloadPath path = peer.path();
      if (path != null && path.leadsThrough(block)) {
        leave(peer);
      }
    }
  }

  /** Whether the block lies on the path of some peer. */
  boolean anyLeadsThrough(HeaderNode block) {
    for (PeerDownloads peer : sources) {
      DownloadPath path = peer.path();
      if (path != null && path.leadsThrough(block)) {
        return true;
      }
    }
    return false;
  }

  /** Something was given back that may lie on nobody's path. */
  void leftSomething() {
    mayBeVain = true;
  }

  /**
   * Tells what lies on nobody's path: once after that may have changed, and as long as there is no
   * path, as what was asked for on the last one may still be given back.
   */
  Optional<Predicate<HeaderNode>> takeVain() {
    Set<DownloadPath> paths = new LinkedHashSet<>();
    for (PeerDownloads peer : sources) {
      @Nullable DownloadPath path = peer.path();
      if (path != null) {
        paths.add(path);
      }
    }
    if (!mayBeVain && !paths.isEmpty()) {
      return Optional.empty();
    }
    mayBeVain = false;
    return Optional.of(block -> paths.stream().noneMatch(path -> path.leadsThrough(block)));
  }
}
