package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Opens a connection: what the sender is and where its chain ends. Each side sends one.
 *
 * <p>The wire has two more fields, the services of the receiver and the address of the sender.
 * Nobody may believe either, so they are written as zeros and read over.
 *
 * @param node what the sender says of itself
 * @param timeSeconds the sender's clock, Unix seconds; hearsay that consensus never reads
 * @param receiver the receiver's address as the sender sees it, IPv4 or IPv6; {@link #NO_ADDRESS}
 *     where it has none
 * @param nonce random; who gets its own back has connected to itself
 * @param startHeight the height of the sender's tip, hearsay
 * @param relay whether the sender wants transactions announced before it asks for them (BIP37)
 */
public record Version(
    NodeDescription node,
    long timeSeconds,
    NetworkAddress receiver,
    long nonce,
    int startHeight,
    boolean relay)
    implements Message {
  public static final String COMMAND = "version";

  /** Stands where an address is not known or not told. */
  public static final NetworkAddress NO_ADDRESS =
      new NetworkAddress(AddressNetwork.IPV6, Bytes.of(new byte[16]), 0);

  public Version {
    Addresses.requireOldNetwork(receiver);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
