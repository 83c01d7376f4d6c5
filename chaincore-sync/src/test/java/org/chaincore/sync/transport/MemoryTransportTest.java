package org.chaincore.sync.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of transports, kept by the one in memory. */
@Timeout(60)
final class MemoryTransportTest {
  private static final NetworkAddress HERE = Conversation.addressOf(1);
  private static final NetworkAddress THERE = Conversation.addressOf(2);

  /** One end of a connection, and what it heard. */
  private static final class End implements Receiver {
    final Connection connection;
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    boolean isBroken;

    End(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void received(byte[] bytes) {
      if (isBroken) {
        throw new IllegalStateException("a bug");
      }
      heard.add("bytes " + bytes[0]);
    }

    @Override
    public void drained() {
      heard.add("drained");
    }

    @Override
    public void closed() {
      heard.add("closed");
    }

    String next() throws InterruptedException {
      String next = heard.poll(30, TimeUnit.SECONDS);
      assertThat(next).as("something heard in time").isNotNull();
      return next;
    }
  }

  /** A node of these tests. */
  private static final class Host implements Transport.Acceptor {
    final Transport transport;
    final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    final List<String> told = new ArrayList<>();
    @Nullable Runnable atAccept;

    Host(MemoryNetwork network, NetworkAddress address) {
      transport = network.transportAt(address);
      transport.start(this);
    }

    private Receiver open(Connection connection, String how) {
      End end = new End(connection);
      told.add(how + " " + connection.remote());
      ends.add(end);
      Runnable then = atAccept;
      if (then != null) {
        then.run();
      }
      return end;
    }

    @Override
    public Receiver accepted(Connection connection) {
      return open(connection, "accepted");
    }

    @Override
    public Receiver connected(Connection connection, long attempt) {
      return open(connection, "connected " + attempt);
    }

    @Override
    public void connectFailed(long attempt) {
      told.add("failed " + attempt);
    }

    End end() throws InterruptedException {
      End end = ends.poll(30, TimeUnit.SECONDS);
      assertThat(end).as("a connection in time").isNotNull();
      return end;
    }
  }

  private final MemoryNetwork network = MemoryNetwork.immediate();
  private final Host here = new Host(network, HERE);
  private final Host there = new Host(network, THERE);

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value, 0, 0};
  }

  @Test
  void connect_makesTwoEnds() throws Exception {
    here.transport.connect(THERE, 7);

    assertThat(here.told).containsExactly("connected 7 " + THERE);
    assertThat(there.told).containsExactly("accepted " + HERE);
    here.end().connection.send(bytes(5));
    assertThat(there.end().next()).isEqualTo("bytes 5");
  }

  @Test
  void connect_toNobody_fails() {
    here.transport.connect(Conversation.addressOf(9), 3);

    assertThat(here.told).containsExactly("failed 3");
  }

  @Test
  void start_whereSomebodyListens_isRefused() {
    assertThatThrownBy(() -> new Host(network, HERE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytes_toAnEndThatDoesNotRead_waitAndAreCounted() throws Exception {
    here.transport.connect(THERE, 1);
    End near = here.end();
    End far = there.end();
    far.connection.setReading(false);
    near.connection.send(bytes(1));
    near.connection.send(bytes(2));
    near.connection.send(new byte[0]);
    assertThat(near.connection.queuedBytes()).isEqualTo(6);
    assertThat(far.heard).isEmpty();

    far.connection.setReading(true);

    assertThat(far.heard).containsExactly("bytes 1", "bytes 2");
    assertThat(near.heard).containsExactly("drained");
    assertThat(near.connection.queuedBytes()).isZero();
    near.connection.send(bytes(3));
    assertThat(near.heard).as("nothing waited").containsExactly("drained");
  }

  @Test
  void close_tellsBothBehindWhatWasSent() throws Exception {
    here.transport.connect(THERE, 1);
    End near = here.end();
    End far = there.end();
    far.connection.setReading(false);
    near.connection.send(bytes(1));

    near.connection.close();
    near.connection.close();
    near.connection.send(bytes(2));
    far.connection.send(bytes(3));

    assertThat(far.heard).containsExactly("bytes 1", "closed");
    assertThat(near.heard).containsExactly("closed");
  }

  @Test
  void close_ofATransport_endsItsConnections() throws Exception {
    here.transport.connect(THERE, 1);

    there.transport.close();
    there.transport.close();

    assertThat(here.end().heard).containsExactly("closed");
    assertThat(there.end().heard).containsExactly("closed");
    here.transport.connect(THERE, 2);
    assertThat(here.told).contains("failed 2");
    there.transport.connect(HERE, 3);
    assertThat(there.told).hasSize(1);
  }

  @Test
  void close_ofATransportWhileItConnects_leavesNothingOpen() throws Exception {
    there.atAccept = there.transport::close;
    here.transport.connect(THERE, 1);

    assertThat(here.end().heard).containsExactly("closed");
    assertThat(there.end().heard).containsExactly("closed");
  }

  @Test
  void receiver_thatThrows_losesItsConnectionAndHurtsNobody() throws Exception {
    here.transport.connect(THERE, 1);
    End near = here.end();
    End far = there.end();
    far.isBroken = true;

    near.connection.send(bytes(1));

    assertThat(far.heard).containsExactly("closed");
    assertThat(near.heard).containsExactly("closed");
  }

  @Test
  void latency_keepsTheOrder() throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    MemoryNetwork slow = MemoryNetwork.withLatency(1, clock);
    Host a = new Host(slow, HERE);
    Host b = new Host(slow, THERE);
    a.transport.connect(THERE, 1);
    End near = a.end();
    End far = b.end();

    for (int i = 0; i < 100; i++) {
      near.connection.send(bytes(i));
    }
    near.connection.close();

    for (int i = 0; i < 100; i++) {
      assertThat(far.next()).isEqualTo("bytes " + i);
    }
    assertThat(far.next()).isEqualTo("closed");
    clock.shutdownNow();
    a.transport.connect(THERE, 2);
    assertThat(a.told).contains("failed 2");
  }

  @Test
  void latency_whoseClockIsClosed_endsConnectionsInsteadOfLosingBytes() throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    MemoryNetwork slow = MemoryNetwork.withLatency(1, clock);
    Host a = new Host(slow, HERE);
    Host b = new Host(slow, THERE);
    a.transport.connect(THERE, 1);
    End near = a.end();
    End far = b.end();
    clock.shutdownNow();

    near.connection.send(bytes(1));

    assertThat(near.next()).isEqualTo("closed");
    assertThat(far.next()).isEqualTo("closed");
  }

  @Test
  void withLatency_ofNothing_isRefused() {
    assertThatThrownBy(
            () -> MemoryNetwork.withLatency(0, Executors.newSingleThreadScheduledExecutor()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 ms");
  }
}
