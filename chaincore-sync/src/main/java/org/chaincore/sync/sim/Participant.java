package org.chaincore.sync.sim;

import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Somebody on a simulated network: an honest node, or whatever a test makes of it. Called by the
 * simulation, in its thread; what it does takes no virtual time.
 */
public interface Participant {
  /** Where others reach it. */
  NetworkAddress address();

  /** Whether somebody who connects now is let in. */
  boolean isReachable();

  /**
   * A connection stands.
   *
   * @param wire our end of it
   * @param isInbound whether the other side made it
   */
  void opened(Wire wire, boolean isInbound);

  /**
   * A connection that we asked for did not come about.
   *
   * @param to where it should have gone
   */
  void failed(NetworkAddress to);

  /** Something came. */
  void received(Wire wire, Message message);

  /**
   * Something came that is no message.
   *
   * @param reason what is wrong with it
   */
  default void receivedGarbage(Wire wire, String reason) {}

  /** A connection is over, whoever ended it. Nothing comes after this. */
  void closed(Wire wire);
}
