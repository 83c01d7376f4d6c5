package org.chaincore.sync.transport;

import org.chaincore.sync.peer.NetworkAddress;

/**
 * Carries bytes between nodes: a port that a host implements for a medium of its own. It knows
 * nothing of what the bytes mean.
 *
 * <p><b>Calls.</b> No method blocks, and none throws because of what a peer or the medium does:
 * what goes wrong is told to the {@link Acceptor} or the connection's {@link Receiver}. Methods may
 * be called from any thread, also from within a callback.
 *
 * <p><b>Callbacks.</b> They may come from any thread. Those of one connection come one at a time
 * and in order. They return quickly and do not throw.
 *
 * <p><b>Durability.</b> None: a connection may end at any time, and what was sent and has not
 * arrived is lost then. What arrives arrives whole, in order and once.
 */
public interface Transport {
  /**
   * Begins to listen for connections, if this transport can be reached, and to tell of them. Called
   * once, before anything else.
   */
  void start(Acceptor acceptor);

  /**
   * Makes a connection. The answer comes by {@link Acceptor#connected} or {@link
   * Acceptor#connectFailed}, with the same attempt. Within half a minute: later nobody waits for
   * it, and after a minute a connection is closed at once.
   *
   * @param to where
   * @param attempt names this attempt in the answer
   */
  void connect(NetworkAddress to, long attempt);

  /** Ends all connections and listens no more. Calling it again does nothing. */
  void close();

  /** Hears of connections. */
  interface Acceptor {
    /**
     * Somebody has connected to us. The receiver that is returned hears all that comes from it.
     *
     * @param connection the connection, which may be used at once
     */
    Receiver accepted(Connection connection);

    /**
     * A connection that we asked for stands.
     *
     * @param connection the connection, which may be used at once
     * @param attempt as it was called when it was asked for
     */
    Receiver connected(Connection connection, long attempt);

    /**
     * A connection that we asked for did not come about.
     *
     * @param attempt as it was called when it was asked for
     */
    void connectFailed(long attempt);
  }
}
