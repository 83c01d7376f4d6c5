package org.chaincore.net.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent over one connection. Senders put their arrays in line; the connection's own
 * thread takes pieces out as the socket takes them. So what waits for many peers, a block perhaps,
 * is in memory once, and Netty's copies hold no more than its water mark and a piece.
 *
 * <p>Thread-safe; methods that say so are confined to the connection's thread.
 */
final class Outbox {
  /** Pieces in which large arrays go, and how fine progress is seen. */
  static final int PIECE_BYTES = 64 * 1024;

  /** Hears in the connection's thread, from where it may put more in line. */
  interface Listener {
    /**
     * The line is empty or half as long as it was, after the socket did not take all at once, or
     * empty after more was in it than one piece.
     */
    void drained();

    /** Nothing is left to be sent. */
    void emptied();
  }

  private final Channel channel;
  private final OutputBudget budget;
  private final Listener listener;
  private final AtomicLong queuedBytes = new AtomicLong();

  // Guarded by this; nobody is called under it.
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private int takenOfFirst;
  private boolean isFlushDue;
  private boolean isShut;

  /** More was put in line than is worth a pause, and nobody was told yet that it is gone. */
  private boolean isDrainOwed;

  // Confined to the connection's thread.
  private boolean hasWaited;
  private long mostBytes;
  private long progressAtNanos;

  Outbox(Channel channel, OutputBudget budget, Listener listener) {
    this.channel = channel;
    this.budget = budget;
    this.listener = listener;
  }

  /** Puts bytes in line, unless it is shut. */
  void add(byte[] bytes) {
    boolean mustFlush;
    synchronized (this) {
      if (isShut) {
        return;
      }
      waiting.add(bytes);
      isDrainOwed |= queuedBytes.addAndGet(bytes.length) > PIECE_BYTES;
      mustFlush = !isFlushDue;
      isFlushDue = true;
    }
    budget.add(bytes.length);
    if (mustFlush) {
      try {
        channel.eventLoop().execute(this::flush);
      } catch (RejectedExecutionException stopped) {
        shut(); // The threads have ended, and the connection with them.
      }
    }
  }

  long queuedBytes() {
    return queuedBytes.get();
  }

  /** Hands over what the socket takes. Confined to the connection's thread. */
  void flush() {
    synchronized (this) {
      isFlushDue = false;
    }
    while (channel.isWritable()) {
      ByteBuf piece = take();
      if (piece == null) {
        break;
      }
      int bytes = piece.readableBytes();
      channel.write(piece).addListener(written -> left(bytes, written.isSuccess()));
    }
    channel.flush();
    long queued = queuedBytes.get();
    if (queued > 0) {
      if (!hasWaited) {
        hasWaited = true;
        progressAtNanos = System.nanoTime();
      }
      mostBytes = Math.max(mostBytes, queued);
    }
  }

  private synchronized @Nullable ByteBuf take() {
    byte[] first = waiting.peek();
    if (first == null) {
      return null;
    }
    int bytes = Math.min(PIECE_BYTES, first.length - takenOfFirst);
    ByteBuf piece = Unpooled.wrappedBuffer(first, takenOfFirst, bytes);
    takenOfFirst += bytes;
    if (takenOfFirst == first.length) {
      waiting.remove();
      takenOfFirst = 0;
    }
    return piece;
  }

  private void left(int bytes, boolean isSent) {
    long queued = queuedBytes.addAndGet(-bytes);
    budget.left(bytes, isSent);
    // All may have gone at once, so that nothing was ever seen to wait.
    boolean isDrained = queued == 0 && takeOwedDrain();
    if (hasWaited) {
      progressAtNanos = System.nanoTime();
      if (queued <= mostBytes / 2) {
        mostBytes = queued;
        hasWaited = queued > 0;
        isDrained = true;
      }
    }
    if (isDrained) {
      listener.drained();
    }
    if (queued == 0) {
      listener.emptied();
    }
  }

  /** Under the lock of those who add, so that what was added meanwhile is owed still. */
  private synchronized boolean takeOwedDrain() {
    boolean isOwed = isDrainOwed && queuedBytes.get() == 0;
    isDrainOwed &= !isOwed;
    return isOwed;
  }

  /** Since when the socket takes nothing; null if nothing waits. Confined to the thread. */
  @Nullable Long stalledSinceNanos() {
    return hasWaited ? progressAtNanos : null;
  }

  /** Forgets what waits here, and takes no more. */
  void shut() {
    long forgotten = clear();
    queuedBytes.addAndGet(-forgotten);
    budget.left(forgotten, false);
  }

  private synchronized long clear() {
    long bytes = 0;
    for (byte[] array : waiting) {
      bytes += array.length;
    }
    bytes -= takenOfFirst;
    waiting.clear();
    takenOfFirst = 0;
    isShut = true;
    return bytes;
  }
}
