/**
 * A node on the network: what carries its bytes, who is let in, and what hosts see of it.
 *
 * <p>On Linux Netty uses epoll if its native library is on the class path, or in a module that was
 * added ({@code --add-modules io.netty.transport.epoll.linux.x86_64}), and the JDK's sockets
 * otherwise.
 */
@org.jspecify.annotations.NullMarked
module org.chaincore.net {
  requires transitive org.chaincore.sync;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.slf4j;

  exports org.chaincore.net.config;
  exports org.chaincore.net.http;
  exports org.chaincore.net.journal;
  exports org.chaincore.net.node;
  exports org.chaincore.net.tcp;
  exports org.chaincore.net.tls;
}
