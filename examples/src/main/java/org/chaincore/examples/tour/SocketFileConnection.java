package org.chaincore.examples.tour;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;

/**
 * A connection through a socket file: one thread reads and tells, one writes. Callbacks come under
 * a lock of their own, so one at a time; the methods take another, so none of them ever waits for a
 * callback. Thread-safe.
 */
final class SocketFileConnection implements Connection {
  private static final int READ_BYTES = 1 << 16;

  /** What was sent before the end may take so long to leave: the other end may not read. */
  private static final long LAST_WORDS_SECONDS = 2;

  private final SocketChannel channel;
  private final NetworkAddress remote;
  private final Consumer<Connection> whenOver;
  private final Object telling = new Object();

  // Guarded by telling.
  private boolean isEndTold;

  // Guarded by this.
  private final Queue<byte[]> unsent = new ArrayDeque<>();
  private long unsentBytes;
  private boolean isReading = true;
  private boolean isClosing;

  SocketFileConnection(
      SocketChannel channel, NetworkAddress remote, Consumer<Connection> whenOver) {
    this.channel = channel;
    this.remote = remote;
    this.whenOver = whenOver;
  }

  /** From now on the receiver hears, and what was sent before leaves. */
  void begin(Receiver receiver, ExecutorService threads) {
    try {
      threads.execute(() -> writeAll(receiver));
      threads.execute(() -> readAll(receiver));
    } catch (RejectedExecutionException closed) {
      readAll(receiver); // The transport was closed meanwhile, and this connection with it.
    }
  }

  @Override
  public NetworkAddress remote() {
    return remote;
  }

  @Override
  public synchronized void send(byte[] bytes) {
    if (!isClosing) {
      unsent.add(bytes);
      unsentBytes += bytes.length;
      notifyAll();
    }
  }

  @Override
  public synchronized long queuedBytes() {
    return unsentBytes;
  }

  @Override
  public synchronized void setReading(boolean nowReading) {
    isReading = nowReading;
    notifyAll();
  }

  @Override
  public synchronized void close() {
    if (!isClosing) {
      isClosing = true;
      notifyAll();
      CompletableFuture.delayedExecutor(LAST_WORDS_SECONDS, TimeUnit.SECONDS)
          .execute(() -> closeQuietly(channel));
    }
  }

  static void closeQuietly(Closeable open) {
    try {
      open.close();
    } catch (IOException unused) {
      // It is over either way.
    }
  }

  private void writeAll(Receiver receiver) {
    try {
      for (byte[] next = toSend(); next != null; next = toSend()) {
        channel.write(ByteBuffer.wrap(next));
        if (hasSent(next.length)) {
          tell(receiver, Receiver::drained);
        }
      }
    } catch (IOException | InterruptedException over) {
      close();
    } finally {
      closeQuietly(channel); // Which ends the reading.
    }
  }

  /** What is to be sent next, as soon as there is something; null when all has left. */
  private synchronized byte[] toSend() throws InterruptedException {
    while (unsent.isEmpty() && !isClosing) {
      wait();
    }
    return unsent.poll();
  }

  /** Whether nothing more waits. */
  private synchronized boolean hasSent(int bytes) {
    unsentBytes -= bytes;
    return unsentBytes == 0;
  }

  private void readAll(Receiver receiver) {
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    try {
      while (channel.read(buffer) >= 0) {
        byte[] bytes = new byte[buffer.flip().limit()];
        buffer.get(bytes).clear();
        awaitReading();
        tell(receiver, hearing -> hearing.received(bytes));
      }
    } catch (IOException | InterruptedException over) {
      // Told below.
    } finally {
      close();
      whenOver.accept(this);
      tell(receiver, Receiver::closed);
      synchronized (telling) {
        isEndTold = true;
      }
    }
  }

  private synchronized void awaitReading() throws InterruptedException {
    while (!isReading && !isClosing) {
      wait();
    }
  }

  /** Whoever sends must not suffer from who hears: what a receiver throws ends its connection. */
  private void tell(Receiver receiver, Consumer<Receiver> news) {
    synchronized (telling) {
      if (!isEndTold) {
        try {
          news.accept(receiver);
        } catch (RuntimeException broken) {
          close();
        }
      }
    }
  }
}
