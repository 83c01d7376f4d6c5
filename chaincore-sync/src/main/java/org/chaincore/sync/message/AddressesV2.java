package org.chaincore.sync.message;

import java.util.List;

/**
 * Tells of other nodes, of all networks. Addresses of networks that are not known here are left out
 * when the message is read. Source: BIP155.
 *
 * @param addresses at most {@link Addresses#MAX_ADDRESSES}
 */
public record AddressesV2(List<TimestampedAddress> addresses) implements Message {
  public static final String COMMAND = "addrv2";

  public AddressesV2 {
    Checks.atMost("addresses", addresses.size(), Addresses.MAX_ADDRESSES);
    addresses = List.copyOf(addresses);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
