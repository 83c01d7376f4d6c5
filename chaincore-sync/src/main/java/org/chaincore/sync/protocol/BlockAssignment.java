package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Decides which peer is asked for which block, and when another is.
 *
 * <p>Each peer follows a path to its best header; peers whose headers lie on one chain share it. A
 * batch is asked for whenever less than half of the last is owed. What was given back by a peer
 * that left or failed goes first, lowest first.
 *
 * <p>Not thread-safe; confined to {@link BlockFetch}.
 */
final class BlockAssignment {
  /** A peer that delivers nothing for so long shares what it owes with a second peer. */
  static final long OVERDUE_MILLIS = 5_000;

  /** A peer that was overdue is asked for nothing for so long where others can be asked. */
  static final long SLOW_MILLIS = 60_000;

  /** A peer that delivers nothing for so long is cut, if somebody else has what it owes. */
  static final long SILENCE_MILLIS = 60_000;

  /**
   * A peer that nobody can take the place of is asked again after each such silence, and cut when
   * it was asked so often more.
   */
  static final int MAX_ASKED_IN_VAIN = 9;

  /** A peer that delivers nothing for so long is cut though nobody else has what it owes. */
  static final long LAST_SOURCE_MILLIS = (MAX_ASKED_IN_VAIN + 1) * SILENCE_MILLIS;

  /** What one peer is asked for at a time holds about so many bytes. */
  static final int BYTES_IN_FLIGHT = 512 * 1024;

  private static final int FIRST_GUESS_BYTES = 8 * 1024;

  private final MachineContext context;
  private final WaitingBlocks waiting;
  private final BlockRequests requests = new BlockRequests();
  private final StallWatch stallWatch;
  private final Map<PeerId, PeerDownloads> downloads = new LinkedHashMap<>();
  private final DownloadPaths paths;
  private int usualBytes = FIRST_GUESS_BYTES;

  BlockAssignment(MachineContext context, WaitingBlocks waiting) {
    this.context = context;
    this.waiting = waiting;
    this.stallWatch = new StallWatch(context, requests);
    this.paths = new DownloadPaths(downloads.values(), context.engine().view().tip());
  }

  BlockRequests requests() {
    return requests;
  }

  DownloadPaths paths() {
    return paths;
  }

  StallWatch stallWatch() {
    return stallWatch;
  }

  Collection<PeerDownloads> sources() {
    return Collections.unmodifiableCollection(downloads.values());
  }

  void add(Peer peer) {
    downloads.put(peer.id(), new PeerDownloads(peer));
  }

  @Nullable PeerDownloads find(PeerId peer) {
    return downloads.get(peer);
  }

  void remove(PeerId peer) {
    PeerDownloads gone = downloads.remove(peer);
    if (gone != null) {
      letGo(gone);
    }
  }

  /** What a peer owes is to be asked for elsewhere. */
  private void letGo(PeerDownloads from) {
    for (HeaderNode block : from.inFlight()) {
      requests.giveUp(from, block);
    }
    paths.leave(from);
  }

  /** A peer has delivered a block that it was asked for. */
  void delivered(PeerDownloads by, int bytes, long nowMillis) {
    usualBytes = Math.max(bytes, usualBytes - (usualBytes - bytes) / 16);
    by.progressMillis = nowMillis;
    by.hasDelivered = true;
    by.askedInVain = 0;
    by.slowUntilMillis = 0;
    stallWatch.delivered(by, bytes);
  }

  /**
   * A peer answers in the order in which it was asked: what it owes from before it was asked for
   * this block does not come any more. Else a peer that delivers all but one block would be waited
   * for without end, and others not asked.
   */
  void passedOver(PeerDownloads by, HeaderNode delivered) {
    for (HeaderNode block : by.askedBefore(delivered)) {
      if (hasAnotherSource(by, block)) {
        by.bar(block.hash());
      }
      requests.giveUp(by, block);
    }
  }

  /** A peer is asked for a block, by whatever message. */
  void ask(PeerDownloads peer, HeaderNode block, long nowMillis) {
    if (peer.inFlightCount() == 0) {
      peer.progressMillis = nowMillis;
      context.timers().set(Timer.BLOCK, peer.peer().id(), nowMillis + OVERDUE_MILLIS);
    }
    requests.ask(peer, block);
  }

  /** Asks for what may be asked for now. */
  void assign(long nowMillis) {
    paths.follow(context.engine().view().tip());
    if (requests.againCount() > 0 || waiting.size() > 0) {
      paths.takeVain().ifPresent(this::forgetVain);
    }
    for (PeerDownloads peer : downloads.values()) {
      int most = mostInFlight(peer);
      if (peer.inFlightCount() <= most / 2 && peer.hasAnswered()) {
        fill(peer, most, nowMillis);
      }
    }
  }

