package org.chaincore.sync.transport;

import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TransportContract;
import org.chaincore.sync.peer.NetworkAddress;

/** The transport in memory keeps the contract of transports. */
final class MemoryTransportContractTest extends TransportContract {
  private final MemoryNetwork network = MemoryNetwork.immediate();
  private int sites;

  @Override
  protected Site newSite() {
    NetworkAddress address = Conversation.addressOf(++sites);
    return new Site(network.transportAt(address), () -> address);
  }
}
