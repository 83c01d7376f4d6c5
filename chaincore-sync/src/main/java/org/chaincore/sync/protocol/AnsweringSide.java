package org.chaincore.sync.protocol;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.protocol.ReconciliationRound.State;
import org.chaincore.sync.sketch.AnsweredRound;
import org.chaincore.sync.sketch.Snapshot;

/**
 * The side of a reconciliation that sends sketches and is told what the other lacks.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class AnsweringSide {
  private final ReconciliationTalk talk;
  private final ReconciledMempool ours;

  AnsweringSide(ReconciliationTalk talk, ReconciledMempool ours) {
    this.talk = talk;
    this.ours = ours;
  }

  /** Takes part in a round that the peer begins. */
  void follow(
      ReconciliationRound round, Snapshot snapshot, ReconcileRequest request, long nowMillis) {
    talk.begins(round, State.ANSWERING);
    round.sharesIds(snapshot.ambiguous());
    AnsweredRound answered = AnsweredRound.of(snapshot, request.setSize(), request.q());
    round.answered = answered;
    tell(round, answered, answered.sketch(), nowMillis);
  }

  private void tell(
      ReconciliationRound round, AnsweredRound answered, Bytes sketch, long nowMillis) {
    round.welcomes(answered.told(), nowMillis + MempoolReconciliation.ANSWER_MILLIS);
    talk.send(round, new SketchMessage(sketch));
    talk.awaitAnswer(round, nowMillis);
  }

  /** The peer could not read our sketch yet. */
  void extensionRequested(
      ReconciliationRound round, SketchExtensionRequest message, long nowMillis) {
    AnsweredRound answered = round.answered;
    if (answered == null) {
      talk.outOfTurn(round, message);
    } else {
      tellOrRefuse(round, answered, message, answered.extension(), nowMillis);
    }
  }

  /** The peer could not read the largest sketch either. */
  void partRequested(ReconciliationRound round, BisectionRequest message, long nowMillis) {
    AnsweredRound answered = round.answered;
    if (answered == null) {
      talk.outOfTurn(round, message);
    } else if (!answered.isSplit() && !round.beingSplit.take(nowMillis)) {
      talk.complain(round, Misbehaviour.BAD_RECONCILIATION, "splits again too soon");
    } else {
      tellOrRefuse(round, answered, message, answered.part(message.part()), nowMillis);
    }
  }

  private void tellOrRefuse(
      ReconciliationRound round,
      AnsweredRound answered,
      Message question,
      Optional<Bytes> sketch,
      long nowMillis) {
    if (sketch.isPresent()) {
      tell(round, answered, sketch.get(), nowMillis);
    } else {
      talk.outOfTurn(round, question);
    }
  }

  /** The peer says what it lacks; it sends what we lack. */
  void difference(ReconciliationRound round, ReconcileDifference message) {
    AnsweredRound answered = round.answered;
    if (answered == null) {
      talk.outOfTurn(round, message);
      return;
    }
    round.mayBeLate = false;
    Optional<List<Hash256>> asked = answered.asked(message.shortIds());
    if (asked.isEmpty()) {
      String detail = message.shortIds().size() + " ids of a smaller sketch";
      talk.complain(round, Misbehaviour.BAD_RECONCILIATION, detail);
      talk.finish(round, false);
      return;
    }
    ours.give(round, asked.get());
    if (message.success()) {
      talk.finish(round, true);
    } else {
      talk.countSketchFailure();
      talk.fallBack(round);
    }
  }
}
