package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.ReconciliationRound.State;
import org.chaincore.sync.sketch.AnsweredRound;
import org.chaincore.sync.sketch.InitiatedRound;
import org.chaincore.sync.sketch.RoundStep;
import org.chaincore.sync.sketch.ShortIds;
import org.chaincore.sync.sketch.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what two mempools do not have in common at a cost that grows with the difference, not
 * with the mempools.
 *
 * <p><b>A round.</b> One side says how many transactions it has; the other answers with a sketch of
 * its own, and with the rest of a larger one if that is asked for. The first side now knows the
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
 * <p><b>Attacks.</b> A request makes us sketch the mempool: at most 37 ms with the extension, see
 * {@link Snapshot#MAX_TRANSACTIONS}, and {@link #GAP_MILLIS} lie between two. A sketch costs at
 * most two decodings of bounded size. Ids that it makes up are asked for and do not come: that is
 * complained about, and they are asked for ever more seldom. What a peer may bring unasked is what
 * the sketch had room for.
 *
 * <p>Source: BIP330, from which the round differs in that transactions are sent at once.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MempoolReconciliation implements Machine {
  /** A peer has so long for each answer, and for what it was asked for. */
  static final long ANSWER_MILLIS = 10_000;

  /** Between two rounds that the same side begins; stops who would have us sketch all the time. */
  static final long GAP_MILLIS = 5_000;

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
  private final SplittableRandom random;

  /** One an established peer with the extension. */
  private final Map<PeerId, ReconciliationRound> rounds = new LinkedHashMap<>();

  /** Established peers without it that have not been told of the mempool. */
  private final Set<PeerId> untold = new LinkedHashSet<>();

  private final ReconciliationTasks tasks;
  private long begun;
  private long sketchFailures;
  private long fallbackInventories;
  private long bytes;
  private long duplicates;

  MempoolReconciliation(MachineContext context, TransactionTelling telling) {
    this.context = context;
    this.telling = telling;
    this.ours = new ReconciledMempool(context, telling);
    this.random = context.newRandom();
    this.tasks = new ReconciliationTasks(context);
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
        new ReconciliationRound(
            peer,
            ShortIds.of(salts.get().ours(), salts.get().theirs()),
            new RoundRate(ASKED_AT_ONCE, GAP_MILLIS),
            new RoundRate(ANSWERED_AT_ONCE, GAP_MILLIS)));
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
    lead(round, ours.snapshot(round), nowMillis);
  }

  /** Begins a round in which this side decodes. */
  private void lead(ReconciliationRound round, Snapshot snapshot, long nowMillis) {
    round.begin(State.SKETCHING, tip(), snapshot.ambiguous());
    begun++;
    InitiatedRound initiated = InitiatedRound.of(snapshot, round.estimate, random.nextLong());
    round.initiated = initiated;
    send(round, new ReconcileRequest(initiated.setSize(), initiated.q()));
    awaitAnswer(round, nowMillis);
  }

  /** A peer begins a round, or turns ours around. */
  void requested(Peer peer, ReconcileRequest message, long nowMillis) {
    ReconciliationRound round = find(peer, message);
    if (round == null) {
      return;
    }
    count(round, message);
    if (!round.answering.take(nowMillis)) {
      complain(round, Misbehaviour.BAD_RECONCILIATION, "asks again too soon");
      return;
    }
    InitiatedRound initiated = round.initiated;
    if (initiated != null) {
      if (!leads(initiated.setSize(), message.setSize(), !peer.kind().isInbound())) {
        follow(round, ours.snapshot(round), message, nowMillis);
      }
    } else if (peer.queuedBytes() <= SyncProtocol.SEND_QUEUE_BYTES) {
      if (round.state == State.RECEIVING) {
        // What it has not sent by now it will not send as part of that round.
        finish(round, true);
      }
      Snapshot snapshot = ours.snapshot(round);
      if (leads(snapshot.size(), message.setSize(), false)) {
        lead(round, snapshot, nowMillis);
      } else {
        follow(round, snapshot, message, nowMillis);
      }
    }
  }

  /** Whether the side that asks this is to decode; both sides come to the same. */
  private static boolean leads(int size, int sizeThere, boolean isElse) {
    return Math.abs(size - sizeThere) > TURNING_IMBALANCE ? size > sizeThere : isElse;
  }

  /** Takes part in a round in which the other side decodes. */
  private void follow(
      ReconciliationRound round, Snapshot snapshot, ReconcileRequest request, long nowMillis) {
    round.begin(State.ANSWERING, tip(), snapshot.ambiguous());
    begun++;
    AnsweredRound answered = AnsweredRound.of(snapshot, request.setSize(), request.q());
    round.answered = answered;
    round.welcomes(answered.capacity(), nowMillis + ANSWER_MILLIS);
    send(round, new SketchMessage(answered.sketch()));
    awaitAnswer(round, nowMillis);
  }

  /** A peer sends a sketch, or the rest of it. */
  void sketch(Peer peer, SketchMessage message, long nowMillis) {
    ReconciliationRound round = find(peer, message);
    if (round == null) {
      return;
    }
    count(round, message);
    InitiatedRound initiated = round.initiated;
    if (initiated == null || round.state != State.SKETCHING) {
      outOfTurn(round, message);
      return;
    }
    RoundStep step;
    try {
      step = initiated.take(message.data());
    } catch (MalformedBytesException e) {
      complain(round, Misbehaviour.BAD_RECONCILIATION, String.valueOf(e.getMessage()));
      sketchFailures++;
      fallBack(round);
      return;
    }
    if (step instanceof RoundStep.Difference difference) {
      settle(round, difference, nowMillis);
    } else if (step instanceof RoundStep.NeedsExtension) {
      send(round, new SketchExtensionRequest());
      awaitAnswer(round, nowMillis);
    } else {
      sketchFailures++;
      send(round, ReconcileDifference.failed());
      fallBack(round);
    }
  }

  private void settle(ReconciliationRound round, RoundStep.Difference difference, long nowMillis) {
    round.mayBeLate = false;
    Set<Integer> missing = ours.worthAsking(round, difference.missingHere());
    // First what the other side lacks, so that for it, too, the round ends with the message.
    ours.offer(round, difference.missingThere());
    send(round, ReconcileDifference.of(missing));
    if (missing.isEmpty()) {
      finish(round, true);
    } else {
      round.initiated = null;
      round.awaits(missing);
      awaitAnswer(round, nowMillis);
    }
  }

  /** The peer could not read our sketch yet. */
  void extensionRequested(Peer peer, long nowMillis) {
    SketchExtensionRequest message = new SketchExtensionRequest();
    ReconciliationRound round = find(peer, message);
    if (round == null) {
      return;
    }
    count(round, message);
    AnsweredRound answered = round.answered;
    if (answered == null) {
      outOfTurn(round, message);
      return;
    }
    Optional<Bytes> extension = answered.extension();
    if (extension.isEmpty()) {
      outOfTurn(round, message);
      return;
    }
    round.welcomes(2 * answered.capacity(), nowMillis + ANSWER_MILLIS);
    send(round, new SketchMessage(extension.get()));
    awaitAnswer(round, nowMillis);
  }

  /** The peer says what it lacks; it sends what we lack. */
  void difference(Peer peer, ReconcileDifference message) {
    ReconciliationRound round = find(peer, message);
    if (round == null) {
      return;
    }
    count(round, message);
    AnsweredRound answered = round.answered;
    if (answered == null) {
      outOfTurn(round, message);
    } else if (message.success()) {
      round.mayBeLate = false;
      answer(round, answered, message);
    } else {
      sketchFailures++;
      fallBack(round);
    }
  }

  private void answer(
      ReconciliationRound round, AnsweredRound answered, ReconcileDifference message) {
    List<Integer> ids = message.shortIds();
    Optional<List<Hash256>> asked = answered.asked(ids);
    if (asked.isEmpty()) {
      complain(round, Misbehaviour.BAD_RECONCILIATION, ids.size() + " ids of a smaller sketch");
      finish(round, false);
      return;
    }
    ours.give(round, asked.get());
    finish(round, true);
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
      duplicates += isNew ? 0 : 1;
      if (round.brings(transaction.wtxid(), isNew)) {
        finish(round, true);
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
        fallBack(round);
      }
      case RECEIVING -> {
        boolean isLie = round.isEmptyHanded(tip());
        if (isLie) {
          complain(round, Misbehaviour.LYING_SKETCH, "nothing came of what it told");
        }
        finish(round, !isLie);
      }
      case ANSWERING -> {
        round.mayBeLate = true;
        finish(round, false);
      }
      case IDLE -> {}
    }
  }

  /** A round failed: what the peer is not known to have is announced to it. */
  private void fallBack(ReconciliationRound round) {
    if (ours.announceUnknown(round.peer, ReconciledMempool.MAX_ANNOUNCED) > 0) {
      fallbackInventories++;
    }
    finish(round, false);
  }

  private void finish(ReconciliationRound round, boolean isGood) {
    context.timers().cancel(Timer.RECONCILIATION, round.peer.id());
    TaskFigures figures = round.figures();
    round.end();
    tasks.ended(round.peer.id(), figures, isGood);
  }

  private @Nullable ReconciliationRound find(Peer peer, Message message) {
    ReconciliationRound round = rounds.get(peer.id());
    if (round == null) {
      context.out().complain(peer.id(), Misbehaviour.UNNEGOTIATED_MESSAGE, message.command());
    }
    return round;
  }

  private void outOfTurn(ReconciliationRound round, Message message) {
    if (!round.mayBeLate) {
      complain(round, Misbehaviour.BAD_RECONCILIATION, message.command() + " out of turn");
    }
  }

  private void complain(ReconciliationRound round, Misbehaviour misbehaviour, String detail) {
    context.out().complain(round.peer.id(), misbehaviour, detail);
  }

  private void send(ReconciliationRound round, Message message) {
    count(round, message);
    context.out().send(round.peer.id(), message);
  }

  private void count(ReconciliationRound round, Message message) {
    round.counts(message);
    bytes += ReconciliationBytes.of(message);
  }

  private void awaitAnswer(ReconciliationRound round, long nowMillis) {
    context.timers().set(Timer.RECONCILIATION, round.peer.id(), nowMillis + ANSWER_MILLIS);
  }

  private Hash256 tip() {
    return context.engine().view().tip().hash();
  }

  MempoolSyncCounters counters() {
    return new MempoolSyncCounters(begun, sketchFailures, fallbackInventories, bytes, duplicates);
  }
}
