package org.chaincore.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.chaincore.sync.fixture.TransportContract;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Transport;
import org.junit.jupiter.api.io.TempDir;

/** The transport of the example keeps the contract of transports. */
final class SocketFileTransportTest extends TransportContract {
  @TempDir private Path directory;
  private int sites;

  @Override
  protected Site newSite() {
    NetworkAddress address = NetworkAddress.parse("10.0.0." + ++sites + ":1");
    return new Site(new SocketFileTransport(directory, address), () -> address);
  }

  @Override
  protected void awaitClosed(Transport transport) throws Exception {
    assertThat(((SocketFileTransport) transport).awaitEnd(30)).isTrue();
  }
}
