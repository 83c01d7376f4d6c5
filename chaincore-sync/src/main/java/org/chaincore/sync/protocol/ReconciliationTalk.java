package org.chaincore.sync.protocol;

import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.protocol.ReconciliationRound.State;

/**
 * What both sides of a reconciliation have in common: messages are counted, answers waited for, and
 * rounds come to an end, well or not.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class ReconciliationTalk {
  private final MachineContext context;
  private final ReconciledMempool ours;
  private final ReconciliationTasks tasks;
  private long begun;
  private long sketchFailures;
  private long splits;
  private long fallbackInventories;
  private long bytes;
  private long duplicates;

  ReconciliationTalk(MachineContext context, ReconciledMempool ours, ReconciliationTasks tasks) {
    this.context = context;
    this.ours = ours;
    this.tasks = tasks;
  }

  /** A round begins with what this side has. */
  void begins(ReconciliationRound round, State how) {
    begun++;
    round.begin(how, tip());
  }

  void send(ReconciliationRound round, Message message) {
    count(round, message);
    context.out().send(round.peer.id(), message);
  }

  void count(ReconciliationRound round, Message message) {
    round.counts(message);
    bytes += ReconciliationBytes.of(message);
  }

  void countDuplicate() {
    duplicates++;
  }

  void countSketchFailure() {
    sketchFailures++;
  }

  void countSplit() {
    splits++;
  }

  void awaitAnswer(ReconciliationRound round, long nowMillis) {
    long until = nowMillis + MempoolReconciliation.ANSWER_MILLIS;
    context.timers().set(Timer.RECONCILIATION, round.peer.id(), until);
  }

  void outOfTurn(ReconciliationRound round, Message message) {
    if (!round.mayBeLate) {
      complain(round, Misbehaviour.BAD_RECONCILIATION, message.command() + " out of turn");
    }
  }

  void complain(ReconciliationRound round, Misbehaviour misbehaviour, String detail) {
    context.out().complain(round.peer.id(), misbehaviour, detail);
  }

  /** A round failed: what the peer is not known to have is announced to it. */
  void fallBack(ReconciliationRound round) {
    announceUnknown(round);
    finish(round, false);
  }

  /** Announces what the peer is not known to have: some of that it lacks. */
  void announceUnknown(ReconciliationRound round) {
    if (ours.announceUnknown(round.peer, ReconciledMempool.MAX_ANNOUNCED) > 0) {
      fallbackInventories++;
    }
  }

  /** A round is over, well if it found all differences and what it asked for came. */
  void finish(ReconciliationRound round, boolean isGood) {
    context.timers().cancel(Timer.RECONCILIATION, round.peer.id());
    TaskFigures figures = round.figures();
    boolean isWhole = !round.isPartial;
    round.end();
    tasks.ended(round.peer.id(), figures, isGood && isWhole);
  }

  Hash256 tip() {
    return context.engine().view().tip().hash();
  }

  MempoolSyncCounters counters() {
    return new MempoolSyncCounters(
        begun, sketchFailures, splits, fallbackInventories, bytes, duplicates);
  }
}
