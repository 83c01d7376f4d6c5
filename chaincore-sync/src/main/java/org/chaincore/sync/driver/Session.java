package org.chaincore.sync.driver;

import java.util.ArrayDeque;
import java.util.Queue;
import org.chaincore.core.config.ChainParams;
import org.chaincore.sync.codec.FrameDecoder;
import org.chaincore.sync.codec.FrameLimits;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;

/**
 * One connection: what has come from it and was not looked at yet. What the transport tells goes
 * into the {@link Inbox}; the driver takes it out from there.
 *
 * <p>The queue and its flags are guarded by the inbox's lock; the decoder and what the protocol was
 * told are confined to the driver's thread.
 */
final class Session implements Receiver {
  private final Input.Connected who;
  private final Connection connection;
  private final Inbox inbox;
  private final FrameDecoder decoder;

  // Guarded by the inbox's lock.
  final Queue<byte[]> unread = new ArrayDeque<>();
  long unreadBytes;
  int heldBytes;
  boolean isPaused;
  boolean isClosed;
  boolean isDrained;
  boolean isInLine;

  // Confined to the driver's thread.
  private boolean isOpenedTold;
  private boolean isCongested;

  Session(Input.Connected who, Connection connection, Inbox inbox, ChainParams params) {
    this.who = who;
    this.connection = connection;
    this.inbox = inbox;
    this.decoder = FrameDecoder.ofConnection(params.identity().magic(), FrameLimits.of(params));
  }

  PeerId id() {
    return who.peer();
  }

  /** What the protocol is told first. */
  Input.Connected who() {
    return who;
  }

  Connection connection() {
    return connection;
  }

  FrameDecoder decoder() {
    return decoder;
  }

  /** True once: the protocol has to hear of the connection before it hears from it. */
  boolean isNew() {
    boolean isNew = !isOpenedTold;
    isOpenedTold = true;
    return isNew;
  }

  /** Whether the protocol was told that too much waits to be sent. */
  boolean isCongested() {
    return isCongested;
  }

  void setCongested(boolean congested) {
    isCongested = congested;
  }

  @Override
  public void received(byte[] bytes) {
    inbox.received(this, bytes);
  }

  @Override
  public void drained() {
    inbox.drained(this);
  }

  @Override
  public void closed() {
    inbox.closed(this);
  }
}
