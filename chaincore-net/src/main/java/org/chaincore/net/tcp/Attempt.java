package org.chaincore.net.tcp;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport.Acceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that was asked for; it is answered once. Thread-safe. */
final class Attempt implements TcpConnection.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  private final Acceptor acceptor;
  private final long number;
  private final Set<Attempt> pending;
  private final AtomicBoolean isAnswered = new AtomicBoolean();

  /**
   * An attempt.
   *
   * @param pending where it is until it is answered
   */
  Attempt(Acceptor acceptor, long number, Set<Attempt> pending) {
    this.acceptor = acceptor;
    this.number = number;
    this.pending = pending;
    pending.add(this);
  }

  private boolean isToBeAnswered() {
    pending.remove(this);
    return !isAnswered.getAndSet(true);
  }

  @Override
  public @Nullable Receiver opened(Connection connection) {
    return isToBeAnswered() ? acceptor.connected(connection, number) : null;
  }

  @Override
  public void neverOpened() {
    if (isToBeAnswered()) {
      try {
        acceptor.connectFailed(number);
      } catch (RuntimeException broken) {
        LOG.error("the acceptor threw", broken);
      }
    }
  }

  @Override
  public boolean isInbound() {
    return false;
  }
}
