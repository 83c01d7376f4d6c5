package org.chaincore.core.pow;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Target;

/**
 * A search by the JDK's SHA-256, which hashes in the processor's own instructions where it has
 * them. A hash whose top 64 bits are above the target's is dropped before anything is allocated.
 */
final class DigestKernel implements NonceKernel {
  private static final int NONCE_OFFSET = 76;
  private static final int TOP_WORD_OFFSET = 24;

  private final MessageDigest digest;
  private final byte[] header;
  private final byte[] hash = new byte[Hash256.BYTES];
  private final Target target;
  private final long topWord;

  DigestKernel(BlockHeader header, Target target) {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    this.header = header.toWire();
    this.target = target;
    this.topWord = target.toBigInteger().shiftRight(192).longValue();
  }

  @Override
  public long lowest(long from, long to) {
    try {
      for (long nonce = from; nonce < to; nonce++) {
        if (isGood((int) nonce)) {
          return nonce;
        }
      }
      return NONE;
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a digest", e);
    }
  }

  private boolean isGood(int nonce) throws DigestException {
    LittleEndian.putInt(header, NONCE_OFFSET, nonce);
    digest.update(header, 0, BlockHeader.BYTES);
    digest.digest(hash, 0, Hash256.BYTES);
    digest.update(hash, 0, Hash256.BYTES);
    digest.digest(hash, 0, Hash256.BYTES);
    return Long.compareUnsigned(LittleEndian.getLong(hash, TOP_WORD_OFFSET), topWord) <= 0
        && target.isMetBy(Hash256.ofWire(hash, 0));
  }
}
