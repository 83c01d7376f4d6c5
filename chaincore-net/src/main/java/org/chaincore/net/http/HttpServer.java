package org.chaincore.net.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.chaincore.net.netty.EventLoops;
import org.chaincore.net.tcp.NetworkThreads;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests from sockets to an {@link ApiHandler}, and answers back.
 *
 * <p><b>Whoever is slow waits alone.</b> No thread belongs to a connection: bytes are moved by
 * event loops, answers are made by a few workers, and those that may take long by others. A
 * connection has one request answered at a time, in order; the next is not read before.
 *
 * <p><b>Bounds.</b> Connections, headers, bodies, bytes that are kept, and the time for each step
 * are bounded, see {@link HttpOptions}. When the connections are full the newcomer is let in and
 * the one that has gone longest without a complete request is closed. When the workers are busy the
 * answer is 503 with Retry-After.
 *
 * <p>Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 1_024;

  /** Of a stream of events so much may wait to be read before no more is written. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /** How often connections are looked through for those whose time is over. */
  private static final long SWEEP_MILLIS = 500;

  private static final int LOOP_THREADS = 2;

  private final EventLoops loops;
  private final boolean isOwnLoops;
  private final HttpService service;
  private final Channel channel;
  private final Future<?> sweeper;

  private HttpServer(EventLoops loops, boolean isOwnLoops, HttpService service, Channel channel) {
    this.loops = loops;
    this.isOwnLoops = isOwnLoops;
    this.service = service;
    this.channel = channel;
    this.sweeper =
        loops
            .executor()
            .scheduleWithFixedDelay(
                service::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Listens, on threads of its own.
   *
   * @throws UncheckedIOException if the address cannot be bound
   */
  public static HttpServer start(ApiHandler handler, HttpOptions options) {
    return start(handler, options, null);
  }

  /**
   * Listens, on threads that the host lends.
   *
   * @param threads null to have threads of its own
   * @throws UncheckedIOException if the address cannot be bound; the threads that were begun for it
   *     have ended then
   * @throws IllegalStateException if the threads that are lent are closed, or one of them calls
   *     this
   */
  public static HttpServer start(
      ApiHandler handler, HttpOptions options, @Nullable NetworkThreads threads) {
    EventLoops loops =
        threads == null ? EventLoops.start(LOOP_THREADS) : EventLoops.of(threads.executor());
    if (loops.isStopping() || loops.isWithin()) {
      throw new IllegalStateException("the network's threads are closed, or asked to wait");
    }
    HttpService service = new HttpService(handler, accessOf(handler, options), options);
    try {
      return new HttpServer(loops, threads == null, service, bind(loops, service, options));
    } catch (RuntimeException refused) {
      long deadline = System.nanoTime() + CLOSE_TIME.toNanos();
      service.stop(deadline);
      if (threads == null) {
        loops.stop();
        awaitLoops(loops, deadline);
      }
      throw refused;
    }
  }

  /** The address that a server is bound to is one that it may be asked by. */
  private static ApiAccess accessOf(ApiHandler handler, HttpOptions options) {
    InetAddress bound = options.bind().getAddress();
    ApiAccess access = handler.access();
    if (bound == null || !bound.isAnyLocalAddress()) {
      return access.withHost(
          bound == null ? options.bind().getHostString() : bound.getHostAddress());
    }
    return new ApiAccess(access.token(), access.hosts(), true);
  }

  private static Channel bind(EventLoops loops, HttpService service, HttpOptions options) {
    try {
      return new ServerBootstrap()
          .group(loops.group())
          .channel(loops.serverChannels())
          .option(ChannelOption.SO_BACKLOG, BACKLOG)
          .option(ChannelOption.SO_REUSEADDR, true)
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
          .childHandler(new Pipelines(service))
          .bind(options.bind())
          .syncUninterruptibly()
          .channel();
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      // Netty throws what it is told, whatever the compiler knows of it.
      throw new UncheckedIOException(
          new IOException("cannot listen at " + options.bind() + ": " + failed.getMessage()));
    }
  }

  /** Makes the pipeline of a connection. */
  private static final class Pipelines extends ChannelInitializer<Channel> {
    private final HttpService service;

    Pipelines(HttpService service) {
      this.service = service;
    }

    @Override
    protected void initChannel(Channel channel) {
      HttpConnection connection = new HttpConnection(service, channel);
      channel
          .pipeline()
          .addLast(connection.firstBytes())
          .addLast(new StrictRequestDecoder())
          .addLast(new HttpResponseEncoder())
          .addLast(new FlowControlHandler())
          .addLast(connection);
    }
  }

  /** Where it listens, with the port that was picked. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** How many connections are open. */
  public int connections() {
    return service.connections().size();
  }

  @Override
  public void close() {
    close(CLOSE_TIME);
  }

  /**
   * Listens no more, lets what is being answered be answered, and stops. Calling it again only
   * waits. The handler stays open.
   *
   * @return whether all that ran has ended within the time
   */
  public boolean close(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    var unused = channel.close();
    service.drain();
    boolean hasStopped = service.awaitDrained(deadline);
    sweeper.cancel(false);
    hasStopped &= service.stop(deadline);
    hasStopped &= hasStoppedListening(deadline);
    if (isOwnLoops) {
      loops.stop();
      hasStopped &= awaitLoops(loops, deadline);
    }
    return hasStopped;
  }

  /** Threads that are lent go on, so that theirs is no sign that the address is free. */
  private boolean hasStoppedListening(long deadline) {
    return loops.isWithin()
        ? !channel.isOpen()
        : channel
            .closeFuture()
            .awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private static boolean awaitLoops(EventLoops loops, long deadline) {
    try {
      return loops.awaitStop(
          Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
