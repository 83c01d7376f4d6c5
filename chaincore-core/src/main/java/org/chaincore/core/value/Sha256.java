package org.chaincore.core.value;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * A reusable SHA-256 and double SHA-256 hasher. Asking the JDK for a digest costs as much as
 * hashing a header, so whoever hashes in a loop owns one of these; {@link #doubleHash(byte[])}
 * serves the rest.
 *
 * <p>Not thread-safe; confined to its owner.
 */
public final class Sha256 {
  private final MessageDigest digest;
  private final byte[] state = new byte[Hash256.BYTES];

  private Sha256(MessageDigest digest) {
    this.digest = digest;
  }

  public static Sha256 create() {
    try {
      return new Sha256(MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Double SHA-256 of all of {@code bytes}, by a hasher of its own. */
  public static Hash256 doubleHash(byte[] bytes) {
    return create().doubleHash(bytes, 0, bytes.length);
  }

  /** Single SHA-256 of all of {@code bytes}, by a hasher of its own. */
  public static byte[] hash(byte[] bytes) {
    return create().digest.digest(bytes);
  }

  /** SHA-256(SHA-256(bytes)) of a range. */
  public Hash256 doubleHash(byte[] bytes, int offset, int length) {
    doubleHash(bytes, offset, length, state, 0);
    return Hash256.ofWire(state, 0);
  }

  /**
   * SHA-256(SHA-256(bytes)) of a range, written as 32 bytes to {@code to}, which may be the same
   * array.
   *
   * @throws IndexOutOfBoundsException if either range is not within its array
   */
  public void doubleHash(byte[] bytes, int offset, int length, byte[] to, int toOffset) {
    // Checked first: a digest that fails half-way would keep what it was fed for the next hash.
    Objects.checkFromIndexSize(offset, length, bytes.length);
    Objects.checkFromIndexSize(toOffset, Hash256.BYTES, to.length);
    try {
      digest.update(bytes, offset, length);
      digest.digest(state, 0, Hash256.BYTES);
      digest.update(state, 0, Hash256.BYTES);
      digest.digest(to, toOffset, Hash256.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a digest at offset " + toOffset, e);
    }
  }

  /**
   * Takes a piece of something that is to be hashed as one; {@link #doubleHashOfFed} hashes it.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array; nothing is taken then
   */
  public void feed(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    digest.update(bytes, offset, length);
  }

  /** SHA-256(SHA-256(bytes)) of all pieces since the last hash. */
  public Hash256 doubleHashOfFed() {
    try {
      digest.digest(state, 0, Hash256.BYTES);
      digest.update(state, 0, Hash256.BYTES);
      digest.digest(state, 0, Hash256.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a digest in " + Hash256.BYTES + " bytes", e);
    }
    return Hash256.ofWire(state, 0);
  }

  /** Single SHA-256 of a range. */
  public byte[] hash(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
    return digest.digest();
  }
}
