package org.chaincore.sync.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import org.chaincore.core.value.Bytes;

/**
 * Hosts of Tor and I2P as text. Sources: Tor's rend-spec-v3 §6 and BIP155 appendix B for onion
 * names, BIP155 appendix C for I2P, RFC 4648 §6 for base 32.
 */
final class OverlayText {
  private static final String ONION = ".onion";
  private static final String I2P = ".b32.i2p";
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int KEY_BYTES = 32;
  private static final int CHECKSUM_BYTES = 2;
  private static final int ONION_BYTES = KEY_BYTES + CHECKSUM_BYTES + 1;
  private static final byte ONION_VERSION = 3;

  private OverlayText() {}

  static String formatOnion(Bytes key) {
    byte[] name = new byte[ONION_BYTES];
    key.copyTo(name, 0);
    System.arraycopy(onionChecksum(key), 0, name, KEY_BYTES, CHECKSUM_BYTES);
    name[ONION_BYTES - 1] = ONION_VERSION;
    return base32(name) + ONION;
  }

  static String formatI2p(Bytes hash) {
    return base32(hash.toArray()) + I2P;
  }

  /** The key of an onion name of version 3 whose checksum is right. */
  static Optional<Bytes> parseOnion(String text) {
    return parse(text, ONION, ONION_BYTES)
        .map(name -> name.slice(0, KEY_BYTES))
        .filter(key -> formatOnion(key).equals(text.toLowerCase(Locale.ROOT)));
  }

  static Optional<Bytes> parseI2p(String text) {
    return parse(text, I2P, KEY_BYTES);
  }

  private static Optional<Bytes> parse(String text, String ending, int length) {
    int chars = (length * 8 + 4) / 5;
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() != chars + ending.length() || !lower.endsWith(ending)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    int bits = 0;
    int held = 0;
    int size = 0;
    for (int i = 0; i < chars; i++) {
      int value = ALPHABET.indexOf(lower.charAt(i));
      if (value < 0) {
        return Optional.empty();
      }
      bits = ((bits << 5) | value) & 0xfff;
      held += 5;
      if (held >= 8) {
        held -= 8;
        bytes[size++] = (byte) (bits >> held);
      }
    }
    boolean paddedWithZeros = (bits & ((1 << held) - 1)) == 0;
    return paddedWithZeros ? Optional.of(Bytes.of(bytes)) : Optional.empty();
  }

  private static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte next : bytes) {
      bits = ((bits << 8) | (next & 0xff)) & 0xfff;
      held += 8;
      while (held >= 5) {
        held -= 5;
        text.append(ALPHABET.charAt((bits >> held) & 31));
      }
    }
    if (held > 0) {
      text.append(ALPHABET.charAt((bits << (5 - held)) & 31));
    }
    return text.toString();
  }

  private static byte[] onionChecksum(Bytes key) {
    try {
      MessageDigest sha3 = MessageDigest.getInstance("SHA3-256");
      sha3.update(".onion checksum".getBytes(StandardCharsets.US_ASCII));
      sha3.update(key.toArray());
      sha3.update(ONION_VERSION);
      return sha3.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("java.base has SHA3-256", e);
    }
  }
}
