package org.chaincore.core.script;

import java.util.Arrays;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * Base58 and base58check: bytes as a number in base 58, each leading zero byte as a 1. Quadratic in
 * the length, so who reads from outside bounds the length first.
 */
final class Base58 {
  static final int CHECKSUM_BYTES = 4;

  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final int BASE = 58;
  private static final byte[] DIGITS = digits();

  private Base58() {}

  static String encode(Bytes bytes) {
    byte[] number = bytes.toArray();
    int zeros = leadingZeros(number);
    // log(256) / log(58) is below 1.366.
    char[] text = new char[bytes.length() * 1366 / 1000 + 1 + zeros];
    int at = text.length;
    int from = zeros;
    while (from < number.length) {
      text[--at] = ALPHABET.charAt(divide(number, from, 256, BASE));
      while (from < number.length && number[from] == 0) {
        from++;
      }
    }
    for (int i = 0; i < zeros; i++) {
      text[--at] = ALPHABET.charAt(0);
    }
    return new String(text, at, text.length - at);
  }

  static Bytes decode(String text) {
    return Bytes.of(decodeToArray(text));
  }

  private static byte[] decodeToArray(String text) {
    byte[] number = new byte[text.length()];
    for (int i = 0; i < number.length; i++) {
      char c = text.charAt(i);
      int digit = c < DIGITS.length ? DIGITS[c] : -1;
      if (digit < 0) {
        throw new InvalidAddressException(Reason.CHARACTER, "no base58 character at position " + i);
      }
      number[i] = (byte) digit;
    }
    int zeros = leadingZeros(number);
    byte[] bytes = new byte[number.length];
    int at = bytes.length;
    int from = zeros;
    while (from < number.length) {
      bytes[--at] = (byte) divide(number, from, BASE, 256);
      while (from < number.length && number[from] == 0) {
        from++;
      }
    }
    byte[] decoded = Arrays.copyOfRange(bytes, at - zeros, bytes.length);
    // What is decoded may be a secret; the digits were divided down to zeros.
    Arrays.fill(bytes, (byte) 0);
    return decoded;
  }

  /** Version byte, payload and four bytes of checksum. */
  static String encodeChecked(int version, Bytes payload) {
    byte[] bytes = new byte[1 + payload.length() + CHECKSUM_BYTES];
    bytes[0] = (byte) version;
    payload.copyTo(bytes, 1);
    Hash256 hash = Sha256.create().doubleHash(bytes, 0, bytes.length - CHECKSUM_BYTES);
    byte[] wire = hash.toWire();
    System.arraycopy(wire, 0, bytes, bytes.length - CHECKSUM_BYTES, CHECKSUM_BYTES);
    return encode(Bytes.of(bytes));
  }

  /** Version byte and payload, the checksum checked and taken off. */
  static Bytes decodeChecked(String text) {
    return Bytes.of(decodeCheckedSecret(text));
  }

  /**
   * The same in an array that the caller clears after use, for a payload that is a secret; where it
   * is read whole, no other array here keeps it.
   */
  static byte[] decodeCheckedSecret(String text) {
    byte[] bytes = decodeToArray(text);
    try {
      int length = bytes.length - CHECKSUM_BYTES;
      if (length < 1) {
        throw new InvalidAddressException(
            Reason.LENGTH, "too short for a checksum: " + text.length() + " characters");
      }
      byte[] wire = Sha256.create().doubleHash(bytes, 0, length).toWire();
      if (!Arrays.equals(wire, 0, CHECKSUM_BYTES, bytes, length, bytes.length)) {
        throw new InvalidAddressException(Reason.CHECKSUM, "base58check checksum does not match");
      }
      return Arrays.copyOf(bytes, length);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Divides the digits from {@code from} on in place and returns the remainder. */
  private static int divide(byte[] digits, int from, int base, int divisor) {
    int remainder = 0;
    for (int i = from; i < digits.length; i++) {
      int value = remainder * base + (digits[i] & 0xff);
      digits[i] = (byte) (value / divisor);
      remainder = value % divisor;
    }
    return remainder;
  }

  private static int leadingZeros(byte[] digits) {
    int zeros = 0;
    while (zeros < digits.length && digits[zeros] == 0) {
      zeros++;
    }
    return zeros;
  }

  private static byte[] digits() {
    byte[] digits = new byte[128];
    Arrays.fill(digits, (byte) -1);
    for (int i = 0; i < BASE; i++) {
      digits[ALPHABET.charAt(i)] = (byte) i;
    }
    return digits;
  }
}
