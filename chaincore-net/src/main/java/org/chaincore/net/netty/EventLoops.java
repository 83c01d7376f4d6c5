package org.chaincore.net.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FutureListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Netty's threads, and the kind of channels that they run: epoll's where its native library is
 * found, the JDK's otherwise. Thread-safe.
 */
public final class EventLoops {
  private static final String THREAD_NAME = "chaincore-net";

  private final IoEventLoopGroup group;
  private final Threads threads;

  private EventLoops(IoEventLoopGroup group, Threads threads) {
    this.group = group;
    this.threads = threads;
  }

  /** Makes threads and knows those that live: Netty says that they have ended a little early. */
  private static final class Threads extends DefaultThreadFactory {
    private final Queue<Thread> all = new ConcurrentLinkedQueue<>();

    Threads() {
      super(THREAD_NAME, true);
    }

    @Override
    public Thread newThread(Runnable task) {
      Thread thread = super.newThread(task);
      all.removeIf(known -> known.getState() == Thread.State.TERMINATED);
      all.add(thread);
      return thread;
    }

    /** Waits for each, which is at its last step. */
    boolean awaitEnd(long millis) throws InterruptedException {
      for (Thread thread : all) {
        thread.join(Math.max(1, millis));
        if (thread.isAlive()) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Makes daemon threads; each is started when it is needed first.
   *
   * @param threads at least 1
   */
  public static EventLoops start(int threads) {
    return start(threads, Epoll.isAvailable());
  }

  /**
   * The same with the kind of channels named.
   *
   * @param isEpoll whether to use epoll, which must be there then
   */
  static EventLoops start(int threads, boolean isEpoll) {
    if (threads < 1) {
      throw new IllegalArgumentException("a network needs a thread at least, not " + threads);
    }
    IoHandlerFactory io = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Threads made = new Threads();
    return new EventLoops(new MultiThreadIoEventLoopGroup(threads, made, io), made);
  }

  /**
   * Finds the loops behind what {@link #executor} gave.
   *
   * @throws IllegalArgumentException if it is another executor
   */
  public static EventLoops of(ScheduledExecutorService executor) {
    if (executor instanceof IoEventLoopGroup group) {
      return new EventLoops(group, new Threads()); // Whoever made the threads waits for them.
    }
    throw new IllegalArgumentException("not the threads of a network: " + executor.getClass());
  }

  public EventLoopGroup group() {
    return group;
  }

  /** The same threads in a type that may be shown to hosts. */
  public ScheduledExecutorService executor() {
    return group;
  }

  private boolean isEpoll() {
    return group.isIoType(EpollIoHandler.class);
  }

  public Class<? extends Channel> socketChannels() {
    return isEpoll() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  public Class<? extends ServerChannel> serverChannels() {
    return isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /**
   * Makes a channel that goes nowhere and closes it, so that the first one that does need not wait
   * for all that is loaded with it. If the system gives none, whoever needs one will be told.
   */
  public void prepare() {
    ChannelFuture made =
        new ServerBootstrap()
            .group(group)
            .channel(serverChannels())
            .childHandler(new ChannelInboundHandlerAdapter())
            .register()
            .awaitUninterruptibly();
    if (made.isSuccess()) {
      made.channel().close().awaitUninterruptibly();
    }
  }

  /** Whether the caller runs in one of these threads, and so must not wait for them. */
  public boolean isWithin() {
    for (EventExecutor loop : group) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }

  public boolean isStopping() {
    return group.isShuttingDown();
  }

  /**
   * Ends the threads, and returns at once. Whoever has channels there closes them before: epoll may
   * forget one that is new.
   */
  public void stop() {
    var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /**
   * Does something when the last thread has ended; at once if that was before.
   *
   * @return takes the wish back, with all that it holds: threads may live longer than who uses them
   */
  public Runnable whenStopped(Runnable then) {
    FutureListener<Object> listener = ended -> then.run();
    group.terminationFuture().addListener(listener);
    return () -> group.terminationFuture().removeListener(listener);
  }

  /** Waits for the threads to end, unless it is one of them that asks. */
  public boolean awaitStop(long millis) throws InterruptedException {
    return !isWithin()
        && group.awaitTermination(millis, TimeUnit.MILLISECONDS)
        && threads.awaitEnd(millis);
  }
}
