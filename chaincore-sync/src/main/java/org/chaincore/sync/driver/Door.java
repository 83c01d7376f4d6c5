package org.chaincore.sync.driver;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.RankedReadWriteLock;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Takes in connections from the transport, gives each its name, and knows all that there are.
 *
 * <p>A connection that we asked for is known by the address that was asked for: what its other end
 * calls itself may be a proxy's, or another name for the same place, and the protocol waits for
 * news of the address that it dialled.
 *
 * <p><b>Attempts.</b> The transport may owe an answer for ever. An attempt is forgotten some time
 * after the protocol has given it up, and of very many the oldest; whoever connects by it then is
 * not let in.
 *
 * <p>Thread-safe: the transport calls it from its threads. Nobody is called under its lock.
 */
final class Door implements Transport.Acceptor {
  /** Longer than the protocol waits for an answer, so an answer that it waits for is passed on. */
  static final long ATTEMPT_MILLIS = 60_000;

  /**
   * Several times what a protocol dials within that time; a transport gone mute fills no memory.
   */
  static final int MAX_ATTEMPTS = 256;

  /** A connection that was asked for. */
  private record Attempt(Output.Connect asked, long untilMillis) {}

  private final Transport transport;
  private final Inbox inbox;
  private final ChainParams params;

  /** Guards what is below. */
  private final RankedReadWriteLock peersLock;

  private final Map<PeerId, Session> sessions = new LinkedHashMap<>();

  /** Oldest first. */
  private final Map<Long, Attempt> attempts = new LinkedHashMap<>();

  private long nextPeer = 1;
  private long nextAttempt = 1;
  private boolean isClosed;

  Door(DriverSetup setup, Inbox inbox) {
    this.transport = setup.transport();
    this.inbox = inbox;
    this.params = setup.protocol().engine().params();
    this.peersLock = setup.locks().lock("peers", LockRank.PEERS);
  }

  /**
   * Has a connection made; the answer comes by the inbox.
   *
   * @param nowMillis protocol time
   */
  void dial(Output.Connect wanted, long nowMillis) {
    long attempt = locked(() -> remember(wanted, nowMillis));
    transport.connect(wanted.address(), attempt);
  }

  private long remember(Output.Connect wanted, long nowMillis) {
    Iterator<Attempt> oldestFirst = attempts.values().iterator();
    while (oldestFirst.hasNext()
        && (oldestFirst.next().untilMillis <= nowMillis || attempts.size() >= MAX_ATTEMPTS)) {
      oldestFirst.remove();
    }
    long attempt = nextAttempt++;
    attempts.put(attempt, new Attempt(wanted, nowMillis + ATTEMPT_MILLIS));
    return attempt;
  }

  /** How many connections that were asked for stand out. */
  int attempts() {
    return read(attempts::size);
  }

  @Override
  public Receiver accepted(Connection connection) {
    return open(connection, connection.remote(), ConnectionKind.INBOUND);
  }

  @Override
  public Receiver connected(Connection connection, long attempt) {
    Attempt known = locked(() -> attempts.remove(attempt));
    return known == null
        ? refuse(connection)
        : open(connection, known.asked.address(), known.asked.kind());
  }

  @Override
  public void connectFailed(long attempt) {
    Attempt known = locked(() -> attempts.remove(attempt));
    if (known != null) {
      inbox.answer(new Input.ConnectFailed(known.asked.address(), known.asked.kind()));
    }
  }

  private Receiver open(Connection connection, NetworkAddress address, ConnectionKind kind) {
    Session session = locked(() -> add(connection, address, kind));
    if (session == null) {
      return refuse(connection);
    }
    inbox.opened(session);
    return session;
  }

  private static Receiver refuse(Connection connection) {
    connection.close();
    return new NobodyListens();
  }

  private @Nullable Session add(
      Connection connection, NetworkAddress address, ConnectionKind kind) {
    if (isClosed) {
      return null;
    }
    Input.Connected who = new Input.Connected(new PeerId(nextPeer++), address, kind);
    Session session = new Session(who, connection, inbox, params);
    sessions.put(session.id(), session);
    return session;
  }

  /** The connection of this name, null if it has ended. */
  @Nullable Session find(PeerId peer) {
    return read(() -> sessions.get(peer));
  }

  /** Ends a connection, if it has not ended; the inbox hears when it is over. */
  void cut(PeerId peer) {
    Session session = find(peer);
    if (session != null) {
      session.connection().close();
    }
  }

  /** Forgets a connection that is gone; false if it was forgotten before. */
  boolean forget(Session session) {
    return locked(() -> sessions.remove(session.id())) != null;
  }

  /** How many connections there are. */
  int connections() {
    return read(sessions::size);
  }

  /** Lets nobody in any more. Who is in is the transport's to end. */
  void close() {
    locked(() -> isClosed = true);
  }

  private <T extends @Nullable Object> T locked(Supplier<T> change) {
    return under(peersLock.writeLock(), change);
  }

  private <T extends @Nullable Object> T read(Supplier<T> question) {
    return under(peersLock.readLock(), question);
  }

  private static <T extends @Nullable Object> T under(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Hears what still comes from a connection that was not let in. */
  private static final class NobodyListens implements Receiver {
    @Override
    public void received(byte[] bytes) {}

    @Override
    public void drained() {}

    @Override
    public void closed() {}
  }
}
