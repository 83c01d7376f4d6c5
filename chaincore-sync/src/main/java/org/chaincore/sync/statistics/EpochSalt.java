package org.chaincore.sync.statistics;

import java.nio.charset.StandardCharsets;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.SipKey;
import org.chaincore.sync.identity.NodeId;

/**
 * Ranks the nodes anew in each epoch, the same way for all who know the anchor block; the nodes of
 * lowest rank are the sample.
 *
 * <p>Immutable and thread-safe.
 */
public final class EpochSalt {
  private static final Bytes PURPOSE =
      Bytes.of("chaincore/netstats/1/salt".getBytes(StandardCharsets.US_ASCII));

  private final long epoch;
  private final int check;
  private final SipKey key;

  private EpochSalt(long epoch, byte[] hash) {
    this.epoch = epoch;
    this.key = SipKey.of(LittleEndian.getLong(hash, 0), LittleEndian.getLong(hash, 8));
    this.check = LittleEndian.getInt(hash, 16);
  }

  /**
   * The salt of an epoch.
   *
   * @param anchor see {@link Epoch#anchor}; nobody could know it long before
   */
  public static EpochSalt of(NetworkId network, long epoch, Hash256 anchor) {
    ByteWriter out = ByteWriter.create().varBytes(PURPOSE);
    network.write(out);
    out.uint32(epoch).hash(anchor);
    return new EpochSalt(epoch, out.hash(Sha256.create()));
  }

  public long epoch() {
    return epoch;
  }

  /** Tells whether two nodes rank alike. */
  int check() {
    return check;
  }

  /** The rank of a node, an unsigned number. */
  long rank(NodeId node) {
    return key.hash(node.toBytes().toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EpochSalt that && epoch == that.epoch && check == that.check;
  }

  @Override
  public int hashCode() {
    return check;
  }

  @Override
  public String toString() {
    return "salt " + Integer.toHexString(check) + " of epoch " + epoch;
  }
}
