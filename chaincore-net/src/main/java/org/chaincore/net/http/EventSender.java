package org.chaincore.net.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Sends a stream of events as fast as its client reads. Confined to the event loop of its
 * connection, but for {@link #isDue} and for being woken.
 */
final class EventSender {
  /**
   * From one piece to the next: clients that read all of a long log at once leave the others of the
   * server their turns, and where much happens it is told in fewer pieces.
   */
  static final long PAUSE_MILLIS = 20;

  private final Channel channel;
  private final ApiStream stream;
  private final HttpService service;
  private final AtomicBoolean isWoken = new AtomicBoolean();

  /** When something was written last, or could not be since the client does not read. */
  private volatile long lastNanos = System.nanoTime();

  private volatile boolean isStopped;
  private EventReader.@Nullable Subscription subscription;
  private boolean isPausing;

  EventSender(Channel channel, ApiStream stream, HttpService service) {
    this.channel = channel;
    this.stream = stream;
    this.service = service;
  }

  void start() {
    subscription = stream.whenMore(this::wake);
    send();
  }

  /** Called from any thread; many calls before the client's turn come to one. */
  private void wake() {
    if (!isStopped && !channel.eventLoop().isShuttingDown() && isWoken.compareAndSet(false, true)) {
      channel.eventLoop().execute(this::send);
    }
  }

  /** Writes a piece, unless the client has enough to read or there is nothing to write. */
  void send() {
    isWoken.set(false);
    if (isStopped || isPausing || !channel.isWritable()) {
      return;
    }
    Optional<Bytes> piece = stream.next();
    if (piece.isPresent()) {
      isPausing = true;
      write(piece.get());
      channel.flush();
      var unused = channel.eventLoop().schedule(this::goOn, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void goOn() {
    isPausing = false;
    send();
  }

  private void write(Bytes piece) {
    lastNanos = System.nanoTime();
    var unused = channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(piece.toArray())));
  }

  /** Whether it is time for a sign of life, or for an end. Called from any thread. */
  boolean isDue(long nowNanos) {
    return nowNanos - lastNanos >= service.times().heartbeat().toNanos();
  }

  void beat() {
    if (isStopped) {
      return;
    }
    if (channel.isWritable()) {
      write(stream.heartbeat());
      channel.flush();
    } else if (System.nanoTime() - lastNanos > service.times().reading().toNanos()) {
      var unused = channel.close();
    }
  }

  void stop() {
    isStopped = true;
    EventReader.Subscription current = subscription;
    if (current != null) {
      current.close();
    }
    service.closeStream();
  }
}
