package org.chaincore.net.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import org.chaincore.net.netty.EventLoops;

/**
 * How the sockets of a transport are made: their options, and how much of what passes through them
 * is in buffers of Netty's. Thread-safe.
 *
 * @param loops the threads that they are run by
 * @param options what the host says
 */
record Sockets(EventLoops loops, TcpOptions options) {
  private static final int LEAST_BUFFER_BYTES = 512;
  private static final int FIRST_BUFFER_BYTES = 2 * 1024;
  private static final int LARGEST_BUFFER_BYTES = 64 * 1024;

  /** Netty is given no more than this and a piece; the rest waits where it is shared. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /** Those that connect. */
  Bootstrap connecting() {
    return new Bootstrap()
        .group(loops.group())
        .channel(loops.socketChannels())
        .disableResolver()
        .option(ChannelOption.TCP_NODELAY, options.socket().isNoDelay())
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            Math.toIntExact(options.times().connect().toMillis()))
        .option(ChannelOption.RECVBUF_ALLOCATOR, readBuffers())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  /** One that listens, and those that it lets in. */
  ServerBootstrap listening() {
    return new ServerBootstrap()
        .group(loops.group())
        .channel(loops.serverChannels())
        .option(ChannelOption.SO_BACKLOG, options.socket().backlog())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, options.socket().isNoDelay())
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, readBuffers())
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  private static RecvByteBufAllocator readBuffers() {
    return new AdaptiveRecvByteBufAllocator(
            LEAST_BUFFER_BYTES, FIRST_BUFFER_BYTES, LARGEST_BUFFER_BYTES)
        .maxMessagesPerRead(TcpTransport.READ_BYTES / LARGEST_BUFFER_BYTES);
  }
}
