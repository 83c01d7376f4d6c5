package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Transaction;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.ReconciliationRound.State;
import org.chaincore.sync.sketch.InitiatedRound;
import org.chaincore.sync.sketch.ShortIds;
import org.chaincore.sync.sketch.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what two mempools do not have in common at a cost that grows with the difference, not
 * with the mempools.
 *
 * <p><b>A round.</b> One side says how many transactions it has; the other answers with a sketch of
 * its own, and with more of it if that is asked for: as much again, and when there is no larger
 * one, sketches of parts of the set ({@link InitiatedRound}). The first side now knows the
 * difference: it sends what the other lacks, and says which short ids it lacks itself. Both send
 * transactions as they are, parents before children, without announcing them first; only what does
 * not fit into the send queue is announced, and asked for when the peer has read the rest.
 *
 * <p><b>Who begins.</b> On the schedule the side that dialled; when the host wants it, either. A
 * side that is asked but has many more transactions asks back instead of answering, since whoever
 * decodes names only what it lacks itself. If both have asked, both know both sizes and come to the
 * same: the round of the clearly larger side goes on, or else that of the side that dialled. It
 * passes over the other's request, and the other gives up its own and answers.
 *
 * <p><b>When it fails</b>, because there are too many differences or no answer, both sides announce
 * what the other is not known to have, some of it a round. A peer without the extension is told of
 * the mempool once, for what came before it connected; later transactions are announced to it as
 * they come.
 *
 * <p><b>Cost</b> of two nodes that have just met, share 300 transactions and have half of the
 * differences each, with every frame but the transactions ({@code ReconciliationCostTest}):
 *
 * <pre>
 * differences                             100      300    1,000    3,000
 * to find them                            797    2,383    8,741   19,347
 * to announce and ask for the rest          0        0   13,780  157,788
 * both, where a set was not split         797   44,468   94,872  241,128
 * </pre>
 *
 * The rest is what the send queue has no room for.
 *
 * <p><b>Attacks.</b> A request makes us sketch the mempool: at most 37 ms with its extensions, see
 * {@link Snapshot#MAX_TRANSACTIONS}, and {@link #GAP_MILLIS} lie between two. Parts cost as much
 * again and their decoding 0.1 s if they are noise, 0.2 s if they are full, in steps of 40 ms at
 * most; {@link #SPLIT_GAP_MILLIS} lie between two rounds that split, on either side. Ids that a
 * sketch makes up are asked for and do not come: that is complained about, and they are asked for
 * ever more seldom. What a peer may bring unasked is what the sketches had room for.
 *
 * <p>Source: BIP330, from which the round differs in that transactions are sent at once, and a
 * sketch is extended more than once and split.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MempoolReconciliation implements Machine {
  /** A peer has so long for each answer, and for what it was asked for. */
  static final long ANSWER_MILLIS = 10_000;

  /** Between two rounds that the same side begins; stops who would have us sketch all the time. */
  static final long GAP_MILLIS = 5_000;

  /** Between two rounds that split the set: with all parts each is some of the dearest work. */
  static final long SPLIT_GAP_MILLIS = 60_000;

  /** More than an honest peer asks, for messages may be held up and come together. */
  static final int SPLIT_AT_ONCE = 2;

  /** Rounds without a gap after a pause: the host's own, next to one of the schedule. */
  static final int ASKED_AT_ONCE = 2;

  /** More than an honest peer asks, for messages may be held up and come together. */
  static final int ANSWERED_AT_ONCE = 4;

  /**
   * With so many transactions more than the other side has, a side decodes: it would have to be
   * asked for all of those, at four bytes each, where turning the round around costs one request.
   */
  static final int TURNING_IMBALANCE = 25;

  private final MachineContext context;
  private final TransactionTelling telling;
  private final ReconciledMempool ours;
  private final ReconciliationTalk talk;
  private final DecodingSide decoding;
  private final AnsweringSide answering;

  /** One an established peer with the extension. */
  private final Map<PeerId, ReconciliationRound> rounds = new LinkedHashMap<>();

  /** Established peers without it that have not been told of the mempool. */
  private final Set<PeerId> untold = new LinkedHashSet<>();

  private final ReconciliationTasks tasks;

  MempoolReconciliation(MachineContext context, TransactionTelling telling) {
    this.context = context;
    this.telling = telling;
    this.ours = new ReconciledMempool(context, telling);
    this.tasks = new ReconciliationTasks(context);
    this.talk = new ReconciliationTalk(context, ours, tasks);
    this.decoding = new DecodingSide(talk, ours, context.newRandom());
    this.answering = new AnsweringSide(talk, ours);
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (!telling.tells(peer)) {
      return;
    }
    Optional<ReconciliationSalts> salts = peer.facts().salts();
    if (salts.isEmpty()) {
      untold.add(peer.id());
      return;
    }
    rounds.put(
        peer.id(),
        new ReconciliationRound(peer, ShortIds.of(salts.get().ours(), salts.get().theirs())));
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    untold.remove(peer.id());
    ReconciliationRound round = rounds.remove(peer.id());
    if (round != null) {
      tasks.ended(peer.id(), round.figures(), false);
    }
  }

  /**
   * The schedule or the host wants mempools reconciled.
   *
   * @param receipt what the host calls it; 0 if the schedule wants it
   */
  void reconcile(long receipt, long nowMillis) {
    tellPlainPeers();
    boolean isOfHost = receipt != 0;
    List<PeerId> taking = new ArrayList<>();
    for (ReconciliationRound round : rounds.values()) {
      boolean isFree = round.state == State.IDLE && round.asking.isReady(nowMillis);
      boolean isWanted = isOfHost || (isFree && !round.peer.kind().isInbound());
      if (isWanted) {
        taking.add(round.peer.id());
      }
    }
    for (PeerId peer : tasks.begin(receipt, taking)) {
      ReconciliationRound round = rounds.get(peer);
      if (round != null && round.state == State.IDLE) {
        want(round, nowMillis);
      }
    }
  }

  private void tellPlainPeers() {
    for (PeerId id : untold) {
      Peer peer = context.peers().find(id);
      if (peer != null) {
        ours.announceUnknown(peer, PeerRelay.MAX_TO_TELL);
      }
    }
    untold.clear();
  }

  private void want(ReconciliationRound round, long nowMillis) {
    if (round.asking.isReady(nowMillis)) {
      ask(round, nowMillis);
    } else {
      round.state = State.WANTED;
      long ready = round.asking.readyAtMillis();
      context.timers().set(Timer.RECONCILIATION, round.peer.id(), ready);
    }
  }

  private void ask(ReconciliationRound round, long nowMillis) {
    round.asking.take(nowMillis);
    decoding.lead(round, ours.snapshot(round), nowMillis);
  }

  /** A peer begins a round, or turns ours around. */
  void requested(Peer peer, ReconcileRequest message, long nowMillis) {
    ReconciliationRound round = find(peer, message);
    if (round == null) {
      return;
    }
    talk.count(round, message);
    if (!round.answering.take(nowMillis)) {
      talk.complain(round, Misbehaviour.BAD_RECONCILIATION, "asks again too soon");
      return;
    }
    InitiatedRound initiated = round.initiated;
    if (initiated != null) {
      if (!leads(initiated.setSize(), message.setSize(), !peer.kind().isInbound())) {
        answering.follow(round, ours.snapshot(round), message, nowMillis);
      }
    } else if (peer.queuedBytes() <= SyncProtocol.SEND_QUEUE_BYTES) {
      if (round.state == State.RECEIVING) {
        // What it has not sent by now it will not send as part of that round.
        talk.finish(round, true);
      }
      Snapshot snapshot = ours.snapshot(round);
      if (leads(snapshot.size(), message.setSize(), false)) {
        decoding.lead(round, snapshot, nowMillis);
      } else {
        answering.follow(round, snapshot, message, nowMillis);
      }
    }
  }

  /** Whether the side that asks this is to decode; both sides come to the same. */
  private static boolean leads(int size, int sizeThere, boolean isElse) {
    return Math.abs(size - sizeThere) > TURNING_IMBALANCE ? size > sizeThere : isElse;
  }

  /** A peer sends a sketch, or more of it. */
  void sketch(Peer peer, SketchMessage message, long nowMillis) {
    ReconciliationRound round = find(peer, message);
    if (round != null) {
      talk.count(round, message);
      decoding.sketch(round, message, nowMillis);
    }
  }

  /** The peer could not read our sketch yet. */
  void extensionRequested(Peer peer, long nowMillis) {
    SketchExtensionRequest message = new SketchExtensionRequest();
    ReconciliationRound round = find(peer, message);
    if (round != null) {
      talk.count(round, message);
      answering.extensionRequested(round, message, nowMillis);
    }
  }

  /** The peer could not read the largest sketch either. */
  void partRequested(Peer peer, BisectionRequest message, long nowMillis) {
    ReconciliationRound round = find(peer, message);
    if (round != null) {
      talk.count(round, message);
      answering.partRequested(round, message, nowMillis);
    }
  }

  /** The peer says what it lacks; it sends what we lack. */
  void difference(Peer peer, ReconcileDifference message) {
    ReconciliationRound round = find(peer, message);
    if (round != null) {
      talk.count(round, message);
      answering.difference(round, message);
    }
  }

  /** Whether a round lets this peer send this transaction without being asked. */
  boolean expects(Peer peer, Transaction transaction, long nowMillis) {
    ReconciliationRound round = rounds.get(peer.id());
    return round != null && round.expects(transaction.wtxid(), nowMillis);
  }

  /** A transaction came that was expected. */
  void came(Peer peer, Transaction transaction, boolean isNew) {
    ReconciliationRound round = rounds.get(peer.id());
    if (round != null) {
      if (!isNew) {
        talk.countDuplicate();
      }
      if (round.brings(transaction.wtxid(), isNew)) {
        talk.finish(round, true);
      }
    }
  }

  /** The time for an answer is over, or the time to ask has come. */
  void answerMissing(Peer peer, long nowMillis) {
    ReconciliationRound round = rounds.get(peer.id());
    if (round == null) {
      return;
    }
    switch (round.state) {
      case WANTED -> ask(round, nowMillis);
      case SKETCHING -> {
        round.mayBeLate = true;
        talk.fallBack(round);
      }
      case RECEIVING -> {
        boolean isLie = round.isEmptyHanded(talk.tip());
        if (isLie) {
          talk.complain(round, Misbehaviour.LYING_SKETCH, "nothing came of what it told");
        }
        talk.finish(round, !isLie);
      }
      case ANSWERING -> {
        round.mayBeLate = true;
        talk.finish(round, false);
      }
      case IDLE -> {}
    }
  }

  private @Nullable ReconciliationRound find(Peer peer, Message message) {
    ReconciliationRound round = rounds.get(peer.id());
    if (round == null) {
      context.out().complain(peer.id(), Misbehaviour.UNNEGOTIATED_MESSAGE, message.command());
    }
    return round;
  }

  MempoolSyncCounters counters() {
    return talk.counters();
  }
}
