package org.chaincore.sync.protocol;

import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchMessage;

/**
 * Finds out what two mempools do not have in common at a cost that grows with the difference, not
 * with the mempools.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MempoolReconciliation implements Machine {
  MempoolReconciliation(MachineContext context) {}

  void requested(Peer peer, ReconcileRequest message, long nowMillis) {}

  void sketch(Peer peer, SketchMessage message, long nowMillis) {}

  void extensionRequested(Peer peer, long nowMillis) {}

  void difference(Peer peer, ReconcileDifference message, long nowMillis) {}

  void answerMissing(Peer peer, long nowMillis) {}

  /** The schedule wants mempools reconciled. */
  void reconcile(long receipt, long nowMillis) {}
}
