package org.chaincore.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.tls.Certificates;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.fixture.TransportEnd;
import org.chaincore.sync.fixture.TransportHost;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
final class TcpTransportTest {
  private static final TcpOptions PLAIN =
      TcpOptions.listeningAt(NetworkAddress.parse("127.0.0.1:0"));
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** The collector need not come when it is asked. */
  private static final int MOST_COLLECTIONS = 50;

  private static final long COLLECTION_MILLIS = 100;

  private final List<TcpTransport> transports = new ArrayList<>();

  private TcpTransport newTransport(TcpOptions options) {
    TcpTransport transport = TcpTransport.of(options);
    transports.add(transport);
    return transport;
  }

  private TransportHost start(TcpOptions options) {
    return TransportHost.start(newTransport(options));
  }

  private static TcpTransport of(TransportHost host) {
    return (TcpTransport) host.transport();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (TcpTransport transport : transports) {
      close(transport);
    }
  }

  private static void close(TcpTransport transport) throws Exception {
    transport.close();
    transport.ended().get(20, TimeUnit.SECONDS);
  }

  private static Set<Thread> networkThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("chaincore-net"));
    return threads;
  }

  private static Set<Thread> networkThreadsBut(Set<Thread> known) {
    Set<Thread> threads = networkThreads();
    threads.removeAll(known);
    return threads;
  }

  /** A thread has a few steps to go after it has told of its end. */
  private static void assertEnd(Set<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(10));
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  /** The sockets of this process, by what the system calls them. */
  private static Set<String> sockets() throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      for (Path descriptor : descriptors.toList()) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:") || target.contains("eventpoll")) {
            sockets.add(target + (target.startsWith("socket:") ? "" : descriptor));
          }
        } catch (IOException gone) {
          assertThat(gone).as("the listing's own").hasMessageContaining("/proc");
        }
      }
    }
    return sockets;
  }

  @Test
  void boundAddress_ofPortZero_isWhereItListens() throws Exception {
    TransportHost host = start(PLAIN);
    NetworkAddress bound = of(host).boundAddress();

    assertThat(bound.port()).isPositive();
    assertThat(bound.hostText()).isEqualTo("127.0.0.1");
    close(of(host));
    assertThatThrownBy(() -> of(host).boundAddress()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_whereSomebodyListens_isRefusedAndLeavesNoThread() throws Exception {
    NetworkAddress taken = of(start(PLAIN)).boundAddress();
    Set<Thread> before = networkThreads();
    TcpTransport second = newTransport(PLAIN.withListenAt(taken));

    assertThatThrownBy(() -> TransportHost.start(second))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(taken.toString());

    second.ended().get(20, TimeUnit.SECONDS);
    assertEnd(networkThreadsBut(before));
  }

  @Test
  void close_onThreadsThatLiveOn_leavesNothingOfTheTransportThere() throws Exception {
    try (NetworkThreads threads = NetworkThreads.start(1)) {
      ReferenceQueue<TcpTransport> gone = new ReferenceQueue<>();
      WeakReference<TcpTransport> closed = closedOn(threads, gone);
      for (int i = 0; i < MOST_COLLECTIONS && !closed.refersTo(null); i++) {
        System.gc();
        var unused = gone.remove(COLLECTION_MILLIS);
      }
      assertThat(closed.refersTo(null)).isTrue();
      assertThat(threads.executor().isShutdown()).isFalse();
    }
  }

  private static WeakReference<TcpTransport> closedOn(
      NetworkThreads threads, ReferenceQueue<TcpTransport> gone) throws Exception {
    TransportHost host = TransportHost.start(TcpTransport.of(PLAIN, threads));
    close(of(host));
    return new WeakReference<>(of(host), gone);
  }

  @Test
  void start_twiceOrAfterClose_isRefused() {
    TransportHost host = start(PLAIN);
    assertThatThrownBy(() -> host.transport().start(host))
        .isInstanceOf(IllegalStateException.class);
    TcpTransport closed = newTransport(PLAIN);
    closed.close();
    assertThatThrownBy(() -> closed.start(host)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> closed.connect(of(host).boundAddress(), 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(closed::boundAddress).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_inAnOverlayNetwork_isRefused() {
    NetworkAddress onion = new NetworkAddress(AddressNetwork.TOR_V3, Bytes.of(new byte[32]), 1);

    assertThatThrownBy(() -> start(PLAIN.withListenAt(onion)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void connect_whereNoSocketLeads_failsAtOnce() {
    TransportHost host = start(TcpOptions.connectingOnly());
    NetworkAddress onion = new NetworkAddress(AddressNetwork.TOR_V3, Bytes.of(new byte[32]), 1);

    host.transport().connect(onion, 1);
    host.transport().connect(NetworkAddress.parse("127.0.0.1:0"), 2);
    host.transport().connect(NetworkAddress.parse("0.0.0.0:80"), 3);

    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(host.nextAnswer()).isEqualTo("failed " + attempt);
    }
    assertThatThrownBy(of(host)::boundAddress).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void acceptor_thatThrowsOrHearsNobody_losesThatConnectionOnly() throws Exception {
    TcpTransport broken = newTransport(PLAIN);
    List<TransportEnd> accepted = new ArrayList<>();
    broken.start(
        new Transport.Acceptor() {
          private int count;

          @Override
          public Receiver accepted(Connection connection) {
            if (count++ == 0) {
              throw new IllegalStateException("a bug");
            }
            TransportEnd end = new TransportEnd(connection);
            synchronized (accepted) {
              accepted.add(end);
            }
            return end;
          }

          @Override
          public Receiver connected(Connection connection, long attempt) {
            throw new IllegalStateException("not asked for");
          }

          @Override
          public void connectFailed(long attempt) {
            throw new IllegalStateException("a bug");
          }
        });
    TransportHost host = start(PLAIN);

    try (Socket first =
        new Socket(InetAddress.getLoopbackAddress(), broken.boundAddress().port())) {
      assertThat(first.getInputStream().read()).isNegative();
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("eset");
    }
    host.transport().connect(broken.boundAddress(), 2);
    TransportEnd end = host.awaitConnected();
    end.connection().send(new byte[] {1});
    broken.connect(of(host).boundAddress(), 1); // Whose answer throws, too.
    host.awaitAccepted().awaitClosed();
    broken.connect(NetworkAddress.parse("127.0.0.1:0"), 2);

    assertThat(end.isClosed()).isFalse();
  }

  @Test
  void close_withAttemptsUnderWay_failsThem() throws Exception {
    // A server whose system takes the connection, and that never says a word of TLS.
    TransportHost silent = start(PLAIN);
    TransportHost client =
        start(PLAIN.withTls(MutualTls.ofNode(Certificates.nodeKey(1), id -> true)));
    client.transport().connect(of(silent).boundAddress(), 4);
    silent.awaitAccepted();

    close(of(client));

    assertThat(client.awaitAnswer()).isEqualTo("failed 4");
    client.transport().connect(of(silent).boundAddress(), 5);
    assertThat(client.awaitAnswer()).isEqualTo("failed 5");
    assertThat(client.nextAnswer()).isNull();
  }

  @Test
  void close_whileAPeerDoesNotRead_endsAfterTheFlushTime() throws Exception {
    TcpTimes times =
        new TcpTimes(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(100));
    TransportHost here = start(PLAIN.withTimes(times));
    TransportHost there = start(PLAIN);
    here.transport().connect(of(there).boundAddress(), 1);
    TransportEnd far = there.awaitAccepted();
    far.connection().setReading(false);
    TransportEnd near = here.awaitConnected();
    for (int i = 0; i < 24; i++) {
      near.connection().send(new byte[1 << 20]);
    }

    near.connection().close();

    near.awaitClosed();
    assertThat(near.connection().queuedBytes()).isZero();
  }

  @Test
  void threads_ofOneHost_serveManyNodesAndAreTheirs() throws Exception {
    Set<Thread> before = networkThreads();
    try (NetworkThreads threads = NetworkThreads.start(2)) {
      List<TransportHost> hosts = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        TcpTransport transport = TcpTransport.of(PLAIN, threads);
        transports.add(transport);
        hosts.add(TransportHost.start(transport));
      }
      for (int i = 1; i < 100; i++) {
        hosts.get(i).transport().connect(of(hosts.get(i / 2)).boundAddress(), i);
        TransportEnd near = hosts.get(i).awaitConnected();
        near.connection().send(new byte[] {(byte) i});
        hosts.get(i / 2).awaitAccepted().awaitBytes(1);
      }

      Set<Thread> during = networkThreadsBut(before);
      assertThat(during).hasSizeLessThanOrEqualTo(2);
      assertThat(threads.threads()).isEqualTo(2);
      closeAll();
      assertThat(networkThreads()).as("threads that are lent stay").containsAll(during);
      assertThat(threads.close(Duration.ofSeconds(10))).isTrue();
      assertEnd(during);
    }
  }

  @Test
  void threads_thatAreClosedFirst_failWhatIsAsked() throws Exception {
    NetworkThreads threads = NetworkThreads.start(1);
    TcpTransport transport = TcpTransport.of(PLAIN, threads);
    transports.add(transport);
    TransportHost host = TransportHost.start(transport);
    TransportHost other = start(PLAIN);
    host.transport().connect(of(other).boundAddress(), 1);
    TransportEnd near = host.awaitConnected();
    other.awaitAccepted();

    assertThat(threads.close(Duration.ofSeconds(10))).isTrue();

    near.awaitClosed();
    near.connection().send(new byte[] {1});
    near.connection().setReading(true);
    near.connection().close();
    assertThat(near.connection().queuedBytes()).isZero();
    host.transport().connect(of(other).boundAddress(), 2);
    host.awaitAnswer();
    assertThat(host.awaitAnswer()).isEqualTo("failed 2");
    assertThatThrownBy(() -> TcpTransport.of(PLAIN, threads).start(other))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_withinAThreadOfTheNetwork_isRefusedInsteadOfWaitingForItself() throws Exception {
    try (NetworkThreads threads = NetworkThreads.start(1)) {
      TcpTransport transport = TcpTransport.of(PLAIN, threads);
      transports.add(transport);

      assertThat(threads.executor().submit(() -> threads.close(Duration.ofSeconds(5))))
          .succeedsWithin(Duration.ofSeconds(10))
          .isEqualTo(false);
      assertThatThrownBy(() -> TransportHost.start(transport))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void close_always_leavesNoThreadAndNoDescriptor() throws Exception {
    assumeThat(DESCRIPTORS).exists();
    MutualTls tls = MutualTls.ofNode(Certificates.nodeKey(1), id -> true);
    talk(tls);
    closeAll(); // What is loaded once is loaded now.
    Set<String> socketsBefore = sockets();
    final Set<Thread> threadsBefore = networkThreads();

    talk(tls);
    assertThat(sockets()).as("open now").anyMatch(socket -> !socketsBefore.contains(socket));
    closeAll();

    assertThat(sockets()).isSubsetOf(socketsBefore);
    assertEnd(networkThreadsBut(threadsBefore));
  }

  private void talk(MutualTls tls) throws Exception {
    for (TcpOptions options : List.of(PLAIN, PLAIN.withTls(tls))) {
      TransportHost here = start(options);
      TransportHost there = start(options);
      for (int i = 0; i < 5; i++) {
        here.transport().connect(of(there).boundAddress(), i);
        here.awaitConnected().connection().send(new byte[10_000]);
        there.awaitAccepted().awaitBytes(10_000);
      }
    }
  }

  @Test
  void connections_openedAndClosedFiveHundredTimes_leaveNothing() throws Exception {
    AcceptLimits many = new AcceptLimits(50, 50, 60, 50, true);
    TransportHost server = start(PLAIN.withAccepting(many));
    TransportHost client = start(TcpOptions.connectingOnly());
    for (int i = 0; i < 500; i++) {
      client.transport().connect(of(server).boundAddress(), i);
      TransportEnd near = client.awaitConnected();
      final TransportEnd far = server.awaitAccepted();
      TransportEnd ending = i % 2 == 0 ? near : far;
      ending.connection().send(new byte[] {1});
      ending.connection().close();
      near.awaitClosed();
      far.awaitClosed();
    }

    client.transport().connect(of(server).boundAddress(), 500);
    server.awaitAccepted();
    client.awaitConnected();
    // Receivers hear of an end a moment before it is counted.
    while (of(server).status().inbound() > 1 || of(client).status().outbound() > 1) {
      Thread.onSpinWait();
    }
    assertThat(of(server).status().inbound()).isEqualTo(1);
    assertThat(of(client).status().outbound()).isEqualTo(1);
    assertThat(of(client).status().sentBytes()).isEqualTo(250);
    assertThat(of(client).status().receivedBytes()).isEqualTo(250);
    assertThat(of(server).status().queuedBytes()).isZero();
    assertThat(of(server).status().refused()).isZero();
  }

  @Test
  void options_outsideTheirRanges_areRefusedByName() {
    assertThatThrownBy(() -> new AcceptLimits(0, 1, 1, 1, true)).hasMessageContaining("maxConn");
    assertThatThrownBy(() -> new OutputLimits(1, 0)).hasMessageContaining("maxBytesPerNode is 0");
    assertThatThrownBy(() -> new TcpOptions.SocketOptions(0, true)).hasMessageContaining("backlog");
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new TcpTimes(Duration.ZERO, second, second, second, second))
        .hasMessageContaining("connect is PT0S");
    assertThatThrownBy(() -> new TcpTimes(second, second, second, Duration.ofDays(2), second))
        .hasMessageContaining("stall is PT48H");
  }
}
