package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.MemoryNetwork;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;
import org.junit.jupiter.api.Test;

/** Without latency everything happens in the test's own thread. */
class CabledTransportTest {
  private static final NetworkAddress HERE = NetworkAddress.parse("10.0.0.1:1");
  private static final NetworkAddress THERE = NetworkAddress.parse("10.0.0.2:1");

  private final MemoryNetwork network = MemoryNetwork.immediate();
  private final List<Cable> cables = new ArrayList<>();
  private final Ear here = new Ear();
  private final Ear there = new Ear();
  private final Transport transport = start(HERE, here);
  private final Transport other = start(THERE, there);

  private Transport start(NetworkAddress address, Ear ear) {
    Transport started = new CabledTransport(network.transportAt(address), address, cables);
    started.start(ear);
    return started;
  }

  private Cable layCable() {
    Cable cable = new Cable(HERE, THERE);
    cables.add(cable);
    return cable;
  }

  /** Writes down all that it hears. */
  private static final class Ear implements Transport.Acceptor, Receiver {
    private final List<Connection> connections = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @Override
    public Receiver accepted(Connection connection) {
      connections.add(connection);
      heard.add("accepted " + connection.remote());
      return this;
    }

    @Override
    public Receiver connected(Connection connection, long attempt) {
      connections.add(connection);
      heard.add("connected " + attempt);
      return this;
    }

    @Override
    public void connectFailed(long attempt) {
      heard.add("failed " + attempt);
    }

    @Override
    public void received(byte[] bytes) {
      heard.add("received " + Bytes.of(bytes));
    }

    @Override
    public void drained() {
      heard.add("drained");
    }

    @Override
    public void closed() {
      heard.add("closed");
    }
  }

  @Test
  void connect_alongACable_carriesBytesBothWays() {
    layCable();

    transport.connect(THERE, 7);
    here.connections.get(0).send(new byte[] {1, 2});
    there.connections.get(0).send(new byte[] {3});

    assertThat(here.heard).containsExactly("connected 7", "received 03");
    assertThat(there.heard).containsExactly("accepted " + HERE, "received 0102");
  }

  @Test
  void connect_noCable_fails() {
    transport.connect(THERE, 7);

    assertThat(here.heard).containsExactly("failed 7");
    assertThat(there.heard).isEmpty();
  }

  @Test
  void connect_cableIsCut_failsFromBothEndsUntilItIsMended() {
    Cable cable = layCable();
    cable.cut();

    transport.connect(THERE, 7);
    other.connect(HERE, 8);
    cable.mend();
    transport.connect(THERE, 9);

    assertThat(here.heard).containsExactly("failed 7", "connected 9");
    assertThat(there.heard).containsExactly("failed 8", "accepted " + HERE);
  }

  @Test
  void connect_nobodyListens_fails() {
    layCable();
    other.close();

    transport.connect(THERE, 7);

    assertThat(here.heard).containsExactly("failed 7");
  }

  @Test
  void cut_openConnection_endsForBothAndCarriesNoMore() {
    Cable cable = layCable();
    transport.connect(THERE, 7);

    cable.cut();
    here.connections.get(0).send(new byte[] {1});

    assertThat(here.heard).containsExactly("connected 7", "closed");
    assertThat(there.heard).containsExactly("accepted " + HERE, "closed");
  }

  @Test
  void carry_cutMeanwhile_endsTheConnection() {
    Cable cable = layCable();
    transport.connect(THERE, 7);
    cable.cut();
    cable.mend();
    transport.connect(THERE, 8);
    here.heard.clear();

    cable.cut();
    cable.carry(here.connections.get(1));

    assertThat(here.heard).containsExactly("closed");
  }

  @Test
  void accepted_fromWhereNoCableLeads_endsTheConnection() {
    Ear stranger = new Ear();
    Transport uncabled = network.transportAt(NetworkAddress.parse("10.0.0.3:1"));
    uncabled.start(stranger);

    uncabled.connect(HERE, 7);

    assertThat(stranger.heard).containsExactly("connected 7", "closed");
    assertThat(here.heard).endsWith("closed");
  }

  @Test
  void close_openConnection_ends() {
    layCable();
    transport.connect(THERE, 7);

    transport.close();

    assertThat(there.heard).endsWith("closed");
  }
}
