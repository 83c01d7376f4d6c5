package org.chaincore.core.script;

import org.chaincore.core.curve.CurvePoint;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;

/**
 * A public key as an ECDSA spend shows it: 33 bytes compressed or 65 uncompressed. Whether a point
 * of the curve belongs to it is checked when asked, since that costs a square root.
 *
 * <p>Immutable and thread-safe.
 *
 * @param encoded prefix 2 or 3 and x, or prefix 4, x and y
 */
public record PublicKey(Bytes encoded) {
  /** Bytes of a compressed key. */
  public static final int COMPRESSED_BYTES = 33;

  /** Bytes of an uncompressed key. */
  public static final int UNCOMPRESSED_BYTES = 65;

  public PublicKey {
    if (!isEncoding(encoded)) {
      throw new IllegalArgumentException("not a public key encoding: " + encoded);
    }
  }

  /**
   * The key with this encoding.
   *
   * @throws IllegalArgumentException if length and prefix are not those of a key
   */
  public static PublicKey of(Bytes encoded) {
    return new PublicKey(encoded);
  }

  /** Whether bytes have length and prefix of a key; the curve is not looked at. */
  public static boolean isEncoding(Bytes bytes) {
    return isCompressedEncoding(bytes)
        || (bytes.length() == UNCOMPRESSED_BYTES && bytes.at(0) == 4);
  }

  static boolean isCompressedEncoding(Bytes bytes) {
    return bytes.length() == COMPRESSED_BYTES && (bytes.at(0) == 2 || bytes.at(0) == 3);
  }

  public boolean isCompressed() {
    return encoded.length() == COMPRESSED_BYTES;
  }

  /** Whether the encoding is that of a point of the curve. */
  public boolean isOnCurve() {
    return CurvePoint.decode(encoded) != null;
  }

  /** RIPEMD-160 of SHA-256 of the encoding, 20 bytes. */
  public Bytes hash160() {
    return new Hash160(Sha256.create()).of(encoded);
  }

  /** The x coordinate alone, as taproot uses it. */
  public XOnlyPublicKey xOnly() {
    return new XOnlyPublicKey(encoded.slice(1, 1 + XOnlyPublicKey.BYTES));
  }

  @Override
  public String toString() {
    return encoded.toHex();
  }
}
