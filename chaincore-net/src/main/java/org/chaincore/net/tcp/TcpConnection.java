package org.chaincore.net.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Receiver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, behind TLS if there is any. Everything happens in the thread of its channel; what
 * other threads want is left there, never done at once, so that no callback comes within another.
 *
 * <p>Thread-safe.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter
    implements AuthenticatedConnection, Outbox.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

  /** Who hears of the connection. */
  interface Owner {
    /** It stands. It ends if this throws, or says by null that nobody wants it any more. */
    @Nullable Receiver opened(Connection connection);

    /** It ended before it stood. */
    void neverOpened();

    /** Whether the other end has made it. */
    boolean isInbound();
  }

  private final TcpTransport transport;
  private final Channel channel;
  private final NetworkAddress remote;
  private final Owner owner;
  private final Outbox outbox;
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final AtomicBoolean isCut = new AtomicBoolean();
  private volatile boolean isReading = true;
  private volatile @Nullable NodeId provedNode;

  // Confined to the channel's thread.
  private final Queue<byte[]> held = new ArrayDeque<>();
  private @Nullable Receiver receiver;
  private @Nullable Patience patience;

  TcpConnection(TcpTransport transport, Channel channel, NetworkAddress remote, Owner owner) {
    this.transport = transport;
    this.channel = channel;
    this.remote = remote;
    this.owner = owner;
    this.outbox = new Outbox(channel, transport.budget(), this);
  }

  boolean isInbound() {
    return owner.isInbound();
  }

  // --- what others call, from any thread ---

  @Override
  public NetworkAddress remote() {
    return remote;
  }

  @Override
  public Optional<NodeId> provedNode() {
    return Optional.ofNullable(provedNode);
  }

  @Override
  public void send(byte[] bytes) {
    if (bytes.length == 0 || isClosing.get()) {
      return;
    }
    outbox.add(bytes);
    if (outbox.queuedBytes() > transport.options().output().maxBytesPerConnection()) {
      cut("too much waits to be sent");
    }
  }

  @Override
  public long queuedBytes() {
    return outbox.queuedBytes();
  }

  @Override
  public void setReading(boolean nowReading) {
    isReading = nowReading;
    if (!nowReading && !isClosing.get() && channel.eventLoop().inEventLoop()) {
      channel.config().setAutoRead(false); // Or the read under way would go on to READ_BYTES.
    }
    later(this::applyReading);
  }

  @Override
  public void close() {
    if (!isClosing.getAndSet(true)) {
      later(this::closeWhenSent);
    }
  }

  /** Ends the connection at once, even if it is ending more slowly: it has broken a limit. */
  void cut(String why) {
    isClosing.set(true);
    if (!isCut.getAndSet(true)) {
      LOG.debug("{} is cut: {}", remote, why);
      transport.figures().cut.increment();
      outbox.shut();
      later(this::closeNow);
    }
  }

  boolean isCut() {
    return isCut.get();
  }

  private void later(Runnable action) {
    try {
      channel.eventLoop().execute(action);
    } catch (RejectedExecutionException stopped) {
      // The threads have ended, and the connection with them.
      outbox.shut();
    }
  }

  // --- what happens, in the channel's thread ---

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    transport.begun(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    owner.neverOpened(); // Unless it was.
    transport.gone(this);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (Objects.equals(channel.localAddress(), channel.remoteAddress())) {
      // Nobody listens there, but the system took that very port for our end: TCP allows it.
      closeNow();
    } else if (transport.options().tls() == null) {
      open();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    MutualTls tls = transport.options().tls();
    if (tls == null || !(event instanceof SslHandshakeCompletionEvent handshake)) {
      return;
    }
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler == null || !handshake.isSuccess()) {
      // TLS says its last word, so that the other end knows, and closes.
      transport.figures().failedHandshakes.increment();
      LOG.debug("no handshake with {}", remote, handshake.cause());
      return;
    }
    try {
      provedNode = tls.admit(handler.engine().getSession()).orElse(null);
      open();
    } catch (SSLPeerUnverifiedException stranger) {
      transport.figures().failedHandshakes.increment();
      LOG.debug("{} is a stranger", remote, stranger);
      closeWithLastWord();
    }
  }

  private void open() {
    Patience begun =
        new Patience(transport.options().times(), owner.isInbound(), System.nanoTime());
    patience = begun;
    try {
      receiver = owner.opened(this);
    } catch (RuntimeException broken) {
      LOG.error("the acceptor threw", broken);
    }
    if (receiver == null) {
      closeNow();
    } else {
      look(begun);
    }
  }

  private void look(Patience patient) {
    if (!channel.isOpen() || isClosing.get()) {
      return;
    }
    long now = System.nanoTime();
    String lost = patient.lost(now, isReading, outbox.stalledSinceNanos());
    if (lost != null) {
      cut(lost);
      return;
    }
    long delay = patient.nextLookNanos(now, isReading, outbox.stalledSinceNanos());
    inWhile(delay, () -> look(patient));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof ByteBuf buffer && !isClosing.get() && buffer.isReadable()) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        arrived(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void arrived(byte[] bytes) {
    transport.figures().receivedBytes.add(bytes.length);
    if (patience != null) {
      patience.heard(System.nanoTime());
    }
    if (isReading && held.isEmpty()) {
      tellReceived(bytes);
    } else {
      // What one read of the socket brings before it hears that nobody reads, see READ_BYTES.
      held.add(bytes);
    }
  }

  private void applyReading() {
    while (isReading && !isClosing.get()) {
      byte[] bytes = held.poll();
      if (bytes == null) {
        break;
      }
      tellReceived(bytes);
    }
    boolean nowReading = isReading || isClosing.get();
    if (nowReading && patience != null && !channel.config().isAutoRead()) {
      patience.beginsToListen(System.nanoTime());
    }
    channel.config().setAutoRead(nowReading);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      outbox.flush();
    }
  }

  @Override
  public void drained() {
    Receiver hearing = receiver;
    if (hearing != null && channel.isActive()) {
      tell(hearing::drained);
    }
  }

  @Override
  public void emptied() {
    if (isClosing.get()) {
      later(this::closeWithLastWord);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    outbox.shut();
    Receiver hearing = receiver;
    if (hearing != null) {
      while (!held.isEmpty() && !isClosing.get()) {
        tellReceived(held.remove());
      }
      receiver = null;
      tell(hearing::closed);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{} broke off", remote, cause);
    isClosing.set(true);
    outbox.shut();
    closeWithLastWord();
  }

  private void tellReceived(byte[] bytes) {
    Receiver hearing = receiver;
    if (hearing != null) {
      tell(() -> hearing.received(bytes));
    }
  }

  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException broken) {
      LOG.error("a receiver threw", broken);
      isClosing.set(true);
      closeNow();
    }
  }

  private void closeWhenSent() {
    if (receiver == null) {
      closeNow();
      return;
    }
    held.clear();
    // What comes is read and dropped: bytes left unread would make the system take back what we
    // send.
    channel.config().setAutoRead(true);
    outbox.flush();
    if (outbox.queuedBytes() == 0) {
      closeWithLastWord();
    } else {
      inWhile(transport.options().times().flush().toNanos(), this::closeNow);
    }
  }

  private void inWhile(long nanos, Runnable action) {
    var unused = channel.eventLoop().schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  /** TLS, if there is any, tells the other end; it may say what was wrong. */
  private void closeWithLastWord() {
    var unused = channel.close();
  }

  /** Without TLS's last word, and without what the system still holds for a peer. */
  private void closeNow() {
    if (!channel.isOpen()) {
      return;
    }
    outbox.shut();
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException gone) {
      LOG.trace("{} was gone", remote, gone);
    }
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    var unused = tls != null ? tls.close() : channel.close();
  }
}
