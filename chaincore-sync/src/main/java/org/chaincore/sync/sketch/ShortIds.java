package org.chaincore.sync.sketch;

import java.nio.charset.StandardCharsets;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.SipKey;

/**
 * The 32-bit names that transactions have on one connection (BIP330), never 0. Both sides add salt,
 * so that nobody can make transactions whose names collide between other nodes.
 *
 * <p>The key is the tagged hash (BIP340) of both salts, the smaller first. The BIP's text leaves
 * out what tagging puts in front of the tag; the nodes that speak it do not.
 *
 * <p>Immutable and thread-safe.
 */
public final class ShortIds {
  private static final String TAG = "Tx Relay Salting";

  /** A remainder by this is 0 to 2³² − 2, one less than an id. */
  private static final long IDS = 0xffff_ffffL;

  private final SipKey key;

  private ShortIds(SipKey key) {
    this.key = key;
  }

  /** The names between two nodes that drew these salts; which drew which does not matter. */
  public static ShortIds of(long salt, long otherSalt) {
    boolean ascending = Long.compareUnsigned(salt, otherSalt) <= 0;
    byte[] tag = Sha256.hash(TAG.getBytes(StandardCharsets.UTF_8));
    byte[] salted = new byte[2 * tag.length + 2 * Long.BYTES];
    System.arraycopy(tag, 0, salted, 0, tag.length);
    System.arraycopy(tag, 0, salted, tag.length, tag.length);
    LittleEndian.putLong(salted, 2 * tag.length, ascending ? salt : otherSalt);
    LittleEndian.putLong(salted, 2 * tag.length + Long.BYTES, ascending ? otherSalt : salt);
    byte[] hash = Sha256.hash(salted);
    return new ShortIds(
        SipKey.of(LittleEndian.getLong(hash, 0), LittleEndian.getLong(hash, Long.BYTES)));
  }

  /** The name of a transaction, an unsigned number that is not 0. */
  public int of(Hash256 wtxid) {
    return (int) (1 + Long.remainderUnsigned(key.hash(wtxid), IDS));
  }
}
