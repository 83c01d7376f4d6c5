package org.chaincore.bench.workload;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.IntConsumer;

/** The least that Netty can do: a server that gives back what it hears, and a client of it. */
public final class BareNetty implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Channel server;

  private BareNetty(EventLoopGroup loops, Channel server) {
    this.loops = loops;
    this.server = server;
  }

  /** A server on a free port of the loopback address. */
  public static BareNetty start(int threads) throws InterruptedException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            threads, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new ChannelInboundHandlerAdapter() {
                              @Override
                              public void channelRead(ChannelHandlerContext context, Object what) {
                                var unused = context.writeAndFlush(what);
                              }
                            });
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    return new BareNetty(loops, server);
  }

  /** Where it listens. */
  public SocketAddress address() {
    return server.localAddress();
  }

  /** A client that tells, in its thread, how many bytes have come back. */
  public Channel connect(IntConsumer heard) throws InterruptedException {
    return new Bootstrap()
        .group(loops)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object what) {
                ByteBuf bytes = (ByteBuf) what;
                int count = bytes.readableBytes();
                bytes.release();
                heard.accept(count);
              }
            })
        .connect(address())
        .sync()
        .channel();
  }

  @Override
  public void close() {
    loops.shutdownGracefully().awaitUninterruptibly();
  }
}
