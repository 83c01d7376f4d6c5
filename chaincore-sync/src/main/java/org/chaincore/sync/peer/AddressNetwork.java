package org.chaincore.sync.peer;

import java.util.Arrays;
import java.util.Optional;

/** A network that an address belongs to. Source: BIP155. */
public enum AddressNetwork {
  IPV4(1, 4),
  IPV6(2, 16),
  TOR_V3(4, 32),
  I2P(5, 32),
  CJDNS(6, 16);

  private final int id;
  private final int hostBytes;

  AddressNetwork(int id, int hostBytes) {
    this.id = id;
    this.hostBytes = hostBytes;
  }

  /** The network of an id of BIP155; empty for one that is not known here. */
  public static Optional<AddressNetwork> of(int id) {
    return Arrays.stream(values()).filter(network -> network.id == id).findFirst();
  }

  /** The id of BIP155. */
  public int id() {
    return id;
  }

  /** How many bytes a host of this network has. */
  public int hostBytes() {
    return hostBytes;
  }
}
