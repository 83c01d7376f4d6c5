package org.chaincore.sync.message;

import java.util.List;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Tells of other nodes, in the old form that knows IPv4 and IPv6 only.
 *
 * @param addresses at most {@link #MAX_ADDRESSES}
 */
public record Addresses(List<TimestampedAddress> addresses) implements Message {
  public static final String COMMAND = "addr";

  /** What one message may bring to the address book; a flood of lies comes in small portions. */
  public static final int MAX_ADDRESSES = 1_000;

  public Addresses {
    Checks.atMost("addresses", addresses.size(), MAX_ADDRESSES);
    addresses = List.copyOf(addresses);
    addresses.forEach(told -> requireOldNetwork(told.address()));
  }

  /** Whether the old form can carry an address. */
  public static boolean canCarry(NetworkAddress address) {
    return address.network() == AddressNetwork.IPV4 || address.network() == AddressNetwork.IPV6;
  }

  static void requireOldNetwork(NetworkAddress address) {
    if (!canCarry(address)) {
      throw new IllegalArgumentException(
          "an address of " + address.network() + " where only IPv4 and IPv6 have a form");
    }
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
