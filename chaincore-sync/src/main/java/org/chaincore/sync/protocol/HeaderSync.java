package org.chaincore.sync.protocol;

import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.engine.HeadersOutcome;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.peer.Misbehaviour;
import org.jspecify.annotations.Nullable;

/**
 * Learns the headers of peers' chains, in two phases, so that headers without work behind them cost
 * no memory.
 *
 * <p><b>Who is asked.</b> Peers that we went to, and those that came and claim more than we have,
 * are asked once when they are there; again when they announce what is not known, and when the
 * schedule wants tips compared. A peer that answers with a full message has more: it goes on while
 * it has one of the {@link BulkTurns}, so that in a long download only one peer sends it all.
 *
 * <p><b>Two phases.</b> A run of headers is taken into the tree if the chain that it ends has at
 * least the {@linkplain HeaderWorth work} that makes it worth memory. Else, if it goes on, it is
 * weighed first ({@link LowWorkChain}); if not, it is ignored.
 *
 * <p><b>Faults.</b> Headers that do not follow each other, lack their work or break a rule are the
 * sender's fault. A header ahead of our clock is nobody's. One that stands on a block which we
 * found invalid is held against peers that we chose, not against those that came: they may follow
 * older rules in good faith. Headers that lead nowhere are allowed {@link #MAX_UNCONNECTED} times
 * in a row.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class HeaderSync implements Machine {
  /** A peer that tells of headers without their ancestors more often than this is complained of. */
  static final int MAX_UNCONNECTED = 10;

  /** What an announcement may hold; more is an answer (BIP130). */
  static final int MAX_ANNOUNCED = 8;

  /** An honest peer's chain may be reorganised between the passes, but not again and again. */
  static final int MAX_CHANGES = 3;

  private final MachineContext context;
  private final SplittableRandom random;
  private final ProofOfWork proofOfWork;
  private final HeaderWorth worth;
  private final HeaderRequests requests;
  private final ChainBehind behind;

  HeaderSync(MachineContext context) {
    this.context = context;
    this.random = context.newRandom();
    this.proofOfWork = ProofOfWork.under(context.engine().params().work().limit());
    this.worth = new HeaderWorth(context);
    this.requests = new HeaderRequests(context);
    this.behind = new ChainBehind(context);
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    behind.established(peer, nowMillis);
    requests.add(peer, nowMillis);
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    behind.disconnected(peer.id());
    requests.remove(peer.id(), nowMillis);
  }

  /** The peer may have headers that we lack: it is asked as soon as it may be. */
  void ask(Peer peer, long nowMillis) {
    HeaderPeer source = requests.find(peer.id());
    if (source != null) {
      requests.want(source, nowMillis);
    }
  }

  /** A peer says that it has a block. */
  void announced(Peer peer, Hash256 block, long nowMillis) {
    HeaderPeer source = requests.find(peer.id());
    if (source == null) {
      return;
    }
    HeaderNode known = context.engine().view().find(block).orElse(null);
    if (known != null && !known.isInvalid()) {
      peer.showedHeader(known);
    } else if (known == null) {
      source.announced = block;
      requests.want(source, nowMillis);
    }
  }

  /**
   * A peer shows the header of a block that it has; what it came to, null if it is not known now.
   */
  @Nullable HeaderNode announced(Peer peer, BlockHeader header, long nowMillis) {
    HeaderPeer source = requests.find(peer.id());
    if (source == null) {
      return null;
    }
    List<BlockHeader> headers = List.of(header);
    if (isSound(source, headers)) {
      // Whatever chain of the peer is being weighed: this is no answer, and no part of it.
      place(source, headers, nowMillis);
    }
    return context
        .engine()
        .view()
        .find(header.hash())
        .filter(node -> !node.isInvalid())
        .orElse(null);
  }

  void headers(Peer peer, Headers message, long nowMillis) {
    HeaderPeer source = requests.find(peer.id());
    if (source == null) {
      return;
    }
    List<BlockHeader> headers = message.headers();
    LowWorkChain weighed = source.lowWork;
    if (weighed != null && !headers.isEmpty() && !weighed.isFollowedBy(headers.get(0))) {
      if (headers.size() <= MAX_ANNOUNCED) {
        // A block was found meanwhile; the answer is still to come.
        return;
      }
      source.lowWork = null;
    }
    requests.answered(source);
    boolean goesOn = false;
    try {
      goesOn = !headers.isEmpty() && judge(source, headers, nowMillis);
    } finally { // Also if the store fails, or the peer would keep its turn for good.
      if (!goesOn) {
        requests.finished(source, nowMillis);
      }
    }
    behind.showed(peer);
  }

  /** Judges a run of headers; whether the peer was asked for what follows. */
  private boolean judge(HeaderPeer source, List<BlockHeader> headers, long nowMillis) {
    if (!isSound(source, headers)) {
      return false;
    }
    boolean isFull = headers.size() == Headers.MAX_HEADERS;
    return source.lowWork != null
        ? weigh(source, source.lowWork, headers, isFull, nowMillis)
        : place(source, headers, nowMillis);
  }

  /** Finds where a run of sound headers belongs; whether the peer was asked for what follows. */
  private boolean place(HeaderPeer source, List<BlockHeader> headers, long nowMillis) {
    boolean isFull = headers.size() == Headers.MAX_HEADERS;
    ChainView view = context.engine().view();
    HeaderNode fork = view.find(headers.get(0).previous()).orElse(null);
    if (fork == null) {
      return unconnected(source, headers.size(), nowMillis);
    }
    source.unconnected = 0;
    int first = 0;
    HeaderNode known = fork;
    while (first < headers.size()) {
      HeaderNode next = view.find(headers.get(first).hash()).orElse(null);
      if (next == null) {
        break;
      }
      known = next;
      first++;
    }
    if (!known.isInvalid()) {
      source.peer().showedHeader(known);
    }
    List<BlockHeader> rest = headers.subList(first, headers.size());
    int added = 0;
    HeaderNode last = known;
    boolean isGood = true;
    if (!rest.isEmpty()) {
      if (isTooLight(known, rest)) {
        requests.countAnswer(source, 0, first, headers.size());
        return isFull && beginWeighing(source, known, rest, nowMillis);
      }
      added = accept(source, rest, Work.ZERO, nowMillis);
      isGood = added == rest.size();
      last =
          added == 0
              ? known
              : context.engine().view().find(rest.get(added - 1).hash()).orElse(known);
    }
    requests.countAnswer(source, added, first, headers.size());
    return isGood && isFull && requests.goOn(source, last, nowMillis);
  }

  /** Whether headers follow each other and have the work that they claim. */
  private boolean isSound(HeaderPeer source, List<BlockHeader> headers) {
    Hash256 previous = headers.get(0).previous();
    for (BlockHeader header : headers) {
      if (!header.previous().equals(previous)) {
        complain(source, Misbehaviour.DISORDERED_HEADERS, header + " does not follow " + previous);
        return false;
      }
      ProofOfWork.Verdict verdict = proofOfWork.check(header);
      if (verdict != ProofOfWork.Verdict.VALID) {
        complain(source, Misbehaviour.BAD_HEADER, header + ": work " + verdict);
        return false;
      }
      previous = header.hash();
    }
    return true;
  }

  private void complain(HeaderPeer source, Misbehaviour fault, String detail) {
    context.out().complain(source.peer().id(), fault, detail);
  }

  private boolean unconnected(HeaderPeer source, int headers, long nowMillis) {
    source.unconnected++;
    if (source.unconnected > MAX_UNCONNECTED) {
      complain(source, Misbehaviour.NON_CONNECTING_HEADERS, source.unconnected + " times in a row");
    }
    boolean mayLead = headers <= MAX_ANNOUNCED && source.unconnected <= MAX_UNCONNECTED;
    if (mayLead) {
      requests.want(source, nowMillis);
    }
    return source.isAwaited;
  }

  private boolean isTooLight(HeaderNode fork, List<BlockHeader> headers) {
    Work needed = worth.needed(fork);
    Work work = fork.chainWork();
    for (BlockHeader header : headers) {
      if (work.compareTo(needed) >= 0) {
        return false;
      }
      work = work.plus(proofOfWork.work(header.bits()));
    }
    return work.compareTo(needed) < 0;
  }

  /**
   * Takes headers into the tree; how many of them were good.
   *
   * @param shown the work that was seen of their chain, beyond that of these
   */
  private int accept(HeaderPeer source, List<BlockHeader> headers, Work shown, long nowMillis) {
    HeaderNode before = context.engine().view().heaviestHeader();
    HeadersOutcome outcome =
        context.engine().acceptHeaders(headers, shown, context.seconds(nowMillis));
    int good = outcome.added() + outcome.known();
    ChainView view = context.engine().view();
    if (good > 0) {
      view.find(headers.get(good - 1).hash()).ifPresent(source.peer()::showedHeader);
    }
    if (view.heaviestHeader() != before) {
      requests.turns().progressed(nowMillis);
    }
    if (outcome.stoppedBy() instanceof HeaderOutcome.Refused refused) {
      refused(source, refused.rejection());
    }
    return good;
  }

  private void refused(HeaderPeer source, Rejection rejection) {
    boolean isBlamed =
        switch (rejection.code()) {
          case TIME_TOO_NEW, TOO_MANY_HEADERS -> false;
          case KNOWN_INVALID, INVALID_PARENT -> !source.peer().kind().isInbound();
          default -> true;
        };
    if (isBlamed) {
      complain(source, Misbehaviour.BAD_HEADER, rejection.toString());
    }
  }

  private boolean beginWeighing(
      HeaderPeer source, HeaderNode fork, List<BlockHeader> headers, long nowMillis) {
    if (fork.isInvalid()) {
      return false;
    }
    if (!requests.hasTurn(source, nowMillis)) {
      return false;
    }
    Work needed = worth.needed(fork);
    LowWorkChain chain =
        new LowWorkChain(
            context.engine().params(), fork, needed, random, context.seconds(nowMillis));
    source.lowWork = chain;
    // What was found heavier than all is taken though others have grown by the time it comes again;
    // else whoever adds a cheap header now and then could keep it waiting for ever.
    boolean isHeaviest = needed.compareTo(context.engine().view().heaviestHeader().chainWork()) > 0;
    source.shown = isHeaviest ? HeaderTree.ALL_WORK : needed;
    return weigh(source, chain, headers, true, nowMillis);
  }

  private boolean weigh(
      HeaderPeer source,
      LowWorkChain chain,
      List<BlockHeader> headers,
      boolean isFull,
      long nowMillis) {
    LowWorkChain.Next next = chain.take(headers, isFull, context.seconds(nowMillis));
    List<BlockHeader> released = chain.released();
    boolean isGood =
        released.isEmpty() || accept(source, released, source.shown, nowMillis) == released.size();
    if (!isGood || next != LowWorkChain.Next.ASK_ON) {
      source.lowWork = null;
    }
    return switch (next) {
      case ASK_ON -> {
        if (isGood && !source.isAwaited) {
          requests.send(source, chain.locator(), nowMillis);
        }
        yield isGood;
      }
      case SHOWN -> isGood && isFull && goOnFrom(source, released, nowMillis);
      case FAULT -> {
        complain(source, Misbehaviour.BAD_HEADER, chain.fault());
        yield false;
      }
      case CHANGED -> {
        source.changes++;
        if (source.changes > MAX_CHANGES) {
          complain(source, Misbehaviour.CHANGED_HEADERS, source.changes + " times");
        }
        yield false;
      }
      case GIVE_UP -> false;
    };
  }

  private boolean goOnFrom(HeaderPeer source, List<BlockHeader> headers, long nowMillis) {
    Hash256 last = headers.get(headers.size() - 1).hash();
    HeaderNode node = context.engine().view().find(last).orElse(null);
    return node != null && requests.goOn(source, node, nowMillis);
  }

  /** An outbound peer had time to show a chain as good as ours. */
  void behindDue(Peer peer, long nowMillis) {
    if (behind.due(peer, nowMillis)) {
      ask(peer, nowMillis);
    }
  }

  /** The answer to a request for headers did not come in time. */
  void headersMissing(Peer peer, long nowMillis) {
    requests.missing(peer, nowMillis);
  }

  /** It is time to see whether one more peer may send headers. */
  void turnsDue(long nowMillis) {
    requests.turnsDue(nowMillis);
  }

  /**
   * The schedule wants tips compared. The task is finished when all who were asked have answered or
   * had the time to.
   *
   * @param receipt what the host calls it, 0 for the schedule itself
   */
  void compareTips(long receipt, long nowMillis) {
    requests.compareTips(receipt, nowMillis);
  }

  /** Whether some peer has answered, and no answer is awaited. */
  boolean isSettled() {
    return requests.isSettled();
  }

  /** What is being waited for; null if nothing is. */
  @Nullable FetchState state() {
    HeaderPeer sending = requests.first();
    HeaderPeer source = sending == null ? requests.firstAwaited() : sending;
    if (source == null) {
      return null;
    }
    LowWorkChain chain = source.lowWork;
    return chain == null
        ? new FetchState.WaitingForHeaders(source.peer().id())
        : new FetchState.WeighingHeaders(source.peer().id(), chain.count(), chain.isSecondPass());
  }

  /** What the chains that are being weighed take, their buffers counted by headers. */
  long weighedBytes() {
    return requests.weighedBytes();
  }

  BulkTurns turns() {
    return requests.turns();
  }
}
