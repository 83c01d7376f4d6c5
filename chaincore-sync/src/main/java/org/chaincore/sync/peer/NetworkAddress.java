package org.chaincore.sync.peer;

import org.chaincore.core.value.Bytes;

/**
 * Where a node can be reached.
 *
 * @param network the network it is on
 * @param host the address in that network, of its length
 * @param port 0 to 65535; 0 where none is known
 */
public record NetworkAddress(AddressNetwork network, Bytes host, int port) {
  public NetworkAddress {
    if (host.length() != network.hostBytes()) {
      throw new IllegalArgumentException(
          network + " addresses have " + network.hostBytes() + " bytes, not " + host.length());
    }
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }
}
