package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.Locator;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;
import org.jspecify.annotations.Nullable;

/**
 * Decides which peer is asked for headers, and when: one request a peer at a time, and one peer at
 * a time where there is much to come ({@link BulkTurns}).
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class HeaderRequests {
  /** An answer may take so long, and a little more for each header that may be in it. */
  static final long ANSWER_MILLIS = 10_000;

  /** A round of comparisons is over by then, whoever has not answered. */
  static final long ROUND_MILLIS = 30_000;

  private static final long MILLIS_A_HEADER = 10;
  private static final int FRAME_HEAD_BYTES = 24;
  private static final int HEADER_ITEM_BYTES = 81;
  private static final int REQUEST_FIXED_BYTES = FRAME_HEAD_BYTES + 37;

  private final MachineContext context;
  private final BulkTurns turns = new BulkTurns();
  private final Map<PeerId, HeaderPeer> sources = new LinkedHashMap<>();
  private @Nullable TipComparison comparison;
  private boolean hasAnswer;

  HeaderRequests(MachineContext context) {
    this.context = context;
  }

  BulkTurns turns() {
    return turns;
  }

  @Nullable HeaderPeer find(PeerId peer) {
    return sources.get(peer);
  }

  /** Who has been sending headers longest; null if nobody is. */
  @Nullable HeaderPeer first() {
    PeerId first = turns.first();
    return first == null ? null : sources.get(first);
  }

  /** Who is to give the first answer of all; null if nobody is asked, or somebody has answered. */
  @Nullable HeaderPeer firstAwaited() {
    if (!hasAnswer) {
      for (HeaderPeer source : sources.values()) {
        if (source.isAwaited) {
          return source;
        }
      }
    }
    return null;
  }

  void add(Peer peer, long nowMillis) {
    HeaderPeer source = new HeaderPeer(peer);
    sources.put(peer.id(), source);
    if (!peer.kind().isInbound() || source.claimsBeyond(HeaderWorth.ours(context)) > 0) {
      want(source, nowMillis);
    }
  }

  void remove(PeerId peer, long nowMillis) {
    if (sources.remove(peer) != null) {
      turns.giveBack(peer);
      leaveComparison(peer);
      nextTurn(nowMillis);
    }
  }

  private HeaderNode best() {
    return context.engine().view().heaviestHeader();
  }

  /** The peer is asked as soon as it may be. */
  void want(HeaderPeer source, long nowMillis) {
    if (source.isAwaited || !source.isUsable()) {
      return;
    }
    boolean hasMuch = source.claimsBeyond(best()) > Headers.MAX_HEADERS;
    boolean isBulk = !source.hasAnswered && hasMuch;
    // Whoever has a turn for long must not keep us from hearing of blocks from those that we chose.
    boolean isSmall = source.peer().kind().isChosen() && !hasMuch;
    boolean needsTurn = isBulk || (turns.isActive() && !isSmall);
    if (needsTurn && !hasTurn(source, nowMillis)) {
      return;
    }
    HeaderNode best = best();
    HeaderNode parent = best.parent();
    // From below the tip, so that a peer that has it shows that it has.
    send(source, Locator.of(parent == null ? best : parent), nowMillis);
  }

  /** Asks a peer, whatever else is going on. */
  void send(HeaderPeer source, Locator locator, long nowMillis) {
    source.isAwaited = true;
    source.isWaiting = false;
    PeerId id = source.peer().id();
    context.out().send(id, new GetHeaders(locator, Hash256.ZERO));
    long expected =
        turns.has(id)
            ? Headers.MAX_HEADERS
            : Math.max(0, Math.min(Headers.MAX_HEADERS, source.claimsBeyond(best())));
    context.timers().set(Timer.HEADERS, id, nowMillis + ANSWER_MILLIS + expected * MILLIS_A_HEADER);
    watchTurns(nowMillis);
  }

  private void watchTurns(long nowMillis) {
    if (turns.isActive() && !context.timers().isSet(Timer.HEADERS)) {
      context.timers().set(Timer.HEADERS, nowMillis + BulkTurns.OPENING_MILLIS);
    }
  }

  /** Whether a peer may send long runs of headers now; if not, it has its turn later. */
  boolean hasTurn(HeaderPeer source, long nowMillis) {
    if (turns.take(source.peer().id(), nowMillis)) {
      return true;
    }
    source.isWaiting = true;
    watchTurns(nowMillis);
    return false;
  }

  /** The peer has more above this header: asks for it, now or later. */
  boolean goOn(HeaderPeer source, HeaderNode from, long nowMillis) {
    if (!hasTurn(source, nowMillis)) {
      return false;
    }
    if (!source.isAwaited) {
      send(source, Locator.of(from), nowMillis);
    }
    return true;
  }

  /** A peer has answered. */
  void answered(HeaderPeer source) {
    if (source.isAwaited) {
      source.isAwaited = false;
      source.hasAnswered = true;
      hasAnswer = true;
      context.timers().cancel(Timer.HEADERS, source.peer().id());
    }
  }

  /** The peer has no more that is wanted now. */
  void finished(HeaderPeer source, long nowMillis) {
    source.lowWork = null;
    turns.giveBack(source.peer().id());
    leaveComparison(source.peer().id());
    Hash256 announced = source.announced;
    source.announced = null;
    if (announced != null && context.engine().view().find(announced).isEmpty()) {
      want(source, nowMillis);
    }
    nextTurn(nowMillis);
  }

  /** The answer to a request for headers did not come in time. */
  void missing(Peer peer, long nowMillis) {
    HeaderPeer source = sources.get(peer.id());
    if (source == null || !source.isAwaited) {
      return;
    }
    source.isAwaited = false;
    source.announced = null;
    if (turns.has(peer.id())) {
      context.disconnect(peer, new DisconnectReason(DisconnectReason.Cause.TIMEOUT, "no headers"));
    } else {
      finished(source, nowMillis);
    }
  }

  /** It is time to see whether one more peer may send headers. */
  void turnsDue(long nowMillis) {
    nextTurn(nowMillis);
    watchTurns(nowMillis);
  }

  private void nextTurn(long nowMillis) {
    HeaderPeer next = longestWaiting();
    PeerId late = next == null ? null : turns.toMakeRoom(nowMillis);
    HeaderPeer leaving = late == null ? null : sources.get(late);
    if (leaving != null) {
      turns.giveBack(leaving.peer().id());
      leaving.lowWork = null;
      leaving.isWaiting = true;
      // Behind all others that wait.
      sources.remove(leaving.peer().id());
      sources.put(leaving.peer().id(), leaving);
    }
    for (HeaderPeer source = next; source != null; source = longestWaiting()) {
      if (turns.isActive() && !turns.take(source.peer().id(), nowMillis)) {
        return;
      }
      source.isWaiting = false;
      want(source, nowMillis);
      if (source.isWaiting) {
        return;
      }
    }
  }

  /** Those that we went to before those that came: it is harder to be the former by the dozen. */
  private @Nullable HeaderPeer longestWaiting() {
    HeaderPeer found = null;
    for (HeaderPeer source : sources.values()) {
      if (source.isWaiting && !source.isAwaited && source.isUsable()) {
        if (!source.peer().kind().isInbound()) {
          return source;
        }
        found = found == null ? source : found;
      }
    }
    return found;
  }

  void compareTips(long receipt, long nowMillis) {
    TipComparison round = comparison;
    if (round != null && round.isLate(nowMillis)) {
      finish(round);
      round = null;
    }
    if (round == null) {
      round = new TipComparison(nowMillis + ROUND_MILLIS);
      comparison = round;
      for (HeaderPeer source : List.copyOf(sources.values())) {
        want(source, nowMillis);
        // Who is being weighed has answered; how long that goes on is for the turns to say.
        if (source.isAwaited && source.lowWork == null) {
          int hashes = Locator.of(best()).hashes().size();
          round.asked(source.peer().id(), REQUEST_FIXED_BYTES + 32L * hashes);
        }
      }
    }
    if (!round.join(receipt)) {
      context.taskFinished(SyncTask.CHAIN, receipt, TaskFigures.NONE, false);
    }
    finishIfOver(round);
  }

  /** What came of an answer: so many headers were new, so many known, of so many. */
  void countAnswer(HeaderPeer source, int added, int known, int size) {
    TipComparison round = comparison;
    PeerId id = source.peer().id();
    if (round != null && round.awaits(id)) {
      HeaderNode shown = source.peer().bestKnown();
      HeaderNode best = best();
      if (shown != null) {
        round.lacks(Math.max(0, best.height() - shown.height()));
      }
      round.answered(id, added, known, FRAME_HEAD_BYTES + 3L + (long) HEADER_ITEM_BYTES * size);
      finishIfOver(round);
    }
  }

  private void leaveComparison(PeerId peer) {
    TipComparison round = comparison;
    if (round != null && round.awaits(peer)) {
      round.gone(peer);
      finishIfOver(round);
    }
  }

  private void finishIfOver(TipComparison round) {
    if (round.isOver()) {
      finish(round);
    }
  }

  private void finish(TipComparison round) {
    comparison = null;
    for (long receipt : round.receipts()) {
      context.taskFinished(SyncTask.CHAIN, receipt, round.figures(), round.hasSucceeded());
    }
  }

  /** Whether some peer has answered, and no answer is awaited. */
  boolean isSettled() {
    return hasAnswer
        && !turns.isActive()
        && sources.values().stream().noneMatch(source -> source.isAwaited);
  }

  long weighedBytes() {
    long bytes = 0;
    for (HeaderPeer source : sources.values()) {
      LowWorkChain chain = source.lowWork;
      bytes +=
          chain == null ? 0 : chain.commitmentBytes() + (long) chain.buffered() * BlockHeader.BYTES;
    }
    return bytes;
  }
}
