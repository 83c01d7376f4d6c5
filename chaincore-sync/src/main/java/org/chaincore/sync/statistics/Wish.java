package org.chaincore.sync.statistics;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;

/**
 * Which observations one side of an exchange wants to be sent.
 *
 * @param room how many at most, 0..255
 * @param below the upper half of the rank from which on none is wanted, unsigned; {@link #ANY} for
 *     no such bound
 * @param saltCheck tells whether both sides rank alike; if not, the bound says nothing
 */
public record Wish(int room, int below, int saltCheck) {
  /** No bound. */
  public static final int ANY = -1;

  static final int BYTES = 9;

  public Wish {
    if (room < 0 || room > 0xff) {
      throw new IllegalArgumentException("room outside 0..255: " + room);
    }
  }

  /** Whether a node of this rank is worth sending, if the sender ranks by this salt. */
  boolean wants(long rank, EpochSalt salt) {
    return below == ANY
        || (saltCheck == salt.check() && Integer.compareUnsigned((int) (rank >>> 32), below) < 0);
  }

  static Wish read(ByteReader in) {
    return new Wish(in.uint8("room"), in.int32("below"), in.int32("salt check"));
  }

  void write(ByteWriter out) {
    out.uint8(room).int32(below).int32(saltCheck);
  }
}
