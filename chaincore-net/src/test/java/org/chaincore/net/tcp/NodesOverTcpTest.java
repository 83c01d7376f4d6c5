package org.chaincore.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.net.tls.Certificates;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.fixture.TransportHost;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes over loopback: what one mines and pays all have. */
@Timeout(240)
final class NodesOverTcpTest {
  private static Transaction pay(ChainFixture chain) {
    Transaction payment = chain.pay(chain.coin(), 1_000);
    chain.offer(payment);
    return payment;
  }

  /** A chain is there before anybody connects, then it grows here and there. */
  private static void liveTogether(Town town, int nodes) throws InterruptedException {
    town.chain(0).mine(30);
    for (int i = 1; i < nodes; i++) {
      town.connect(i, i - 1);
    }
    town.awaitOneTip();
    assertThat(town.chain(nodes - 1).engine().view().height()).isEqualTo(30);

    Transaction payment = pay(town.chain(0));
    town.awaitInAllMempools(payment);
    town.chain(nodes - 1).mineWith(payment);
    town.awaitOneTip();
    assertThat(town.chain(0).engine().view().height()).isEqualTo(31);
    assertThat(town.chain(0).mempool()).isEmpty();
  }

  @Test
  void twoNodes_overPlainTcp_shareBlocksAndPayments() throws Exception {
    try (Town town = Town.plain(2)) {
      liveTogether(town, 2);
    }
  }

  @Test
  void twoNodes_withinTls_shareBlocksAndPayments() throws Exception {
    try (Town town = Town.withinTls(2)) {
      liveTogether(town, 2);
    }
  }

  @Test
  void fiveNodes_overPlainTcp_shareBlocksAndPayments() throws Exception {
    try (Town town = Town.plain(5)) {
      liveTogether(town, 5);
    }
  }

  @Test
  void fiveNodes_withinTls_shareBlocksAndPayments() throws Exception {
    try (Town town = Town.withinTls(5)) {
      liveTogether(town, 5);
    }
  }

  @Test
  void nodes_whoseConnectionIsKilled_meetAgain() throws Exception {
    try (Town town = Town.plain(2);
        CuttableProxy proxy = new CuttableProxy(town.transport(1).boundAddress())) {
      town.chain(1).mine(5);
      town.connect(0, proxy.address());
      town.awaitOneTip();

      proxy.cut();
      town.await(() -> town.driver(0).connections() + town.driver(1).connections() == 0);
      town.chain(1).mine(5);
      town.connect(0, proxy.address());

      town.awaitOneTip();
      assertThat(town.chain(0).engine().view().height()).isEqualTo(10);
      assertThat(proxy.passages()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void nodes_amongGarbageAndHalfOpenConnections_goOnSharing() throws Exception {
    try (Town town = Town.plain(2)) {
      List<Socket> hostile = new ArrayList<>();
      byte[] garbage = new byte[10_000];
      new Random(1).nextBytes(garbage);
      for (int i = 0; i < 20; i++) {
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), town.transport(0).boundAddress().port());
        hostile.add(socket);
        if (i % 2 == 0) {
          try {
            socket.getOutputStream().write(garbage);
          } catch (SocketException cut) {
            assertThat(cut).isNotNull(); // As it should be.
          }
        }
      }

      liveTogether(town, 2);

      for (int i = 0; i < hostile.size(); i += 2) {
        awaitEnd(hostile.get(i));
      }
      for (Socket socket : hostile) {
        socket.close();
      }
    }
  }

  private static void awaitEnd(Socket socket) throws Exception {
    socket.setSoTimeout(20_000);
    try {
      InputStream in = socket.getInputStream();
      while (in.read(new byte[1_000]) >= 0) {}
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("eset");
    }
  }

  @Test
  void stranger_ofAPermissionedNetwork_learnsNothing() throws Exception {
    try (Town town = Town.withinTls(2)) {
      TcpTransport stranger =
          TcpTransport.of(
              TcpOptions.connectingOnly()
                  .withTls(MutualTls.ofNode(Certificates.nodeKey(99), id -> true)));
      TransportHost host = TransportHost.start(stranger);
      NetworkAddress address = town.transport(0).boundAddress();
      host.transport().connect(address, 1);
      host.awaitConnected().awaitClosed();

      liveTogether(town, 2);

      assertThat(town.transport(0).status().failedHandshakes()).isEqualTo(1);
      assertThat(stranger.status().receivedBytes()).isZero();
      stranger.close();
      stranger.ended().join();
    }
  }
}
