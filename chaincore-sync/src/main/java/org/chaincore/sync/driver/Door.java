package org.chaincore.sync.driver;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * <p>Thread-safe: the transport calls it from its threads. Nobody is called under its lock.
 */
final class Door implements Transport.Acceptor {
  private final Transport transport;
  private final Inbox inbox;
  private final ChainParams params;

  /** Guards what is below. */
  private final RankedReadWriteLock peersLock;

  private final Map<PeerId, Session> sessions = new LinkedHashMap<>();
  private final Map<Long, Output.Connect> attempts = new HashMap<>();
  private long nextPeer = 1;
  private long nextAttempt = 1;
  private boolean isClosed;

  Door(DriverSetup setup, Inbox inbox) {
    this.transport = setup.transport();
    this.inbox = inbox;
    this.params = setup.protocol().engine().params();
    this.peersLock = setup.locks().lock("peers", LockRank.PEERS);
  }

  /** Has a connection made; the answer comes by the inbox. */
  void dial(Output.Connect wanted) {
    long attempt = locked(() -> remember(wanted));
    transport.connect(wanted.address(), attempt);
  }

  private long remember(Output.Connect wanted) {
    long attempt = nextAttempt++;
    attempts.put(attempt, wanted);
    return attempt;
  }

  @Override
  public Receiver accepted(Connection connection) {
    return open(connection, connection.remote(), ConnectionKind.INBOUND);
  }

  @Override
  public Receiver connected(Connection connection, long attempt) {
    Output.Connect asked = locked(() -> attempts.remove(attempt));
    return open(
        connection, connection.remote(), asked == null ? ConnectionKind.OUTBOUND : asked.kind());
  }

  @Override
  public void connectFailed(long attempt) {
    Output.Connect asked = locked(() -> attempts.remove(attempt));
    if (asked != null) {
      inbox.answer(new Input.ConnectFailed(asked.address(), asked.kind()));
    }
  }

  private Receiver open(Connection connection, NetworkAddress address, ConnectionKind kind) {
    Session session = locked(() -> add(connection, address, kind));
    if (session == null) {
      connection.close();
      return new NobodyListens();
    }
    inbox.opened(session);
    return session;
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
    peersLock.readLock().lock();
    try {
      return sessions.get(peer);
    } finally {
      peersLock.readLock().unlock();
    }
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
    peersLock.readLock().lock();
    try {
      return sessions.size();
    } finally {
      peersLock.readLock().unlock();
    }
  }

  /** Lets nobody in any more. Who is in is the transport's to end. */
  void close() {
    locked(() -> isClosed = true);
  }

  private <T extends @Nullable Object> T locked(Supplier<T> change) {
    peersLock.writeLock().lock();
    try {
      return change.get();
    } finally {
      peersLock.writeLock().unlock();
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
