package org.chaincore.net.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chaincore.net.netty.AcceptFilter;
import org.chaincore.net.netty.AcceptGate;
import org.chaincore.net.netty.EventLoops;
import org.chaincore.net.netty.IpAddresses;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the bytes of a node over TCP, within mutual TLS where the options say so. Neither
 * acceptor nor receivers hear of anybody who has not passed the handshake.
 *
 * <p><b>Threads.</b> Callbacks come in the network's threads, those of one connection in one of
 * them. {@link #start} waits until the system listens; nothing else waits.
 *
 * <p><b>Memory.</b> Of what a connection brings no more is kept here, once reading was stopped,
 * than {@link #READ_BYTES} and a record of TLS; the rest stays with the peer. What waits to be sent
 * is bound by {@link OutputLimits}, for the connection and for the node.
 *
 * <p><b>Limits</b> that a peer breaks end its connection at once, without sending what waits:
 * {@link OutputLimits}, {@link TcpTimes}. {@link AcceptLimits} end it before it begins.
 *
 * <p>Thread-safe.
 */
public final class TcpTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);

  /** What is read in one go from one connection, before it is another one's turn. */
  static final int READ_BYTES = 4 * 64 * 1024;

  /** A caller that asks for more at a time has lost count, and descriptors are few. */
  private static final int MAX_ATTEMPTS = 1_000;

  /** How long a start that fails waits for the threads that it began. */
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final TcpOptions options;
  private final @Nullable Supplier<NetworkThreads> lentThreads;
  private final Figures figures = new Figures();
  private final OutputBudget budget;
  private final AcceptGate gate;
  private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final AtomicBoolean isListening = new AtomicBoolean();
  private final AtomicBoolean isEnding = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable Running running;

  /**
   * What there is from the start on.
   *
   * @param listening null if others cannot connect
   */
  private record Running(
      Acceptor acceptor,
      NetworkThreads threads,
      Bootstrap connector,
      @Nullable Channel listening) {}

  private TcpTransport(TcpOptions options, @Nullable Supplier<NetworkThreads> lentThreads) {
    this.options = options;
    this.lentThreads = lentThreads;
    this.budget = new OutputBudget(options.output().maxBytesPerNode(), this::shed);
    this.gate = new AcceptGate(options.accepting().forGate(), System::nanoTime);
  }

  /** A transport with threads of its own, which start and end with it. */
  public static TcpTransport of(TcpOptions options) {
    return new TcpTransport(options, null);
  }

  /** A transport that uses a host's threads, among others perhaps. */
  public static TcpTransport of(TcpOptions options, NetworkThreads threads) {
    return of(options, () -> threads);
  }

  /**
   * The same with threads that may still be in the making.
   *
   * @param threads asked once, when it is started
   */
  public static TcpTransport of(TcpOptions options, Supplier<NetworkThreads> threads) {
    return new TcpTransport(options, threads);
  }

  /**
   * Begins to listen, where the options say so, and returns when it does.
   *
   * @throws UncheckedIOException if the system does not let it listen there; it is closed then, and
   *     the threads that it began have ended
   * @throws IllegalStateException if it was started or closed before, if the threads that were lent
   *     are closed, or if one of them calls this
   */
  @Override
  public void start(Acceptor acceptor) {
    if (isClosed.get() || isStarted.getAndSet(true)) {
      throw new IllegalStateException("a transport is started once, and not after it was closed");
    }
    NetworkThreads threads = lentThreads != null ? lentThreads.get() : NetworkThreads.start();
    EventLoops loops = threads.loops();
    if (loops.isStopping() || loops.isWithin()) {
      throw new IllegalStateException("the network's threads are closed, or asked to wait");
    }
    Sockets sockets = new Sockets(loops, options);
    Bootstrap connector = sockets.connecting();
    running = new Running(acceptor, threads, connector, null);
    Runnable forget = loops.whenStopped(this::threadsEnded);
    var unusedEnd = ended.thenRun(forget); // Threads that were lent may live on for years.
    NetworkAddress listenAt = options.listenAt();
    if (listenAt != null) {
      try {
        Channel listening = listen(sockets, acceptor, listenAt);
        running = new Running(acceptor, threads, connector, listening);
        if (isClosed.get()) {
          var unused = listening.close();
        }
      } catch (RuntimeException refused) {
        close();
        awaitEnd(loops);
        throw refused;
      }
    }
  }

  private Channel listen(Sockets sockets, Acceptor acceptor, NetworkAddress at) {
    Optional<InetSocketAddress> address = IpAddresses.socketAddress(at);
    if (address.isEmpty()) {
      throw new IllegalStateException("cannot listen in the network of " + at);
    }
    ChannelFuture bound =
        sockets
            .listening()
            .handler(new AcceptFilter(gate, figures.refused::increment))
            .childHandler(pipelines(channel -> new Inbound(acceptor)))
            .bind(address.get())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new UncheckedIOException(
          "cannot listen at " + at, new IOException(bound.cause().getMessage(), bound.cause()));
    }
    isListening.set(true);
    bound
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              isListening.set(false);
              endIfClosed();
            });
    return bound.channel();
  }

  private ChannelInitializer<Channel> pipelines(Function<Channel, TcpConnection.Owner> owners) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Optional<NetworkAddress> remote =
            Optional.ofNullable(channel.remoteAddress()).flatMap(IpAddresses::networkAddress);
        if (remote.isPresent()) {
          prepare(channel, remote.get(), owners.apply(channel));
        } else {
          var unused = channel.close(); // It was gone before we looked.
        }
      }
    };
  }

  private void prepare(Channel channel, NetworkAddress remote, TcpConnection.Owner owner) {
    MutualTls tls = options.tls();
    if (tls != null) {
      SslHandler handler = new SslHandler(tls.newEngine(!owner.isInbound()));
      handler.setHandshakeTimeoutMillis(options.times().handshake().toMillis());
      handler.setCloseNotifyFlushTimeoutMillis(options.times().flush().toMillis());
      channel.pipeline().addLast(handler);
    }
    channel.pipeline().addLast(new TcpConnection(this, channel, remote, owner));
    if (isClosed.get()) {
      var unused = channel.close();
    }
  }

  @Override
  public void connect(NetworkAddress to, long attempt) {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("the transport was not started");
    }
    Attempt asked = new Attempt(now.acceptor, attempt, attempts);
    Optional<InetSocketAddress> address = IpAddresses.socketAddress(to);
    boolean isPossible =
        address.filter(ip -> ip.getPort() != 0 && !ip.getAddress().isAnyLocalAddress()).isPresent();
    if (!isPossible
        || attempts.size() > MAX_ATTEMPTS
        || isClosed.get()
        || now.threads.loops().isStopping()) {
      asked.neverOpened();
      return;
    }
    now.connector
        .clone()
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                prepare(channel, to, asked);
              }
            })
        .connect(address.get())
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                LOG.debug("cannot connect to {}", to, done.cause());
                asked.neverOpened();
              }
            });
  }

  /**
   * Where others can connect; differs from what the options say if they name port 0.
   *
   * @throws IllegalStateException if it does not listen
   */
  public NetworkAddress boundAddress() {
    Running now = running;
    Channel listening = now == null ? null : now.listening;
    if (listening == null || !isListening.get()) {
      throw new IllegalStateException("the transport does not listen");
    }
    Optional<NetworkAddress> bound = IpAddresses.networkAddress(listening.localAddress());
    if (bound.isEmpty()) {
      throw new IllegalStateException("the transport listens no more");
    }
    return bound.get();
  }

  /** What is counted. */
  public TcpFigures status() {
    int inbound = 0;
    int outbound = 0;
    for (TcpConnection connection : connections) {
      if (connection.isInbound()) {
        inbound++;
      } else {
        outbound++;
      }
    }
    return new TcpFigures(
        inbound,
        outbound,
        budget.queuedBytes(),
        figures.refused.sum(),
        figures.failedHandshakes.sum(),
        figures.cut.sum(),
        figures.receivedBytes.sum(),
        budget.sentBytes());
  }

  /**
   * Listens no more and ends all connections: at once, but for what was sent before, which gets
   * {@link TcpTimes#flush} to leave. Returns before that; {@link #ended} tells when all is over.
   */
  @Override
  public void close() {
    if (isClosed.getAndSet(true)) {
      return;
    }
    attempts.forEach(Attempt::neverOpened);
    connections.forEach(TcpConnection::close);
    Running now = running;
    if (now != null && now.listening != null) {
      var unused = now.listening.close();
    }
    endIfClosed();
  }

  /**
   * Done when all connections have ended, and the threads too if they are its own, after {@link
   * #close}.
   *
   * @return a copy: completing it changes nothing
   */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /** Whoever could not start has no other way to hear when the threads are gone. */
  private void awaitEnd(EventLoops loops) {
    try {
      if (lentThreads == null && !loops.awaitStop(LONGEST_END.toMillis())) {
        LOG.warn("the threads of a transport that could not be started have not ended");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void endIfClosed() {
    boolean isOver = isClosed.get() && !isListening.get() && connections.isEmpty();
    if (!isOver || isEnding.getAndSet(true)) {
      return;
    }
    Running now = running;
    if (now != null && lentThreads == null) {
      now.threads.loops().stop(); // That ends this too.
    } else {
      ended.complete(null);
    }
  }

  /** Nothing is told any more by threads that are gone, so what is left to be told is told here. */
  private void threadsEnded() {
    attempts.forEach(Attempt::neverOpened);
    if (isClosed.get()) {
      ended.complete(null);
    }
  }

  // --- what connections see ---

  TcpOptions options() {
    return options;
  }

  OutputBudget budget() {
    return budget;
  }

  Figures figures() {
    return figures;
  }

  void begun(TcpConnection connection) {
    connections.add(connection);
    if (isClosed.get()) {
      connection.close();
    }
  }

  void gone(TcpConnection connection) {
    connections.remove(connection);
    endIfClosed();
  }

  /** More waits to be sent than one node may keep: whoever takes least must go. */
  private synchronized void shed() {
    while (budget.isExceeded()) {
      Optional<TcpConnection> worst =
          connections.stream()
              .filter(connection -> !connection.isCut() && connection.queuedBytes() > 0)
              .max(Comparator.comparingLong(TcpConnection::queuedBytes));
      if (worst.isEmpty()) {
        return;
      }
      worst.get().cut("too much waits to be sent by the node");
    }
  }

  /** Somebody who has connected. */
  private record Inbound(Acceptor acceptor) implements TcpConnection.Owner {
    @Override
    public Receiver opened(Connection connection) {
      return acceptor.accepted(connection);
    }

    @Override
    public void neverOpened() {}

    @Override
    public boolean isInbound() {
      return true;
    }
  }
}
