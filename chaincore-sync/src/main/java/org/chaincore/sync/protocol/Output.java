package org.chaincore.sync.protocol;

import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;

/** What the protocol wants done. To be done in the order given. */
public sealed interface Output {
  /**
   * Send a message. What is sent to one peer arrives in this order, or the connection ends.
   *
   * @param peer whom
   * @param message what
   */
  record Send(PeerId peer, Message message) implements Output {}

  /**
   * Make a connection. Answered by {@link Input.Connected} or {@link Input.ConnectFailed}.
   *
   * @param address where
   * @param kind what for
   */
  record Connect(NetworkAddress address, ConnectionKind kind) implements Output {}

  /**
   * End a connection, after what was sent before has left or a short while has passed. Answered by
   * {@link Input.Disconnected}.
   *
   * @param peer which
   * @param reason why, for the log and the statistics; the peer is not told
   */
  record Disconnect(PeerId peer, DisconnectReason reason) implements Output {}

  /**
   * Wake the protocol at a time, by {@link Input.Woken}. It takes the place of the one before.
   * Every {@link Input.Woken} uses it up, also one that comes early: if there is still something to
   * wait for, it is answered by another.
   *
   * @param atMillis the time, on the clock of {@link SyncProtocol#handle}
   */
  record WakeAt(long atMillis) implements Output {}

  /**
   * Tell the host.
   *
   * @param event what
   */
  record Emit(SyncEvent event) implements Output {}
}
