package org.chaincore.core.script;

import java.math.BigInteger;
import java.util.Arrays;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.value.Bytes;

/**
 * An ECDSA signature: two numbers r and s from 1 to n−1. On the wire it is strict DER (BIP66),
 * followed there by a hash type byte that is not part of it.
 *
 * <p>For every signature there is a second with n−s in place of s; only the low one is accepted on
 * ChainCore networks (BIP146), so that nobody can change a transaction's id.
 *
 * <p>Immutable and thread-safe.
 */
public final class EcdsaSignature {
  /** Bytes of r and s together. */
  public static final int COMPACT_BYTES = 2 * ScalarBytes.LENGTH;

  private static final int SEQUENCE_TAG = 0x30;
  private static final int INTEGER_TAG = 0x02;
  private static final int SHORTEST_DER = 8;
  private static final int LONGEST_DER = 72;
  private static final byte[] ORDER = ScalarBytes.of(Scalars.ORDER);
  private static final byte[] HALF_ORDER = ScalarBytes.of(Scalars.ORDER.shiftRight(1));

  private final byte[] compact;

  private EcdsaSignature(byte[] compact) {
    this.compact = compact;
  }

  /**
   * The signature whose r and s are these 64 bytes, each most significant byte first.
   *
   * @throws IllegalArgumentException if r or s is outside 1..n−1
   */
  public static EcdsaSignature ofCompact(Bytes compact) {
    if (compact.length() != COMPACT_BYTES) {
      throw new IllegalArgumentException(
          "a compact signature has 64 bytes, got " + compact.length());
    }
    byte[] bytes = compact.toArray();
    if (!isScalar(bytes, 0) || !isScalar(bytes, ScalarBytes.LENGTH)) {
      throw new IllegalArgumentException("r or s outside 1..n-1: " + compact);
    }
    return new EcdsaSignature(bytes);
  }

  static EcdsaSignature of(BigInteger r, BigInteger s) {
    byte[] compact = Arrays.copyOf(ScalarBytes.of(r), COMPACT_BYTES);
    System.arraycopy(ScalarBytes.of(s), 0, compact, ScalarBytes.LENGTH, ScalarBytes.LENGTH);
    return new EcdsaSignature(compact);
  }

  /**
   * Reads strict DER (BIP66) without hash type byte.
   *
   * @throws MalformedBytesException if it is not the one DER encoding of two numbers 1..n−1
   */
  public static EcdsaSignature parseDer(Bytes der) {
    return parseDer(der, der.length());
  }

  /** Reads the first {@code length} bytes of {@code bytes}. */
  static EcdsaSignature parseDer(Bytes bytes, int length) {
    if (length < SHORTEST_DER || length > LONGEST_DER) {
      throw new MalformedBytesException(0, "signature", length + " bytes, not 8..72");
    }
    if (bytes.unsignedAt(0) != SEQUENCE_TAG) {
      throw new MalformedBytesException(0, "signature", "not a DER sequence");
    }
    if (bytes.unsignedAt(1) != length - 2) {
      throw new MalformedBytesException(
          1, "signature length", bytes.unsignedAt(1) + " declared, " + (length - 2) + " there");
    }
    byte[] compact = new byte[COMPACT_BYTES];
    int end = readNumber(bytes, 2, length, "signature r", compact, 0);
    end = readNumber(bytes, end, length, "signature s", compact, ScalarBytes.LENGTH);
    if (end != length) {
      throw new MalformedBytesException(end, "signature", "bytes behind s");
    }
    return new EcdsaSignature(compact);
  }

  private static int readNumber(
      Bytes bytes, int at, int limit, String field, byte[] to, int toOffset) {
    if (at + 2 > limit || bytes.unsignedAt(at) != INTEGER_TAG) {
      throw new MalformedBytesException(at, field, "not a DER integer");
    }
    int length = bytes.unsignedAt(at + 1);
    int from = at + 2;
    if (length == 0 || length > limit - from) {
      throw new MalformedBytesException(at + 1, field, "length of " + length);
    }
    if (bytes.at(from) < 0) {
      throw new MalformedBytesException(from, field, "negative");
    }
    int end = from + length;
    if (bytes.at(from) == 0 && length > 1) {
      if (bytes.at(from + 1) >= 0) {
        throw new MalformedBytesException(from, field, "padded with a zero byte");
      }
      from++;
    }
    int significant = end - from;
    if (significant <= ScalarBytes.LENGTH) {
      int first = toOffset + ScalarBytes.LENGTH - significant;
      for (int i = 0; i < significant; i++) {
        to[first + i] = bytes.at(from + i);
      }
    }
    if (significant > ScalarBytes.LENGTH || !isScalar(to, toOffset)) {
      throw new MalformedBytesException(at, field, "outside 1..n-1");
    }
    return end;
  }

  private static boolean isScalar(byte[] bytes, int offset) {
    int end = offset + ScalarBytes.LENGTH;
    if (Arrays.compareUnsigned(bytes, offset, end, ORDER, 0, ORDER.length) >= 0) {
      return false;
    }
    for (int i = offset; i < end; i++) {
      if (bytes[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether s is at most half the order, the only form that ChainCore networks accept. */
  public boolean isLowS() {
    return Arrays.compareUnsigned(
            compact, ScalarBytes.LENGTH, COMPACT_BYTES, HALF_ORDER, 0, HALF_ORDER.length)
        <= 0;
  }

  /** The form of this signature with a low s: itself, or the one with n−s. */
  public EcdsaSignature toLowS() {
    return isLowS() ? this : of(r(), Scalars.ORDER.subtract(s()));
  }

  BigInteger r() {
    return new BigInteger(1, compact, 0, ScalarBytes.LENGTH);
  }

  BigInteger s() {
    return new BigInteger(1, compact, ScalarBytes.LENGTH, ScalarBytes.LENGTH);
  }

  /** r and s as 32 bytes each, most significant byte first. */
  public Bytes toCompact() {
    return Bytes.of(compact);
  }

  /** The same, for who needs an array. */
  byte[] toCompactArray() {
    return compact.clone();
  }

  /** Strict DER, without hash type byte. */
  public Bytes toDer() {
    byte[] r = r().toByteArray();
    byte[] s = s().toByteArray();
    byte[] der = new byte[6 + r.length + s.length];
    der[0] = SEQUENCE_TAG;
    der[1] = (byte) (der.length - 2);
    writeNumber(der, 2, r);
    writeNumber(der, 4 + r.length, s);
    return Bytes.of(der);
  }

  private static void writeNumber(byte[] der, int at, byte[] number) {
    der[at] = INTEGER_TAG;
    der[at + 1] = (byte) number.length;
    System.arraycopy(number, 0, der, at + 2, number.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EcdsaSignature that && Arrays.equals(compact, that.compact);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(compact);
  }

  /** The DER encoding in hex. */
  @Override
  public String toString() {
    return toDer().toHex();
  }
}
