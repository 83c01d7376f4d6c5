package org.chaincore.sync.protocol;

import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetBlocks;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Ping;

/**
 * Answers what peers ask of our chain and our mempool, in the order in which they asked, and no
 * faster than they read.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class ChainServer implements Machine {
  ChainServer(MachineContext context) {}

  void getHeaders(Peer peer, GetHeaders message, long nowMillis) {}

  void getBlocks(Peer peer, GetBlocks message, long nowMillis) {}

  void getData(Peer peer, GetData message, long nowMillis) {}

  void getBlockTransactions(Peer peer, GetBlockTransactions message, long nowMillis) {}

  /** A ping is answered behind all that was asked for before it. */
  void ping(Peer peer, Ping message, long nowMillis) {}

  /** The peer has read on: more may be sent. */
  void drained(Peer peer, long nowMillis) {}
}
