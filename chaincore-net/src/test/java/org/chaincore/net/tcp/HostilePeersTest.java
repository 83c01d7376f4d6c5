package org.chaincore.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.chaincore.net.tls.Certificates;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.fixture.TransportEnd;
import org.chaincore.sync.fixture.TransportHost;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Raw sockets that do what no node does. */
@Timeout(90)
final class HostilePeersTest {
  private static final NetworkAddress ANY_PORT = NetworkAddress.parse("127.0.0.1:0");
  private static final TcpOptions PLAIN = TcpOptions.listeningAt(ANY_PORT);

  /** Short enough for a test, long enough for a machine under load. */
  private static final TcpTimes SHORT =
      new TcpTimes(
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300));

  /** Whoever has been let in has the time to say a word, and then not much more. */
  private static final TcpTimes SHORT_SILENCE =
      new TcpTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofMillis(300));

  private static final TcpTimes SHORT_STALL =
      new TcpTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(300),
          Duration.ofMillis(300));

  private static final TcpTimes LONG_FLUSH =
      new TcpTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60));

  private final List<TcpTransport> transports = new ArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();

  private TransportHost start(TcpOptions options) {
    TcpTransport transport = TcpTransport.of(options);
    transports.add(transport);
    return TransportHost.start(transport);
  }

  private static TcpTransport of(TransportHost host) {
    return (TcpTransport) host.transport();
  }

  private Socket dial(TransportHost host) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), of(host).boundAddress().port()));
    socket.setSoTimeout(20_000);
    return socket;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    for (TcpTransport transport : transports) {
      transport.close();
      transport.ended().get(20, TimeUnit.SECONDS);
    }
  }

  /** Reads until the other side ends it. */
  private static void awaitCut(Socket socket) throws IOException {
    try {
      InputStream in = socket.getInputStream();
      while (in.read(new byte[8_192]) >= 0) {}
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("eset");
    }
  }

  @Test
  void silentPeer_afterTheDeadline_isCut() throws Exception {
    TransportHost host = start(PLAIN.withTimes(SHORT));
    Socket socket = dial(host);
    TransportEnd end = host.awaitAccepted();

    awaitCut(socket);

    end.awaitClosed();
    assertThat(of(host).status().cut()).isEqualTo(1);
  }

  @Test
  void peer_thatFallsSilent_isCut() throws Exception {
    TransportHost host = start(PLAIN.withTimes(SHORT_SILENCE));
    Socket socket = dial(host);
    socket.getOutputStream().write(1);
    TransportEnd end = host.awaitAccepted();
    end.awaitBytes(1);

    awaitCut(socket);

    end.awaitClosed();
  }

  @Test
  void peer_thatTakesNothing_isCutByTheStallLimit() throws Exception {
    TransportHost host = start(PLAIN.withTimes(SHORT_STALL));
    dial(host);
    TransportEnd end = host.awaitAccepted();
    byte[] megabyte = new byte[1 << 20];

    for (int i = 0; i < 24; i++) {
      end.connection().send(megabyte);
    }

    end.awaitClosed();
    assertThat(of(host).status().queuedBytes()).isZero();
  }

  @Test
  void peer_thatNeverReads_isCutWhenTooMuchWaits() throws Exception {
    OutputLimits limits = new OutputLimits(1 << 20, 1 << 30);
    TransportHost host = start(PLAIN.withOutput(limits));
    dial(host);
    TransportEnd end = host.awaitAccepted();

    long most = 0;
    byte[] piece = new byte[100_000];
    for (int i = 0; i < 10_000 && !end.isClosed(); i++) {
      end.connection().send(piece);
      most = Math.max(most, end.connection().queuedBytes());
    }

    end.awaitClosed();
    assertThat(most).isLessThanOrEqualTo((1 << 20) + piece.length);
    assertThat(of(host).status().queuedBytes()).isZero();
    assertThat(end.connection().queuedBytes()).isZero();
  }

  @Test
  void peers_thatTogetherLetTooMuchWait_loseTheWorstOfThem() throws Exception {
    OutputLimits limits = new OutputLimits(1 << 30, 32 << 20);
    TransportHost host = start(PLAIN.withOutput(limits));
    dial(host);
    TransportEnd worst = host.awaitAccepted();
    Socket reader = dial(host);
    TransportEnd good = host.awaitAccepted();
    byte[] megabyte = new byte[1 << 20];

    good.connection().send(megabyte);
    for (int i = 0; i < 50 && !worst.isClosed(); i++) {
      worst.connection().send(megabyte);
      assertThat(of(host).status().queuedBytes()).isLessThanOrEqualTo(32 << 20);
    }

    worst.awaitClosed();
    assertThat(reader.getInputStream().readNBytes(megabyte.length)).hasSize(megabyte.length);
    assertThat(good.isClosed()).isFalse();
  }

  @Test
  void peer_thatIsBeingClosedAndDoesNotRead_doesNotHoldTheBudget() throws Exception {
    OutputLimits limits = new OutputLimits(1 << 30, 32 << 20);
    TransportHost host = start(PLAIN.withOutput(limits).withTimes(LONG_FLUSH));
    dial(host);
    TransportEnd closing = host.awaitAccepted();
    byte[] megabyte = new byte[1 << 20];
    for (int i = 0; i < 30; i++) {
      closing.connection().send(megabyte);
    }
    closing.connection().close();
    dial(host);
    TransportEnd next = host.awaitAccepted();

    for (int i = 0; i < 20; i++) {
      next.connection().send(megabyte);
    }

    closing.awaitClosed();
    assertThat(next.isClosed()).isFalse();
  }

  @Test
  void flood_ofConnections_isHeldByTheRate() throws Exception {
    AcceptLimits limits = new AcceptLimits(100, 100, 1, 5, false);
    TransportHost host = start(PLAIN.withAccepting(limits));
    for (int i = 0; i < 60; i++) {
      Socket socket = dial(host);
      if (i >= 5) {
        awaitCut(socket);
      }
    }

    for (int i = 0; i < 5; i++) {
      assertThat(host.awaitAccepted().isClosed()).isFalse();
    }
    assertThat(host.isAlone()).isTrue();
    assertThat(of(host).status().refused()).isEqualTo(55);
    assertThat(of(host).status().inbound()).isEqualTo(5);
  }

  @Test
  void connections_beyondTheLimit_areRefusedUntilOneEnds() throws Exception {
    AcceptLimits limits = new AcceptLimits(2, 2, 60, 60, true);
    TransportHost host = start(PLAIN.withAccepting(limits));
    final Socket first = dial(host);
    final TransportEnd firstEnd = host.awaitAccepted();
    dial(host);
    host.awaitAccepted();
    awaitCut(dial(host));

    first.close();
    firstEnd.awaitClosed();

    Socket next = dial(host);
    next.getOutputStream().write(7);
    assertThat(host.awaitAccepted().awaitBytes(1)).containsExactly(7);
  }

  @Test
  void garbage_beforeTheHandshake_isCutAndNobodyHearsOfIt() throws Exception {
    TransportHost host =
        start(PLAIN.withTls(MutualTls.ofNode(Certificates.nodeKey(1), id -> true)));
    byte[] garbage = new byte[5_000];
    new Random(3).nextBytes(garbage);
    for (int i = 0; i < 20; i++) {
      Socket socket = dial(host);
      try {
        socket.getOutputStream().write(garbage);
      } catch (SocketException reset) {
        continue; // It was cut before the last byte left.
      }
      awaitCut(socket);
    }

    assertThat(host.isAlone()).isTrue();
    assertThat(of(host).status().failedHandshakes()).isEqualTo(20);
  }

  @Test
  void handshake_thatIsOnlyBegun_isCutAtTheDeadline() throws Exception {
    TransportHost host =
        start(
            PLAIN.withTimes(SHORT).withTls(MutualTls.ofNode(Certificates.nodeKey(1), id -> true)));
    List<Socket> halfOpen = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket socket = dial(host);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(new byte[] {22, 3, 1, 2, 0, 1}); // A record of 512 bytes, of which one comes.
      } catch (SocketException cut) {
        assertThat(cut).as("the time was over before that").isNotNull();
      }
      halfOpen.add(socket);
    }

    for (Socket socket : halfOpen) {
      awaitCut(socket);
    }

    assertThat(host.isAlone()).isTrue();
    assertThat(of(host).status().failedHandshakes()).isEqualTo(20);
  }

  private void assertIsRefused(TransportHost host, SSLContext context, String protocol)
      throws Exception {
    try (SSLSocket stranger =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), of(host).boundAddress().port())) {
      stranger.setSoTimeout(20_000);
      stranger.setEnabledProtocols(new String[] {protocol});
      // In TLS 1.3 the client is done first, and hears the refusal when it reads.
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> {
                stranger.startHandshake();
                stranger.getOutputStream().write(new byte[100]);
                int read = stranger.getInputStream().read();
                throw new AssertionError("it was told " + read);
              })
          .isInstanceOf(IOException.class)
          .satisfiesAnyOf(
              refusal -> assertThat(refusal).isInstanceOf(SSLException.class),
              // What it sent after its handshake met a closed socket.
              refusal -> assertThat(refusal).isInstanceOf(SocketException.class));
    }
    assertThat(host.isAlone()).isTrue();
  }

  @Test
  void strangers_areCutBeforeAnybodyHearsOfThem() throws Exception {
    MutualTls server =
        MutualTls.ofNode(Certificates.nodeKey(1), Certificates.nodeKey(2).id()::equals);
    TransportHost host = start(PLAIN.withTls(server));
    SSLContext bare = SSLContext.getInstance("TLS");
    bare.init(null, TrustAll.MANAGERS, null);

    assertIsRefused(host, bare, "TLSv1.3");
    assertIsRefused(host, bare, "TLSv1.2");
    assertIsRefused(
        host, MutualTls.ofNode(Certificates.nodeKey(3), id -> true).context(), "TLSv1.3");

    assertThat(of(host).status().receivedBytes()).isZero();
    TransportHost friend =
        start(PLAIN.withTls(MutualTls.ofNode(Certificates.nodeKey(2), id -> true)));
    friend.transport().connect(of(host).boundAddress(), 1);
    TransportEnd end = host.awaitAccepted();
    assertThat(((AuthenticatedConnection) end.connection()).provedNode())
        .contains(Certificates.nodeKey(2).id());
    assertThat(((AuthenticatedConnection) friend.awaitConnected().connection()).provedNode())
        .contains(Certificates.nodeKey(1).id());
  }

  @Test
  void members_ofAnAuthority_meetAndOthersDoNot() throws Exception {
    Certificates authority = Certificates.newAuthority();
    TransportHost server = start(PLAIN.withTls(authority.tls()));
    TransportHost member = start(PLAIN.withTls(authority.tls()));
    TransportHost other = start(PLAIN.withTls(Certificates.newAuthority().tls()));

    member.transport().connect(of(server).boundAddress(), 1);
    other.transport().connect(of(server).boundAddress(), 2);

    assertThat(other.awaitAnswer()).isEqualTo("failed 2");
    TransportEnd end = server.awaitAccepted();
    assertThat(((AuthenticatedConnection) end.connection()).provedNode()).isEmpty();
    member.awaitConnected().connection().send(new byte[] {5});
    assertThat(end.awaitBytes(1)).containsExactly(5);
    assertThat(server.isAlone()).isTrue();
  }

  @Test
  void client_ofAServerThatIsNoNode_failsItsAttempt() throws Exception {
    TransportHost plain = start(PLAIN);
    TransportHost client =
        start(
            PLAIN.withTimes(SHORT).withTls(MutualTls.ofNode(Certificates.nodeKey(2), id -> true)));

    client.transport().connect(of(plain).boundAddress(), 5);

    assertThat(client.awaitAnswer()).isEqualTo("failed 5");
  }

  @Test
  void client_ofAServerThatIsNotOnItsList_failsItsAttempt() throws Exception {
    TransportHost other =
        start(PLAIN.withTls(MutualTls.ofNode(Certificates.nodeKey(1), id -> true)));
    TransportHost client =
        start(PLAIN.withTls(MutualTls.ofNode(Certificates.nodeKey(2), id -> false)));

    client.transport().connect(of(other).boundAddress(), 5);

    assertThat(client.awaitAnswer()).isEqualTo("failed 5");
    assertThat(other.isAlone()).isTrue();
  }
}
