package org.chaincore.sync.peer;

import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * Peers that this node was connected to for blocks only when it stopped, to be dialled first when
 * it starts again. Whoever fills a node's address book and makes it restart would else choose all
 * of its peers; such connections carry no addresses and no transactions, so nobody else knows of
 * them. Dialled once and then forgotten, or an anchor that can crash a node would do it at every
 * start.
 *
 * @param addresses at most {@link #MAX}
 */
public record Anchors(List<NetworkAddress> addresses) {
  /** As many as there are connections for blocks only by default. */
  public static final int MAX = 2;

  public static final Anchors NONE = new Anchors(List.of());

  private static final CheckedSnapshot FRAME = new CheckedSnapshot(0x4e41_4343, 1);

  public Anchors {
    addresses = List.copyOf(addresses);
    if (addresses.size() > MAX) {
      throw new IllegalArgumentException(addresses.size() + " anchors, at most " + MAX);
    }
  }

  /** Writes them. */
  public void write(ByteWriter out) {
    ByteWriter content = ByteWriter.create().compactSize(addresses.size());
    addresses.forEach(address -> AddressBytes.write(address, content));
    FRAME.write(out, content);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws MalformedBytesException if it is nothing that was written
   */
  public static Anchors read(ByteReader in) {
    ByteReader content = FRAME.read(in);
    List<NetworkAddress> addresses =
        content.list("anchors", AddressBytes.MIN_BYTES, AddressBytes::read);
    content.expectEnd("anchors");
    if (addresses.size() > MAX) {
      throw new MalformedBytesException(0, "anchors", addresses.size() + " are too many");
    }
    return new Anchors(addresses);
  }
}