  /**
   * Lets go of what lies on nobody's path any more: else peers that begin to deliver a chain and
   * leave would fill the room for the others.
   */
  private void forgetVain(Predicate<HeaderNode> isVain) {
    waiting.drop(isVain);
    requests.forgetAgain(isVain);
  }

  /**
   * As many as are under way in the time of an answer where blocks are small; but half of the
   * window at most goes to those who share it, evenly, so that one that is slow leaves room for the
   * others.
   */
  private int mostInFlight(PeerDownloads peer) {
    DownloadPath path = peer.path();
    int sharers = path == null ? 1 : path.followers();
    int share = DownloadPath.WINDOW_BLOCKS / 2 / sharers;
    int fitting = Math.min(share, BYTES_IN_FLIGHT / usualBytes);
    return Math.max(PeerDownloads.MIN_IN_FLIGHT, Math.min(PeerDownloads.MAX_IN_FLIGHT, fitting));
  }

  private void fill(PeerDownloads peer, int most, long nowMillis) {
    if (!peer.isUsable() || (peer.isSlow(nowMillis) && hasFasterCompany(peer, nowMillis))) {
      return;
    }
    shareWhatASlowOneOwes(peer, nowMillis);
    List<InventoryItem> items = List.of();
    HeaderNode last = null;
    while (peer.inFlightCount() < most) {
      HeaderNode block = next(peer);
      if (block == null) {
        break;
      }
      if (items.isEmpty()) {
        items = new ArrayList<>(most);
      }
      items.add(new InventoryItem(InventoryType.WITNESS_BLOCK, block.hash()));
      last = block;
      ask(peer, block, nowMillis);
    }
    if (last != null && items.size() == 1 && mayComeCompact(peer, last)) {
      peer.compactAsked = last.hash();
      peer.compactTried = last.hash();
      items.set(0, new InventoryItem(InventoryType.COMPACT_BLOCK, last.hash()));
    }
    DownloadPath path = peer.path();
    if (!items.isEmpty()) {
      peer.hasDelivered = false;
      context.out().send(peer.peer().id(), new GetData(items));
    } else if (path != null && path.isWindowUsedUp()) {
      stallWatch.idle(peer, path, nowMillis);
    } else if (path != null && path.isAllAskedFor() && peer.inFlightCount() == 0) {
      stallWatch.idleAtTheEnd(peer, path, downloads.values(), nowMillis);
    }
  }

  /**
   * Whether a block is the new one on our tip, whose transactions are likely to be in the mempool;
   * and the peer was not asked for its compact form in vain (low bandwidth, BIP152).
   */
  private boolean mayComeCompact(PeerDownloads peer, HeaderNode block) {
    DownloadPath path = peer.path();
    return peer.peer().takesCompact()
        && block.parent() == context.engine().view().tip()
        && path != null
        && path.target() == block
        && !block.hash().equals(peer.compactTried);
  }

  /**
   * The next block is not waited for where only a slow peer was asked, as it was the first to show
   * its header, and one that is not slow has it now.
   */
  private void shareWhatASlowOneOwes(PeerDownloads other, long nowMillis) {
    DownloadPath path = other.path();
    if (path == null || path.isComplete() || other.isSlow(nowMillis)) {
      return;
    }
    HeaderNode missing = path.firstMissing();
    List<PeerDownloads> holders = requests.holders(missing.hash());
    boolean isWithOneSlow = holders.size() == 1 && holders.get(0).isSlow(nowMillis);
    if (isWithOneSlow && mayAsk(other, missing)) {
      requests.askAgain(missing);
    }
  }

