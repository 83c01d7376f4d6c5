package org.chaincore.net.tcp;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.fixture.TransportContract;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Transport;
import org.junit.jupiter.api.Nested;

/** Both kinds of TCP keep the contract of transports. */
final class TcpContractTest {
  private abstract static class Loopback extends TransportContract {
    abstract TcpOptions options();

    @Override
    protected final Site newSite() {
      TcpTransport transport = TcpTransport.of(options());
      return new Site(transport, transport::boundAddress);
    }

    @Override
    protected final void awaitClosed(Transport transport) throws Exception {
      ((TcpTransport) transport).ended().get(30, TimeUnit.SECONDS);
    }
  }

  private static final TcpOptions PLAIN =
      TcpOptions.listeningAt(NetworkAddress.parse("127.0.0.1:0"));

  @Nested
  final class Plain extends Loopback {
    @Override
    TcpOptions options() {
      return PLAIN;
    }
  }

  @Nested
  final class OverIpv6 extends Loopback {
    @Override
    TcpOptions options() {
      return PLAIN.withListenAt(NetworkAddress.parse("[::1]:0"));
    }
  }

  @Nested
  final class WithinTls extends Loopback {
    @Override
    TcpOptions options() {
      byte[] seed = new byte[NodeKey.SEED_BYTES];
      Arrays.fill(seed, (byte) 7);
      return PLAIN.withTls(MutualTls.ofNode(NodeKey.ofSeed(seed), id -> true));
    }
  }
}
