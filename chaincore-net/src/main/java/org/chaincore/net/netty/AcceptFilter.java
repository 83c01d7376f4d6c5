package org.chaincore.net.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;
import org.chaincore.sync.peer.NetworkAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in front of a server: who gets no place is closed before anything is made for the
 * connection. Thread-safe; serves any number of servers that share its gate.
 */
@ChannelHandler.Sharable
public final class AcceptFilter extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptFilter.class);

  private final AcceptGate gate;
  private final Runnable refused;

  /**
   * A filter.
   *
   * @param refused told of each connection that gets no place
   */
  public AcceptFilter(AcceptGate gate, Runnable refused) {
    this.gate = gate;
    this.refused = refused;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof Channel child)) {
      context.fireChannelRead(message);
      return;
    }
    Optional<NetworkAddress> from =
        Optional.ofNullable(child.remoteAddress()).flatMap(IpAddresses::networkAddress);
    Optional<AcceptGate.Place> place = from.flatMap(gate::enter);
    if (place.isPresent()) {
      child.closeFuture().addListener(closed -> place.get().free());
      context.fireChannelRead(child);
    } else {
      LOG.debug("no place for {}", from);
      refused.run();
      child.unsafe().closeForcibly();
    }
  }
}
