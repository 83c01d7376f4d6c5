package org.chaincore.sync.transport;

import org.chaincore.sync.peer.NetworkAddress;

/** One connection of a {@link Transport}; what is said there of calls and threads holds here. */
public interface Connection {
  /**
   * The other end, as far as the transport knows. Of a connection that was asked for it need not be
   * the address that was dialled, as behind a proxy or a translation of addresses: who asked knows
   * that by the attempt.
   */
  NetworkAddress remote();

  /**
   * Sends bytes behind those that were sent before. After the connection has ended nothing happens.
   *
   * @param bytes not to be changed afterwards
   */
  void send(byte[] bytes);

  /** How many bytes that were sent have not left yet: what this node keeps in memory for them. */
  long queuedBytes();

  /**
   * Stops or goes on reading. What a peer sends while nobody reads stays with the peer, but for
   * what is on the way.
   */
  void setReading(boolean isReading);

  /**
   * Ends the connection, when what was sent before has left or a short while has passed. {@link
   * Receiver#closed()} follows. Calling it again does nothing.
   */
  void close();
}
