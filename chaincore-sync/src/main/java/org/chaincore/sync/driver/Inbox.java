package org.chaincore.sync.driver;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.protocol.Input;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the driver's thread. Sessions that have something to tell stand in line and get a
 * piece of work done each time it is their turn, so that one that floods holds up no other; what
 * the host wants goes first.
 *
 * <p><b>Bytes.</b> Of each session no more than {@link #MAX_UNREAD_BYTES} and what one read brings
 * is kept: then the transport is told to read no more until half of it is done. When more than
 * {@link #MAX_WAITING_BYTES} wait in all, that limit is {@link #GUARANTEED_BYTES} for everyone: who
 * has more waits until it is done, and who has less, as a peer that is heard in time has, is read
 * on. Whose connection is over while more waits than that is not heard to the end.
 *
 * <p><b>Half frames</b> wait too, to be whole, and count in that sum. As one that nobody reads on
 * would never be whole, the session whose large half frame is the oldest is always read, and the
 * others with one wait until it is whole, or cut by {@link HalfFrames}, or until less waits.
 *
 * <p>So the node keeps no more than {@link #MAX_WAITING_BYTES}, and twice {@link #GUARANTEED_BYTES}
 * and one read for each connection that the transport lets in, and one frame; of half frames twice
 * that at worst, since what holds them grows by doubling.
 *
 * <p>Thread-safe. The lock is held for a few steps only, and nobody is called under it.
 */
final class Inbox {
  /** Enough for the largest frame: with less, a peer that sends it would wait for itself. */
  static final long MAX_UNREAD_BYTES = 4 * 1024 * 1024;

  /**
   * What may wait of all sessions before each has only its guaranteed part: many connections that
   * send at once, each less than its own limit, must not fill memory.
   */
  static final long MAX_WAITING_BYTES = 16 * 1024 * 1024;

  /** What may wait of a session however much others flood, so that none is shut out by them. */
  static final long GUARANTEED_BYTES = 64 * 1024;

  /** What a piece of bytes costs beside itself, so that many small ones cannot fill memory. */
  static final int PIECE_OVERHEAD_BYTES = 64;

  /** The host's wishes that may wait; beyond them the host is told that the node is busy. */
  static final int MAX_WISHES = 10_000;

  private final Lock lock;
  private final Runnable wake;
  private final Queue<Session> line = new ArrayDeque<>();
  private final Queue<Wish> wishes = new ArrayDeque<>();
  private long waitingBytes;
  private long heldBytes;

  /** Those whose half frame is above their guaranteed part, the oldest first. */
  private final Set<Session> withHalfFrame = new LinkedHashSet<>();

  /**
   * An empty inbox.
   *
   * @param wake called, outside of the lock, when there may be something to do
   */
  Inbox(LockRegistry locks, Runnable wake) {
    this.lock = locks.lock("sessions", LockRank.SESSION).writeLock();
    this.wake = wake;
  }

  /** Something that the host wants; false if there are too many wishes already. */
  boolean wish(Wish wish) {
    lock.lock();
    try {
      if (wishes.size() >= MAX_WISHES) {
        return false;
      }
      wishes.add(wish);
    } finally {
      lock.unlock();
    }
    wake.run();
    return true;
  }

  /** An answer to what the protocol asked for: as many as it asked for may wait. */
  void answer(Input input) {
    lock.lock();
    try {
      wishes.add(Wish.of(input));
    } finally {
      lock.unlock();
    }
    wake.run();
  }

  /** A connection stands. */
  void opened(Session session) {
    enqueue(session, () -> {});
  }

  void received(Session session, byte[] bytes) {
    boolean isFull;
    lock.lock();
    try {
      session.unread.add(bytes);
      session.unreadBytes += PIECE_OVERHEAD_BYTES + bytes.length;
      waitingBytes += PIECE_OVERHEAD_BYTES + bytes.length;
      isFull = !session.isPaused && session.unreadBytes > mostOf(session);
      session.isPaused |= isFull;
      standInLine(session);
    } finally {
      lock.unlock();
    }
    if (isFull) {
      session.connection().setReading(false);
      if (!isPaused(session)) {
        // The driver was done before this was: what it said must be the last word.
        session.connection().setReading(true);
      }
    }
    wake.run();
  }

  /** What may wait unread of a session now. */
  private long mostOf(Session session) {
    if (!isAboveLimit()) {
      return MAX_UNREAD_BYTES;
    }
    boolean hasToWait =
        withHalfFrame.contains(session) && withHalfFrame.iterator().next() != session;
    return hasToWait ? 0 : GUARANTEED_BYTES;
  }

  private boolean isAboveLimit() {
    return waitingBytes + heldBytes > MAX_WAITING_BYTES;
  }

  /** Whether more waits than may, so that sessions have to wait for each other. */
  boolean isCrowded() {
    lock.lock();
    try {
      return isAboveLimit();
    } finally {
      lock.unlock();
    }
  }

  /** How much of a session is not taken yet; empty if nobody reads it, so that nothing can come. */
  OptionalLong unreadWhileRead(Session session) {
    lock.lock();
    try {
      return session.isPaused || session.isClosed
          ? OptionalLong.empty()
          : OptionalLong.of(session.unreadBytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the decoder of a session keeps of a frame that is not whole.
   *
   * @param bytes of memory; 0 when the session is over
   */
  void holds(Session session, int bytes) {
    // So it is after nearly every message. No lock: only the driver's thread, which calls, sets it.
    if (bytes == session.heldBytes) {
      return;
    }
    List<Session> free;
    lock.lock();
    try {
      heldBytes += bytes - session.heldBytes;
      session.heldBytes = bytes;
      if (bytes > GUARANTEED_BYTES) {
        withHalfFrame.add(session);
      } else {
        withHalfFrame.remove(session);
      }
      free = takeFree(session);
    } finally {
      lock.unlock();
    }
    free.forEach(this::readOn);
  }

  /** Those that were told to wait for others and need not any more, and this one if it is free. */
  private List<Session> takeFree(Session self) {
    if (!self.isPaused && withHalfFrame.isEmpty()) {
      return List.of();
    }
    List<Session> free = new ArrayList<>();
    if (mayReadOn(self)) {
      free.add(self);
    }
    for (Session other : withHalfFrame) {
      if (other != self && mayReadOn(other)) {
        free.add(other);
      }
    }
    free.forEach(session -> session.isPaused = false);
    return free;
  }

  private boolean mayReadOn(Session session) {
    return session.isPaused && session.unreadBytes < mostOf(session) / 2;
  }

  private void readOn(Session session) {
    session.connection().setReading(true);
    if (isPaused(session)) {
      // It filled up again before this was said, and that must be the last word.
      session.connection().setReading(false);
    }
  }

  private boolean isPaused(Session session) {
    lock.lock();
    try {
      return session.isPaused;
    } finally {
      lock.unlock();
    }
  }

  void drained(Session session) {
    enqueue(session, () -> session.isDrained = true);
  }

  void closed(Session session) {
    enqueue(
        session,
        () -> {
          session.isClosed = true;
          if (isAboveLimit()) {
            // Or whoever connects again and again would leave its guaranteed part each time.
            waitingBytes -= session.unreadBytes;
            session.unreadBytes = 0;
            session.unread.clear();
          }
        });
  }

  private void enqueue(Session session, Runnable change) {
    lock.lock();
    try {
      change.run();
      standInLine(session);
    } finally {
      lock.unlock();
    }
    wake.run();
  }

  private void standInLine(Session session) {
    if (!session.isInLine) {
      session.isInLine = true;
      line.add(session);
    }
  }

  /** The host's next wish, null if there is none. */
  @Nullable Wish takeWish() {
    lock.lock();
    try {
      return wishes.poll();
    } finally {
      lock.unlock();
    }
  }

  /** The session whose turn it is, null if none has anything to tell. */
  @Nullable Session takeTurn() {
    lock.lock();
    try {
      Session session = line.poll();
      if (session != null) {
        session.isInLine = false;
      }
      return session;
    } finally {
      lock.unlock();
    }
  }

  /** The next piece of what a session has to tell; it stands in line again if there is more. */
  News takeNews(Session session) {
    List<Session> free;
    News news;
    lock.lock();
    try {
      byte[] first = session.unread.poll();
      ByteBuffer bytes = first == null ? News.NO_BYTES : ByteBuffer.wrap(first);
      long taken = first == null ? 0 : PIECE_OVERHEAD_BYTES + first.length;
      session.unreadBytes -= taken;
      waitingBytes -= taken;
      boolean isDrained = session.isDrained;
      session.isDrained = false;
      boolean isLast = session.unread.isEmpty();
      if (!isLast) {
        standInLine(session);
      }
      free = takeFree(session);
      news = new News(bytes, isDrained, isLast && session.isClosed);
    } finally {
      lock.unlock();
    }
    free.forEach(this::readOn);
    return news;
  }

  /** What of all sessions waits to be looked at, or to be whole. */
  long waitingBytes() {
    lock.lock();
    try {
      return waitingBytes + heldBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is nothing to do. */
  boolean isEmpty() {
    lock.lock();
    try {
      return line.isEmpty() && wishes.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
