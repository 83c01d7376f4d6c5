package org.chaincore.core.script;

import java.util.Arrays;
import java.util.Locale;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;

/**
 * Bech32 (BIP173) and bech32m (BIP350): a prefix, the separator 1, and groups of five bits with a
 * checksum of six characters that catches any four errors.
 *
 * @param prefix human-readable part in lower case
 * @param values groups of five bits, one a byte, without the checksum
 * @param variant which of the two checksums
 */
record Bech32(String prefix, Bytes values, Variant variant) {
  enum Variant {
    BECH32(1),
    BECH32M(0x2bc830a3);

    private final int constant;

    Variant(int constant) {
      this.constant = constant;
    }
  }

  private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int CHECKSUM_LENGTH = 6;
  private static final int LONGEST = 90;
  private static final char SEPARATOR = '1';
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final byte[] VALUES = alphabetValues();

  /** Reads a text of either case, whatever its prefix. */
  static Bech32 decode(String text) {
    requireLengthAndCase(text);
    String lower = text.toLowerCase(Locale.ROOT);
    int separator = lower.lastIndexOf(SEPARATOR);
    if (separator < 0) {
      throw new InvalidAddressException(Reason.CHARACTER, "no separator between prefix and data");
    }
    if (separator == 0) {
      throw new InvalidAddressException(Reason.LENGTH, "no prefix before the separator");
    }
    int dataLength = lower.length() - separator - 1;
    byte[] values = new byte[dataLength];
    for (int i = 0; i < dataLength; i++) {
      int value = VALUES[lower.charAt(separator + 1 + i)];
      if (value < 0) {
        throw new InvalidAddressException(
            Reason.CHARACTER, "no bech32 character at position " + (separator + 1 + i));
      }
      values[i] = (byte) value;
    }
    if (dataLength < CHECKSUM_LENGTH) {
      throw new InvalidAddressException(
          Reason.LENGTH, "too short for a checksum: " + dataLength + " characters of data");
    }
    String prefix = lower.substring(0, separator);
    Variant variant = variantOf(checksum(prefix, values, values.length));
    return new Bech32(prefix, Bytes.of(values, 0, dataLength - CHECKSUM_LENGTH), variant);
  }

  private static void requireLengthAndCase(String text) {
    if (text.length() > LONGEST) {
      throw new InvalidAddressException(
          Reason.LENGTH, "longer than " + LONGEST + " characters: " + text.length());
    }
    boolean upper = false;
    boolean lower = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPrintable(c)) {
        throw new InvalidAddressException(
            Reason.CHARACTER, "no printable ASCII character at position " + i);
      }
      upper |= isUpperCase(c);
      lower |= c >= 'a' && c <= 'z';
    }
    if (upper && lower) {
      throw new InvalidAddressException(Reason.MIXED_CASE, "upper and lower case are mixed");
    }
  }

  private static Variant variantOf(int checksum) {
    for (Variant variant : Variant.values()) {
      if (checksum == variant.constant) {
        return variant;
      }
    }
    throw new InvalidAddressException(Reason.CHECKSUM, "bech32 checksum does not match");
  }

  static boolean isPrintable(int c) {
    return c >= 33 && c <= 126;
  }

  static boolean isUpperCase(int c) {
    return c >= 'A' && c <= 'Z';
  }

  /** The text in lower case. */
  String encode() {
    byte[] withChecksum = Arrays.copyOf(values.toArray(), values.length() + CHECKSUM_LENGTH);
    int checksum = checksum(prefix, withChecksum, withChecksum.length) ^ variant.constant;
    StringBuilder text = new StringBuilder(prefix).append(SEPARATOR);
    for (int i = 0; i < values.length(); i++) {
      text.append(ALPHABET.charAt(values.at(i)));
    }
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt((checksum >>> (5 * i)) & 31));
    }
    return text.toString();
  }

  /** Bytes as groups of five bits behind a first group, the last filled up with zero bits. */
  static Bytes toGroups(int first, Bytes bytes) {
    byte[] groups = new byte[1 + (bytes.length() * 8 + 4) / 5];
    groups[0] = (byte) first;
    int at = 1;
    int bits = 0;
    int held = 0;
    for (int i = 0; i < bytes.length(); i++) {
      held = ((held << 8) | bytes.unsignedAt(i)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        groups[at++] = (byte) ((held >>> bits) & 31);
      }
    }
    if (bits > 0) {
      groups[at] = (byte) ((held << (5 - bits)) & 31);
    }
    return Bytes.of(groups);
  }

  /** The bytes of the groups from {@code from} on. */
  Bytes bytesFrom(int from) {
    int bitsInAll = (values.length() - from) * 5;
    byte[] bytes = new byte[bitsInAll / 8];
    int at = 0;
    int bits = 0;
    int held = 0;
    for (int i = from; i < values.length(); i++) {
      held = ((held << 5) | values.at(i)) & 0xfff;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (held >>> bits);
      }
    }
    if (bits >= 5 || (held & ((1 << bits) - 1)) != 0) {
      throw new InvalidAddressException(
          Reason.PADDING, "the last character is not filled up with zero bits");
    }
    return Bytes.of(bytes);
  }

  private static int checksum(String prefix, byte[] values, int length) {
    int checksum = 1;
    for (int i = 0; i < prefix.length(); i++) {
      checksum = step(checksum, prefix.charAt(i) >>> 5);
    }
    checksum = step(checksum, 0);
    for (int i = 0; i < prefix.length(); i++) {
      checksum = step(checksum, prefix.charAt(i) & 31);
    }
    for (int i = 0; i < length; i++) {
      checksum = step(checksum, values[i]);
    }
    return checksum;
  }

  private static int step(int checksum, int value) {
    int top = checksum >>> 25;
    int next = ((checksum & 0x1ffffff) << 5) ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      if (((top >>> i) & 1) != 0) {
        next ^= GENERATOR[i];
      }
    }
    return next;
  }

  private static byte[] alphabetValues() {
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      values[ALPHABET.charAt(i)] = (byte) i;
    }
    return values;
  }
}
