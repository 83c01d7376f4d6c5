package org.chaincore.sync.protocol;

import java.util.Set;
import java.util.SplittableRandom;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.protocol.ReconciliationRound.State;
import org.chaincore.sync.sketch.InitiatedRound;
import org.chaincore.sync.sketch.RoundStep;
import org.chaincore.sync.sketch.Snapshot;

/**
 * The side of a reconciliation that asks for sketches and learns from them what differs.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class DecodingSide {
  private final ReconciliationTalk talk;
  private final ReconciledMempool ours;
  private final SplittableRandom random;

  DecodingSide(ReconciliationTalk talk, ReconciledMempool ours, SplittableRandom random) {
    this.talk = talk;
    this.ours = ours;
    this.random = random;
  }

  /** Begins a round. */
  void lead(ReconciliationRound round, Snapshot snapshot, long nowMillis) {
    talk.begins(round, State.SKETCHING);
    round.sharesIds(snapshot.ambiguous());
    boolean maySplit = round.splitting.isReady(nowMillis);
    InitiatedRound initiated =
        InitiatedRound.of(snapshot, round.estimate, random.nextLong(), maySplit);
    round.initiated = initiated;
    talk.send(round, new ReconcileRequest(initiated.setSize(), initiated.q()));
    talk.awaitAnswer(round, nowMillis);
  }

  /** The peer sends a sketch, or more of it. */
  void sketch(ReconciliationRound round, SketchMessage message, long nowMillis) {
    InitiatedRound initiated = round.initiated;
    if (initiated == null || round.state != State.SKETCHING) {
      talk.outOfTurn(round, message);
      return;
    }
    RoundStep step;
    try {
      step = initiated.take(message.data());
    } catch (MalformedBytesException e) {
      talk.complain(round, Misbehaviour.BAD_RECONCILIATION, String.valueOf(e.getMessage()));
      talk.countSketchFailure();
      talk.fallBack(round);
      return;
    }
    if (step instanceof RoundStep.Difference difference) {
      settle(round, difference, nowMillis);
    } else if (step instanceof RoundStep.NeedsExtension) {
      talk.send(round, new SketchExtensionRequest());
      talk.awaitAnswer(round, nowMillis);
    } else if (step instanceof RoundStep.NeedsPart needed) {
      if (!round.isSplit) {
        round.isSplit = true;
        round.splitting.take(nowMillis);
        talk.countSplit();
      }
      talk.send(round, new BisectionRequest(needed.part()));
      talk.awaitAnswer(round, nowMillis);
    } else {
      talk.countSketchFailure();
      talk.send(round, ReconcileDifference.failed());
      talk.fallBack(round);
    }
  }

  private void settle(ReconciliationRound round, RoundStep.Difference difference, long nowMillis) {
    round.mayBeLate = false;
    round.isPartial = !difference.isWhole();
    Set<Integer> missing = ours.worthAsking(round, difference.missingHere());
    // First what the other side lacks, so that for it, too, the round ends with the message.
    ours.offer(round, difference.missingThere());
    talk.send(round, ReconcileDifference.of(difference.isWhole(), missing));
    if (round.isPartial) {
      talk.countSketchFailure();
      talk.announceUnknown(round);
    }
    if (missing.isEmpty()) {
      talk.finish(round, true);
    } else {
      round.initiated = null;
      round.awaits(missing);
      talk.awaitAnswer(round, nowMillis);
    }
  }
}
