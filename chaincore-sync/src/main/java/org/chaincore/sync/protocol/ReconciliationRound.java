package org.chaincore.sync.protocol;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.sketch.AnsweredRound;
import org.chaincore.sync.sketch.CapacityEstimate;
import org.chaincore.sync.sketch.InitiatedRound;
import org.chaincore.sync.sketch.ShortIds;
import org.jspecify.annotations.Nullable;

/**
 * Where the reconciliation with one peer stands. A snapshot of the mempool is held only while a
 * round is under way; between rounds little more is left than what the last one taught.
 *
 * <p>Not thread-safe; confined to {@link MempoolReconciliation}.
 */
final class ReconciliationRound {
  /** What is remembered to have been in vain; with more, a peer could fill our memory by lying. */
  static final int MAX_IN_VAIN = 1_000;

  /** Differences that the first sketch of a connection has room for: half a kilobyte, once. */
  static final int FIRST_GUESS = 128;

  /** How far a round is. */
  enum State {
    /** There is none. */
    IDLE,
    /** One is to begin when the peer may be asked again. */
    WANTED,
    /** We asked and wait for a sketch, or more of it. */
    SKETCHING,
    /** We said what we lack and wait for it. */
    RECEIVING,
    /** The peer asked and has our sketch. */
    ANSWERING
  }

  final Peer peer;
  final ShortIds shortIds;
  final CapacityEstimate estimate = CapacityEstimate.guessing(FIRST_GUESS);

  /** How often we begin a round, and the peer may. */
  final RoundRate asking =
      new RoundRate(MempoolReconciliation.ASKED_AT_ONCE, MempoolReconciliation.GAP_MILLIS);

  final RoundRate answering =
      new RoundRate(MempoolReconciliation.ANSWERED_AT_ONCE, MempoolReconciliation.GAP_MILLIS);

  /** How often we ask for parts, and the peer may. */
  final RoundRate splitting = new RoundRate(1, MempoolReconciliation.SPLIT_GAP_MILLIS);

  final RoundRate beingSplit =
      new RoundRate(MempoolReconciliation.SPLIT_AT_ONCE, MempoolReconciliation.SPLIT_GAP_MILLIS);

  final Retries<Hash256> given = new Retries<>(MAX_IN_VAIN);
  final Retries<Integer> asked = new Retries<>(MAX_IN_VAIN);
  State state = State.IDLE;
  @Nullable InitiatedRound initiated;
  @Nullable AnsweredRound answered;

  /** Whether parts were asked for in this round. */
  boolean isSplit;

  /** Whether some parts of the sets differ in more than could be found. */
  boolean isPartial;

  /** Whether something of a round that we gave up may still be on its way. */
  boolean mayBeLate;

  /** How many transactions the peer may bring because a round said that we lack them. */
  private int welcome;

  private long welcomeUntilMillis;
  private final Set<Integer> awaited = new LinkedHashSet<>(0);
  private Set<Hash256> ambiguous = Set.of();
  private Hash256 tip = Hash256.ZERO;
  private boolean hasBrought;
  private long offered;
  private long wanted;
  private long received;
  private long duplicates;
  private long bytes;

  ReconciliationRound(Peer peer, ShortIds shortIds) {
    this.peer = peer;
    this.shortIds = shortIds;
  }

  /** A round begins, at a tip. */
  void begin(State how, Hash256 atTip) {
    forgetRound();
    state = how;
    tip = atTip;
  }

  /** These of ours share their short ids, so that sketches cannot tell them apart. */
  void sharesIds(Collection<Hash256> sharedIds) {
    ambiguous = sharedIds.isEmpty() ? Set.of() : new LinkedHashSet<>(sharedIds);
  }

  /** The round is over; what it came to is read before. */
  void end() {
    forgetRound();
    state = State.IDLE;
    offered = 0;
    wanted = 0;
    received = 0;
    duplicates = 0;
    bytes = 0;
  }

  private void forgetRound() {
    initiated = null;
    answered = null;
    isSplit = false;
    isPartial = false;
    hasBrought = false;
    awaited.clear();
    ambiguous = Set.of();
  }

  Set<Hash256> ambiguous() {
    return ambiguous;
  }

  void counts(Message message) {
    bytes += ReconciliationBytes.of(message);
  }

  void offers(int transactions) {
    offered += transactions;
  }

  /** These are asked for. */
  void awaits(Collection<Integer> ids) {
    awaited.addAll(ids);
    wanted += ids.size();
    state = State.RECEIVING;
  }

  /** The peer may bring so many transactions that it was not asked for, for a while. */
  void welcomes(int transactions, long untilMillis) {
    welcome = transactions;
    welcomeUntilMillis = untilMillis;
  }

  boolean expects(Hash256 wtxid, long nowMillis) {
    boolean isWelcome = welcome > 0 && nowMillis <= welcomeUntilMillis;
    return isWelcome || (!awaited.isEmpty() && awaited.contains(shortIds.of(wtxid)));
  }

  /** A transaction came by a round; whether it was the last that was waited for. */
  boolean brings(Hash256 wtxid, boolean isNew) {
    if (isNew) {
      received++;
    } else {
      duplicates++;
    }
    hasBrought = true;
    if (awaited.remove(shortIds.of(wtxid))) {
      return awaited.isEmpty() && state == State.RECEIVING;
    }
    welcome--;
    wanted++;
    return false;
  }

  /** Whether the peer has brought nothing of what its sketch said, though no block explains it. */
  boolean isEmptyHanded(Hash256 tipNow) {
    return state == State.RECEIVING && !hasBrought && tip.equals(tipNow);
  }

  TaskFigures figures() {
    return new TaskFigures(1, offered, wanted, received, duplicates, bytes);
  }
}
