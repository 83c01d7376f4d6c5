package org.chaincore.sync.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/** A transport whose other side is the test. */
final class FakeTransport implements Transport {
  /** A connection that notes what is done with it. */
  static final class Line implements Connection {
    final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    volatile long queued;
    volatile boolean isBroken;
    volatile @Nullable Runnable atPause;

    @Override
    public NetworkAddress remote() {
      return Conversation.addressOf(77);
    }

    @Override
    public void send(byte[] bytes) {
      if (isBroken) {
        throw new IllegalStateException("a broken transport");
      }
      done.add("send");
    }

    @Override
    public long queuedBytes() {
      return queued;
    }

    @Override
    public void setReading(boolean isReading) {
      Runnable then = atPause;
      if (!isReading && then != null) {
        then.run();
      }
      done.add(isReading ? "read" : "pause");
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  /** An attempt to connect. */
  record Attempt(NetworkAddress to, long number) {}

  final BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();
  final List<String> calls = new ArrayList<>();
  boolean refusesToStart;
  volatile @Nullable Acceptor acceptor;

  @Override
  public void start(Acceptor hearing) {
    if (refusesToStart) {
      throw new IllegalStateException("the port is taken");
    }
    acceptor = hearing;
  }

  @Override
  public void connect(NetworkAddress to, long attempt) {
    attempts.add(new Attempt(to, attempt));
  }

  @Override
  public void close() {
    calls.add("close");
  }

  Acceptor acceptor() {
    Acceptor there = acceptor;
    if (there == null) {
      throw new IllegalStateException("not started");
    }
    return there;
  }
}
