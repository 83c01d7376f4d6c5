package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Downloads the blocks of the best chain of headers from many peers at once.
 *
 * <p><b>Idea.</b> Every peer that has shown headers of more work than our tip is a source. Peers
 * whose headers lie on one chain share a {@link DownloadPath}, which hands out each block once, a
 * batch a peer at a time; a peer with a chain of its own gets a path of its own, so a heavier chain
 * whose bodies nobody serves holds up no other. What comes before its parent waits in {@link
 * WaitingBlocks}, so the engine sees parents before children.
 *
 * <p><b>Cost.</b> A block costs a few look-ups, however long the chain and however wide the window.
 *
 * <p><b>Attacks.</b> A peer that is asked and stays silent: its blocks are asked of a second peer
 * after {@link BlockAssignment#OVERDUE_MILLIS}, and it is cut after {@link
 * BlockAssignment#SILENCE_MILLIS} unless nobody else has them. A peer that holds up the whole
 * window: {@link StallWatch}. A peer that says that it has what it has not: each refusal bars it
 * for that block. A peer that sends blocks nobody asked for: they are judged only if they could be
 * the next on a chain as good as ours, so each costs its sender the work of a block. Blocks that
 * wait are bounded in bytes, requests in number.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BlockFetch implements Machine {
  /** A block that nobody asked for is looked at only if it is not further ahead than this. */
  static final int MAX_AHEAD_BLOCKS = 288;

  /** Who falls behind by more than this is told again when the chain has caught up. */
  static final int BEHIND_BLOCKS = 144;

  private final MachineContext context;
  private final HeaderSync headerSync;
  private final BlockArrivals arrivals;
  private final boolean isByHeadersOnly;
  private final ProofOfWork proofOfWork;
  private final WaitingBlocks waiting = new WaitingBlocks(WaitingBlocks.MAX_BYTES);
  private final BlockAssignment assignment;
  private final BlockRequests requests;
  private int reorgLimit;

  BlockFetch(MachineContext context, HeaderSync headerSync, BlockArrivals arrivals) {
    this.context = context;
    this.headerSync = headerSync;
    this.arrivals = arrivals;
    this.assignment = new BlockAssignment(context, waiting);
    this.requests = assignment.requests();
    this.isByHeadersOnly = context.engine().params().bodyRules() == BodyRules.HEADERS_ONLY;
    this.proofOfWork = ProofOfWork.under(context.engine().params().work().limit());
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (!isByHeadersOnly && peer.facts().servesBlocks() && peer.facts().servesWitness()) {
      assignment.add(peer);
    }
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    assignment.remove(peer.id());
    arrivals.disconnected(peer.id());
  }

  /**
   * Whether a peer was asked for a block, and maybe has become superfluous while it was on its way.
   * To be asked once when the block has come.
   */
  boolean expects(Peer peer, Hash256 block) {
    PeerDownloads from = assignment.find(peer.id());
    return from != null && (from.owes(block) || from.takeLate(block));
  }

  /** A block came as a peer sent it. */
  Arrival received(Peer peer, Block block, long nowMillis) {
    return arrived(peer, block, false, nowMillis);
  }

  /**
   * A block was put together from a compact block of a peer. What is wrong with it is nobody's
   * fault: if its body does not belong to it, short ids collided, and it is to be asked for whole.
   */
  Arrival rebuilt(Peer peer, Block block, long nowMillis) {
    return arrived(peer, block, true, nowMillis);
  }

  private Arrival arrived(Peer peer, Block block, boolean isRebuilt, long nowMillis) {
    PeerDownloads from = assignment.find(peer.id());
    HeaderNode node = from == null ? null : from.owed(block.hash());
    if (from == null || node == null) {
      return arrivedUnasked(peer, block, isRebuilt, nowMillis);
    }
    int bytes = block.size();
    assignment.delivered(from, bytes, nowMillis);
    assignment.passedOver(from, node);
    from.delivered(node.hash());
    if (node.isInvalid() || node.hasBody()) {
      // It was asked for before that was known.
      requests.finish(node);
      return node.hasBody() ? Arrival.KNOWN : Arrival.INVALID;
    }
    HeaderNode parent = node.parent();
    if (parent != null && !parent.hasBody()) {
      requests.finish(node);
      if (!assignment.paths().anyLeadsThrough(node)) {
        return Arrival.EARLY; // Its path was left while it was on its way: nobody would fetch it.
      }
      waiting
          .add(new WaitingBlocks.Waiting(block, node, peer.id(), bytes))
          .forEach(requests::askAgain);
      return Arrival.EARLY;
    }
    Arrival arrival;
    try {
      arrival = offer(peer.id(), block, isRebuilt, nowMillis);
    } catch (StoreException e) {
      requests.giveUp(from, node);
      throw e;
    }
    concluded(node, from, arrival);
    offerWhatWaitedFor(block.hash(), arrival, nowMillis);
    return arrival;
  }

  private Arrival offer(PeerId from, Block block, boolean isRebuilt, long nowMillis) {
    return isRebuilt
        ? arrivals.offerRebuilt(from, block, nowMillis)
        : arrivals.offer(from, block, nowMillis);
  }

  /** A queue, not a recursion: all of the window may have waited for one block. */
  private void offerWhatWaitedFor(Hash256 first, Arrival became, long nowMillis) {
    if (!became.isThere() || waiting.size() == 0) {
      return;
    }
    Deque<Hash256> parents = new ArrayDeque<>(List.of(first));
    while (!parents.isEmpty()) {
      Hash256 parent = parents.remove();
      for (WaitingBlocks.Waiting child = waiting.childOf(parent);
          child != null;
          child = waiting.childOf(parent)) {
        waiting.remove(child.node().hash());
        Arrival arrival = offerWaiting(child, nowMillis);
        if (arrival == Arrival.MUTATED) {
          // What else it sent is as bad, and better asked for all at once.
          waiting.takeFrom(child.from()).forEach(requests::askAgain);
        }
        concluded(child.node(), assignment.find(child.from()), arrival);
        if (arrival.isThere()) {
          parents.add(child.node().hash());
        }
      }
    }
  }

  /**
   * A parent may come by another way than from a peer that was asked for it: from among the
   * engine's orphans, or from the host. What waited for it is offered then.
   */
  private void offerWhatNeedNotWait(long nowMillis) {
    if (waiting.size() == 0) {
      return;
    }
    for (PeerDownloads source : assignment.sources()) {
      DownloadPath path = source.path();
      if (path != null) {
        path.advance();
        if (!path.isComplete() && waiting.contains(path.firstMissing().hash())) {
          offerWhatWaitedFor(path.firstMissing().header().previous(), Arrival.KNOWN, nowMillis);
        }
      }
    }
  }

  private Arrival offerWaiting(WaitingBlocks.Waiting child, long nowMillis) {
    try {
      return arrivals.offer(child.from(), child.block(), nowMillis);
    } catch (StoreException e) {
      requests.askAgain(child.node());
      throw e;
    }
  }

  /** A block that was asked for has been judged. */
  private void concluded(HeaderNode node, @Nullable PeerDownloads from, Arrival arrival) {
    switch (arrival) {
      case MUTATED -> {
        if (from == null) {
          requests.askAgain(node);
        } else {
          from.bar(node.hash());
          requests.giveUp(from, node);
        }
      }
      case INVALID -> {
        requests.finish(node);
        forgetInvalid();
      }
      case UNWANTED -> {
        requests.finish(node);
        assignment.paths().abandonThrough(node);
      }
      case ORPHANED, EARLY -> {
        requests.finish(node);
        requests.askAgain(node);
      }
      case CONNECTED, ASIDE, KNOWN -> {
        requests.finish(node);
        assignment.stallWatch().relax();
        if (from != null) {
          from.peer().showedHeader(node);
        }
      }
    }
  }

  private void forgetInvalid() {
    for (Peer peer : context.peers().all()) {
      peer.forgetInvalid();
    }
    waiting.drop(HeaderNode::isInvalid);
    requests.forgetAgain(HeaderNode::isInvalid);
  }

  private Arrival arrivedUnasked(Peer peer, Block block, boolean isRebuilt, long nowMillis) {
    HeaderNode node = context.engine().view().find(block.hash()).orElse(null);
    if (node != null && node.hasBody()) {
      peer.showedHeader(node);
      return Arrival.KNOWN;
    }
    if (isByHeadersOnly || !mayBeWanted(block.header(), node)) {
      return Arrival.UNWANTED;
    }
    Arrival arrival = offer(peer.id(), block, isRebuilt, nowMillis);
    HeaderNode place = context.engine().view().find(block.hash()).orElse(null);
    if (arrival.isThere() && place != null) {
      requests.finish(place);
      peer.showedHeader(place);
      offerWhatWaitedFor(place.hash(), arrival, nowMillis);
    } else if (arrival == Arrival.ORPHANED) {
      headerSync.ask(peer, nowMillis);
    } else if (arrival == Arrival.INVALID) {
      forgetInvalid();
    }
    return arrival;
  }

  /**
   * Whether a block that nobody asked for is worth judging: it could be part of a chain as good as
   * ours, near its tip. What has no known parent, or no proof of work, the engine judges.
   */
  private boolean mayBeWanted(BlockHeader header, @Nullable HeaderNode node) {
    ChainView view = context.engine().view();
    HeaderNode parent = node != null ? node.parent() : view.find(header.previous()).orElse(null);
    if (parent == null || proofOfWork.check(header) != ProofOfWork.Verdict.VALID) {
      return true;
    }
    Work work = parent.chainWork().plus(proofOfWork.work(header.bits()));
    return work.compareTo(view.work()) >= 0
        && parent.height() < view.height() + MAX_AHEAD_BLOCKS
        && !parent.isInvalid();
  }

  /**
   * A peer does not have what it was asked for.
   *
   * @return whether it was asked for it
   */
  boolean notFound(Peer peer, Hash256 block) {
    PeerDownloads from = assignment.find(peer.id());
    if (from == null || !from.owes(block)) {
      return false;
    }
    from.bar(block);
    release(peer, block);
    return true;
  }

  /** Whether a block is asked for already, or here and waiting for its parent. */
  boolean isRequested(Hash256 block) {
    return assignment.isRequested(block);
  }

  /**
   * Another machine asks this peer for this block by means of its own; it is not asked for a second
   * time until that is over.
   */
  void claim(Peer peer, HeaderNode block, long nowMillis) {
    PeerDownloads by = assignment.find(peer.id());
    if (by != null && !by.owes(block.hash())) {
      assignment.ask(by, block, nowMillis);
    }
  }

  /** What was claimed did not come about. */
  void release(Peer peer, Hash256 block) {
    PeerDownloads by = assignment.find(peer.id());
    HeaderNode node = context.engine().view().find(block).orElse(null);
    if (by != null && node != null && by.owes(block)) {
      requests.giveUp(by, node);
    }
  }

  /**
   * The compact form of a block came from a peer, asked for or not. It has thereby done what it was
   * asked for; if no block comes of it, it is asked for it whole.
   */
  void cameCompact(Peer peer, Hash256 block) {
    PeerDownloads from = assignment.find(peer.id());
    if (from != null) {
      from.compactTried = block;
      if (block.equals(from.compactAsked)) {
        from.compactAsked = Hash256.ZERO;
        release(peer, block);
      }
    }
  }

  /** A peer that began to tell of a block by another machine's means has not gone on. */
  void fellSilent(Peer peer, long nowMillis) {
    PeerDownloads from = assignment.find(peer.id());
    if (from != null) {
      from.slowUntilMillis = nowMillis + BlockAssignment.SLOW_MILLIS;
    }
  }

  /** Whether a peer was silent or slow not long ago. */
  boolean isSlow(Peer peer, long nowMillis) {
    PeerDownloads from = assignment.find(peer.id());
    return from != null && from.isSlow(nowMillis);
  }

  /**
   * Asks for what may be asked for now. Called after every input; costs next to nothing where there
   * is nothing to do.
   */
  void fetch(long nowMillis) {
    offerWhatNeedNotWait(nowMillis);
    assignment.assign(nowMillis);
    ChainView view = context.engine().view();
    HeaderNode tip = view.tip();
    HeaderNode heaviest = view.heaviestHeader();
    if (tip.chainWork().compareTo(heaviest.chainWork()) < 0) {
      boolean isNear = heaviest.height() - tip.height() <= BEHIND_BLOCKS;
      context.setCaughtUp(context.isCaughtUp() && isNear);
    } else if (!context.isCaughtUp() && !isByHeadersOnly && headerSync.isSettled()) {
      context.setCaughtUp(true);
      context.out().emit(new SyncEvent.CaughtUp(tip.height(), tip.hash()));
    }
  }

  void stalled(Peer peer, long nowMillis) {
    assignment.stalled(peer, nowMillis);
  }

  void blockMissing(Peer peer, long nowMillis) {
    assignment.silent(peer, nowMillis);
  }

  /** A block was refused: maybe one that waited among the orphans. */
  void rejected(ChainEvent.BlockRejected event) {
    arrivals.refused(event);
  }

  void orphanRecovered(ChainEvent.OrphanRecovered event) {
    arrivals.recovered(event);
  }

  /** All bodies of a better chain are here, and the engine will not go there by itself. */
  void reorgRefused(ChainEvent.ReorgRefused event) {
    reorgLimit = event.limit();
  }

  /**
   * Whether our tip is on the way to the heaviest header, and the next block of that way is here or
   * to be expected soon.
   */
  boolean isAdvancing(long nowMillis) {
    ChainView view = context.engine().view();
    HeaderNode tip = view.tip();
    HeaderNode heaviest = view.heaviestHeader();
    HeaderNode next = heaviest.ancestor(tip.height() + 1);
    return next != null
        && next.parent() == tip
        && (waiting.contains(next.hash()) || assignment.isExpected(next, nowMillis));
  }

  /** What the download is at, or waits for. */
  FetchState state() {
    ChainView view = context.engine().view();
    HeaderNode tip = view.tip();
    HeaderNode heaviest = view.heaviestHeader();
    if (isByHeadersOnly || heaviest.chainWork().compareTo(tip.chainWork()) <= 0) {
      return context.peers().established().isEmpty()
          ? new FetchState.NoPeers()
          : new FetchState.CaughtUp(isByHeadersOnly ? heaviest.height() : tip.height());
    }
    HeaderNode fork = tip.forkWith(heaviest);
    if (heaviest.hasBody()) {
      int depth = tip.height() - (fork == null ? 0 : fork.height());
      return new FetchState.DeepReorg(depth, reorgLimit);
    }
    return assignment.state(heaviest);
  }

  BlockAssignment assignment() {
    return assignment;
  }

  WaitingBlocks waiting() {
    return waiting;
  }
}
