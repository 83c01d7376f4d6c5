package org.chaincore.sync.peer;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;

/**
 * Addresses that probably have one owner, as they are cheap to have together. {@link
 * GroupingRule#groupOf} finds the group of an address.
 *
 * @param network where its addresses are
 * @param prefix what they have in common
 */
public record NetworkGroup(AddressNetwork network, Bytes prefix)
    implements Comparable<NetworkGroup> {
  @Override
  public int compareTo(NetworkGroup other) {
    int byNetwork = Integer.compare(network.id(), other.network.id());
    return byNetwork != 0 ? byNetwork : NetworkAddress.compare(prefix, other.prefix);
  }

  /** Bytes that no other group has, and that none begins with. */
  void write(ByteWriter out) {
    out.uint8(network.id()).varBytes(prefix);
  }

  @Override
  public String toString() {
    return network + " " + prefix;
  }
}
