package org.chaincore.sync.protocol;

/** Everything that the protocol waits for. */
enum Timer {
  /** A peer must have finished the handshake. */
  HANDSHAKE,
  /** It is time to ask a peer whether it is still there. */
  PING,
  /** A peer must have answered a ping. */
  PONG,
  /** A peer must have answered with headers. */
  HEADERS,
  /** A peer that holds up the download window must have delivered. */
  BLOCK_STALL,
  /** A peer must have delivered a block. */
  BLOCK,
  /** A peer must have completed a compact block. */
  COMPACT_BLOCK,
  /** An outbound peer must have shown a chain as good as ours. */
  CHAIN_BEHIND,
  /** It is time to announce transactions to a peer. */
  ANNOUNCE_TRANSACTIONS,
  /** A transaction request of some peer runs out, or may be made. */
  REQUEST_TRANSACTIONS,
  /** A peer must have answered in a reconciliation of mempools. */
  RECONCILIATION,
  /** It is time to look after the connections. */
  CONNECTIONS,
  /** The rest of what a peer asked for is to be sent. */
  SERVE,
  /** It is time to send addresses to a peer. */
  ADDRESSES,
  /** A peer must have answered in an exchange of statistics. */
  STATISTICS,
  /** A task of the schedule is due. */
  SCHEDULE,
  /** Signed settings end, or peers are to be asked for newer ones. */
  SETTINGS,
  /** It is time to let go of what has waited too long. */
  EXPIRY,
  /** The peers that were asked for addresses must have answered. */
  DISCOVERY,
  /** A store that failed is to be tried again. */
  STORE,
  /** A peer must have delivered a block that the host wants. */
  WANTED_BLOCKS
}
