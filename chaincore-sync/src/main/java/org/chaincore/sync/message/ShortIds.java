package org.chaincore.sync.message;

import java.util.List;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;

/**
 * The six-byte names of transactions within one compact block. Source: BIP152. Immutable and
 * thread-safe.
 */
public final class ShortIds {
  /** Bytes of one on the wire. */
  public static final int BYTES = 6;

  private static final long MASK = (1L << 48) - 1;

  /** Packed, so that a message costs no more memory than it has bytes. */
  private final Bytes packed;

  private ShortIds(Bytes packed) {
    this.packed = packed;
  }

  /**
   * Ids in the order of the wire.
   *
   * @throws IllegalArgumentException if the bytes are not a multiple of six
   */
  public static ShortIds ofWire(Bytes packed) {
    if (packed.length() % BYTES != 0) {
      throw new IllegalArgumentException(packed.length() + " bytes of six-byte ids");
    }
    return new ShortIds(packed);
  }

  /** The ids of some transactions of a block. */
  public static ShortIds of(SipKey key, List<Hash256> wtxids) {
    ByteWriter packed = ByteWriter.ofExpectedSize(wtxids.size() * BYTES);
    for (Hash256 wtxid : wtxids) {
      long id = of(key, wtxid);
      packed.uint32(id).uint16((int) (id >>> 32));
    }
    return new ShortIds(packed.toBytes());
  }

  /** The id of one transaction: the low 48 bits of its SipHash. */
  public static long of(SipKey key, Hash256 wtxid) {
    return key.hash(wtxid) & MASK;
  }

  public int count() {
    return packed.length() / BYTES;
  }

  /** Id {@code index} of {@link #count()}, 0..2⁴⁸−1. */
  public long at(int index) {
    long id = 0;
    for (int i = BYTES - 1; i >= 0; i--) {
      id = id << 8 | packed.unsignedAt(index * BYTES + i);
    }
    return id;
  }

  public Bytes toWire() {
    return packed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShortIds that && packed.equals(that.packed);
  }

  @Override
  public int hashCode() {
    return packed.hashCode();
  }

  @Override
  public String toString() {
    return count() + " short ids";
  }
}
