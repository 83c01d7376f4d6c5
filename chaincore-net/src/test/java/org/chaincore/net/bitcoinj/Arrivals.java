package org.chaincore.net.bitcoinj;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeEvents;

/** Waits for what comes into a node's mempool. Stateless. */
final class Arrivals {
  private Arrivals() {}

  /** The transaction of this id, once the node has accepted it. */
  static Transaction of(ChainNode node, String txid) throws Exception {
    CompletableFuture<Transaction> arrived = new CompletableFuture<>();
    NodeEvents.Subscription listening =
        node.events()
            .listen(
                0,
                happened -> {
                  if (happened.event() instanceof ChainEvent.TransactionAccepted accepted
                      && accepted.transaction().txid().toString().equals(txid)) {
                    arrived.complete(accepted.transaction());
                  }
                });
    try {
      return arrived.get(Follower.WAIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      listening.close();
    }
  }
}
