package org.chaincore.sync.peer;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/** Addresses as they are kept on disk: id of the network, host of its length, port. */
final class AddressBytes {
  /** The least that one takes. */
  static final int MIN_BYTES = 1 + 4 + 2;

  private AddressBytes() {}

  static void write(NetworkAddress address, ByteWriter out) {
    out.uint8(address.network().id()).bytes(address.host()).uint16(address.port());
  }

  static NetworkAddress read(ByteReader in) {
    int at = in.position();
    int id = in.uint8("address.network");
    AddressNetwork network =
        AddressNetwork.of(id)
            .orElseThrow(
                () -> new MalformedBytesException(at, "address.network", id + " is not known"));
    return new NetworkAddress(
        network, in.bytes("address.host", network.hostBytes()), in.uint16("address.port"));
  }
}
