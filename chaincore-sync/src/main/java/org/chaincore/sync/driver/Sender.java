package org.chaincore.sync.driver;

import java.util.ArrayDeque;
import java.util.Queue;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.protocol.SyncProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages, and watches how much of them waits to leave: the protocol stops serving who does
 * not read, and who does not read at all is cut.
 *
 * <p>Not thread-safe; confined to the driver's thread.
 */
final class Sender {
  /** So much may wait to be sent before a connection ends: nobody who reads comes near it. */
  static final long MAX_QUEUED_BYTES = 32 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  private final FrameEncoder encoder;
  private final Queue<Session> newlyCongested = new ArrayDeque<>();

  Sender(FrameEncoder encoder) {
    this.encoder = encoder;
  }

  /** Sends a message; the size of its frame. */
  int send(Session to, Message message) {
    byte[] frame = encoder.encodeOnce(message);
    to.connection().send(frame);
    long queued = to.connection().queuedBytes();
    if (queued > MAX_QUEUED_BYTES) {
      LOG.debug("{} is cut: it does not read", to.id());
      to.connection().close();
    } else if (queued > SyncProtocol.SEND_QUEUE_BYTES && !to.isCongested()) {
      to.setCongested(true);
      newlyCongested.add(to);
    }
    return frame.length;
  }

  /** A session that has become congested and of which the protocol is to be told; null if none. */
  @Nullable Session takeCongested() {
    return newlyCongested.poll();
  }

  /** Something has left; whether a session has ceased to be congested by that. */
  boolean drained(Session session) {
    boolean isOver =
        session.isCongested()
            && session.connection().queuedBytes() <= SyncProtocol.SEND_QUEUE_BYTES;
    if (isOver) {
      session.setCongested(false);
    }
    return isOver;
  }
}
