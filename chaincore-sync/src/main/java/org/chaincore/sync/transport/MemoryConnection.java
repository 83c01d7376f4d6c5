package org.chaincore.sync.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection within the process. Everything that happens to an end is put in line and
 * told by whichever thread finds nobody telling, so that the receiver hears one thing at a time, in
 * order, and no thread waits for another.
 *
 * <p>Thread-safe.
 */
final class MemoryConnection implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryConnection.class);

  private final MemoryNetwork network;
  private final NetworkAddress remote;
  private final Set<MemoryConnection> open;
  private @Nullable MemoryConnection peer;

  // Guarded by this.
  private final Queue<byte[]> unread = new ArrayDeque<>();
  private long unreadBytes;
  private @Nullable Receiver receiver;
  private boolean isReading = true;
  private boolean isDrainedUntold;

  /** Whether the other end knows that something waits here, and is to hear when nothing does. */
  private boolean isAwaited;

  private boolean isClosed;
  private boolean isEndTold;
  private boolean isTelling;

  MemoryConnection(MemoryNetwork network, NetworkAddress remote, Set<MemoryConnection> open) {
    this.network = network;
    this.remote = remote;
    this.open = open;
  }

  /** Makes the two ends of a connection of two that were just created. */
  void join(MemoryConnection other) {
    peer = other;
    other.peer = this;
    open.add(this);
    other.open.add(other);
  }

  /** From now on this end hears. */
  void receiveBy(Receiver hearing) {
    synchronized (this) {
      receiver = hearing;
    }
    tell();
  }

  @Override
  public NetworkAddress remote() {
    return remote;
  }

  @Override
  public void send(byte[] bytes) {
    MemoryConnection other = peer;
    if (other != null && bytes.length > 0 && !isClosed()) {
      other.expect(bytes.length);
      if (!network.later(() -> other.arrived(bytes))) {
        close(); // What came after this would not follow what was sent before.
      }
    }
  }

  @Override
  public long queuedBytes() {
    MemoryConnection other = peer;
    return other == null ? 0 : other.unreadBytes();
  }

  @Override
  public void setReading(boolean nowReading) {
    synchronized (this) {
      isReading = nowReading;
    }
    tell();
  }

  @Override
  public void close() {
    MemoryConnection other = peer;
    end();
    if (other != null && !network.later(other::end)) {
      other.end();
    }
  }

  private synchronized void expect(int bytes) {
    unreadBytes += bytes;
  }

  private synchronized long unreadBytes() {
    isAwaited = unreadBytes > 0;
    return unreadBytes;
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  private void arrived(byte[] bytes) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      unread.add(bytes);
    }
    tell();
  }

  private void end() {
    synchronized (this) {
      isClosed = true;
    }
    open.remove(this);
    tell();
  }

  private void peerRead() {
    synchronized (this) {
      isDrainedUntold = true;
    }
    tell();
  }

  /** Tells the receiver what is in line, unless another thread, or this one further up, does. */
  private void tell() {
    synchronized (this) {
      if (isTelling || receiver == null) {
        return;
      }
      isTelling = true;
    }
    while (tellNext()) {}
  }

  private boolean tellNext() {
    Consumer<Receiver> news;
    Receiver hearing;
    synchronized (this) {
      hearing = receiver;
      news = hearing == null ? null : next();
      if (news == null) {
        isTelling = false;
        return false;
      }
    }
    try {
      news.accept(hearing);
    } catch (RuntimeException broken) {
      // Whoever sends must not suffer from who hears, and nobody may wait for this end for ever.
      LOG.error("a receiver threw", broken);
      close();
    }
    return true;
  }

  /** What is to be told next; null if nothing is. */
  private @Nullable Consumer<Receiver> next() {
    byte[] bytes = isReading || isClosed ? unread.poll() : null;
    if (bytes != null) {
      unreadBytes -= bytes.length;
      boolean wasLast = unreadBytes == 0 && isAwaited;
      isAwaited &= !wasLast;
      return hearing -> {
        hearing.received(bytes);
        MemoryConnection other = peer;
        if (wasLast && other != null) {
          other.peerRead();
        }
      };
    }
    if (isClosed) {
      boolean wasTold = isEndTold;
      isEndTold = true;
      return wasTold ? null : Receiver::closed;
    }
    if (isDrainedUntold) {
      isDrainedUntold = false;
      return Receiver::drained;
    }
    return null;
  }
}
