package org.chaincore.sync.protocol;

import org.chaincore.core.block.Transaction;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.sync.peer.Misbehaviour;

/**
 * Offers transactions of peers to the engine, and says whose fault it is if one is not good.
 *
 * <p><b>Attacks.</b> Verifying costs far more than sending, so what a peer brings unasked is
 * bounded by a budget. What was refused is remembered and not looked at again.
 *
 * <p>Not thread-safe; confined to {@link TransactionRelay}.
 */
final class TransactionArrivals {
  /** Transactions that a peer may send without being asked, at once and a second after that. */
  static final int MAX_UNASKED = 200;

  static final int UNASKED_A_SECOND = 20;

  private final MachineContext context;
  private final MempoolIndex mempool;
  private final RecentHashes decided;
  private final TransactionFetch fetch;
  private long received;
  private long duplicates;

  TransactionArrivals(
      MachineContext context, MempoolIndex mempool, RecentHashes decided, TransactionFetch fetch) {
    this.context = context;
    this.mempool = mempool;
    this.decided = decided;
    this.fetch = fetch;
  }

  /**
   * A transaction as a peer sent it.
   *
   * @param isExpected whether the peer may send it without being asked
   * @return whether we did not have it and had not refused it
   */
  boolean received(
      Peer peer, PeerRelay relay, Transaction transaction, boolean isExpected, long nowMillis) {
    boolean wasAsked = fetch.cameFrom(peer, transaction);
    received++;
    if (mempool.contains(transaction.wtxid()) || decided.contains(transaction.wtxid())) {
      duplicates++;
      fetch.settle(transaction, nowMillis);
      return false;
    }
    if (isExpected || wasAsked || mayBringUnasked(relay, nowMillis)) {
      offer(peer, transaction, nowMillis);
    }
    return true;
  }

  private static boolean mayBringUnasked(PeerRelay relay, long nowMillis) {
    double gained = (nowMillis - relay.unaskedSinceMillis) * UNASKED_A_SECOND / 1_000.0;
    relay.unaskedLeft = Math.min(MAX_UNASKED, relay.unaskedLeft + Math.max(0, gained));
    relay.unaskedSinceMillis = nowMillis;
    if (relay.unaskedLeft < 1) {
      return false;
    }
    relay.unaskedLeft--;
    return true;
  }

  private void offer(Peer peer, Transaction transaction, long nowMillis) {
    MempoolOutcome outcome =
        context.engine().accept(transaction, peer.id().value(), context.seconds(nowMillis));
    fetch.settle(transaction, nowMillis);
    if (outcome instanceof MempoolOutcome.Accepted) {
      peer.broughtTransaction(nowMillis);
    } else if (outcome instanceof MempoolOutcome.AlreadyKnown) {
      decided.add(transaction.wtxid());
    } else if (outcome instanceof MempoolOutcome.Rejected rejected) {
      refused(peer, transaction, rejected.rejection());
    } else if (outcome instanceof MempoolOutcome.Orphaned orphaned && orphaned.isKept()) {
      fetch.askForParents(peer, orphaned.missing(), nowMillis);
    }
  }

  /**
   * A copy without its witnesses has the txid of the whole transaction for its wtxid: to remember
   * it would let anybody keep out the whole one by sending the copy. So it is not remembered, and
   * nobody's fault, as there are nodes that pass on nothing else. What needs no witness is known by
   * its scripts: an input that has neither can only have lost one.
   */
  private void refused(Peer peer, Transaction transaction, Rejection rejection) {
    boolean mayBeStripped =
        rejection.code() == RejectionCode.BAD_SPEND
            && !transaction.hasWitness()
            && transaction.inputs().stream().anyMatch(input -> input.scriptSig().isEmpty());
    if (mayBeStripped) {
      return;
    }
    decided.add(transaction.wtxid());
    if (isRefusedByAll(rejection.code())) {
      String detail = "transaction " + transaction.wtxid() + ": " + rejection;
      context.out().complain(peer.id(), Misbehaviour.INVALID_TRANSACTION, detail);
    }
  }

  /**
   * Whether every node of the network refuses what was refused for this, whatever its chain, clock
   * and policy: then an honest one cannot have passed it on. The coins that are spent are given by
   * their names, so their amounts and scripts are the same everywhere.
   */
  private static boolean isRefusedByAll(RejectionCode code) {
    return switch (code) {
      case LOOSE_COINBASE,
          NO_OUTPUTS,
          OVERSIZE,
          BAD_OUTPUT_AMOUNT,
          DUPLICATE_INPUTS,
          NULL_INPUT,
          TRANSACTION_OF_64_BYTES,
          OUTPUT_SCRIPT_REFUSED,
          DATA_OUTPUT_TOO_LARGE,
          INPUTS_BELOW_OUTPUTS,
          TOO_MUCH_LEGACY_HASHING,
          BAD_SPEND ->
          true;
      default -> false;
    };
  }

  /** How many transactions peers have sent. */
  long received() {
    return received;
  }

  /** How many of those we had already. */
  long duplicates() {
    return duplicates;
  }
}