  private boolean hasFasterCompany(PeerDownloads slow, long nowMillis) {
    DownloadPath path = slow.path();
    HeaderNode next = path == null || path.isComplete() ? null : path.firstMissing();
    for (PeerDownloads other : downloads.values()) {
      if (other.path() == path
          && other.reach >= slow.reach
          && (next == null || LimitedService.mayHave(other.peer(), next))
          && other.isUsable()
          && !other.isSlow(nowMillis)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable HeaderNode next(PeerDownloads peer) {
    if (peer.seenAgain != requests.changesOfAgain()) {
      HeaderNode again = requests.nextAgain(this::isHere, block -> mayAsk(peer, block));
      if (again != null) {
        return again;
      }
      if (!isRoomUsedUp()) {
        peer.seenAgain = requests.changesOfAgain();
      }
    }
    DownloadPath path = peer.path();
    if (path == null) {
      return null;
    }
    HeaderNode block = path.next(peer.reach, node -> isRequested(node.hash()));
    if (block == null || !mayAsk(peer, block)) {
      return null;
    }
    path.pass();
    return block;
  }

  /** Whether a block is asked for already, or waits for its parent. */
  boolean isRequested(Hash256 block) {
    return requests.isOpen(block) || waiting.contains(block);
  }

  /** Whether somebody owes the block who has not been found slow. */
  boolean isExpected(HeaderNode block, long nowMillis) {
    for (PeerDownloads holder : requests.holders(block.hash())) {
      if (!holder.isSlow(nowMillis)) {
        return true;
      }
    }
    return false;
  }

  private boolean isHere(HeaderNode block) {
    return block.hasBody() || block.isInvalid() || waiting.contains(block.hash());
  }

  private boolean mayAsk(PeerDownloads peer, HeaderNode block) {
    HeaderNode parent = block.parent();
    boolean isRoom = !isRoomUsedUp() || (parent != null && parent.hasBody());
    return isRoom && !peer.owes(block.hash()) && peer.mayServe(block);
  }

  /** Whether what waits and what is asked for may fill all room, so that only the next is asked. */
  private boolean isRoomUsedUp() {
    return waiting.bytes() + (long) requests.openCount() * usualBytes >= waiting.maxBytes();
  }

  /** A peer was watched, and its time is up. */
  void stalled(Peer peer, long nowMillis) {
    PeerDownloads watched = downloads.get(peer.id());
    if (watched == null) {
      return;
    }
    switch (stallWatch.judge(watched)) {
      case CUT -> cut(watched, "holds up the window");
      case SHARE -> {
        watched.trickledUntilMillis = nowMillis + SLOW_MILLIS;
        share(watched);
      }
      case LET_OFF -> {}
    }
  }

  /** It is time to see whether a peer has delivered anything. */
  void silent(Peer peer, long nowMillis) {
    PeerDownloads asked = downloads.get(peer.id());
    if (asked == null || asked.inFlightCount() == 0) {
      return;
    }
    long silentMillis = nowMillis - asked.progressMillis;
    long next;
    if (silentMillis < OVERDUE_MILLIS) {
      next = asked.progressMillis + OVERDUE_MILLIS;
    } else if (silentMillis < SILENCE_MILLIS) {
      asked.slowUntilMillis = nowMillis + SLOW_MILLIS;
      share(asked);
      next = asked.progressMillis + SILENCE_MILLIS;
    } else if (asked.askedInVain >= MAX_ASKED_IN_VAIN || hasAnotherSource(asked)) {
      cut(asked, "no block for " + silentMillis / 1_000 + " s");
      return;
    } else {
      // Maybe the request was lost, or the answer.
      asked.askedInVain++;
      asked.inFlight().forEach(block -> requests.giveUp(asked, block));
      return;
    }
    context.timers().set(Timer.BLOCK, peer.id(), next);
  }

  /** What a peer owes is asked of a second one too. */
  private void share(PeerDownloads slow) {
    slow.inFlight().forEach(requests::askAgain);
    paths.leftSomething();
  }

  private boolean hasAnotherSource(PeerDownloads silent) {
    for (HeaderNode block : silent.inFlight()) {
      if (hasAnotherSource(silent, block)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasAnotherSource(PeerDownloads than, HeaderNode block) {
    for (PeerDownloads other : downloads.values()) {
      if (other != than && other.mayServe(block)) {
        return true;
      }
    }
    return false;
  }

  /** What is on its way to this header. */
  FetchState state(HeaderNode target) {
    int first = Integer.MAX_VALUE;
    int last = 0;
    int peers = 0;
    for (PeerDownloads peer : downloads.values()) {
      peers += peer.inFlightCount() > 0 ? 1 : 0;
      for (HeaderNode block : peer.inFlight()) {
        first = Math.min(first, block.height());
        last = Math.max(last, block.height());
      }
    }
    if (downloads.isEmpty() && context.peers().established().isEmpty()) {
      return new FetchState.NoPeers();
    }
    return peers == 0
        ? new FetchState.Missing(DownloadPath.to(target).doneHeight() + 1, target.height())
        : new FetchState.Downloading(first, last, target.height(), peers);
  }

  private void cut(PeerDownloads peer, String why) {
    context.disconnect(peer.peer(), new DisconnectReason(DisconnectReason.Cause.STALLING, why));
  }
}
