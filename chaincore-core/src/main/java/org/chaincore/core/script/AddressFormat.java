package org.chaincore.core.script;

/**
 * How a network writes its addresses and exported keys, so that those of one network are refused by
 * another. Immutable.
 *
 * @param pubkeyHashVersion first byte of a P2PKH address, 0..255
 * @param scriptHashVersion first byte of a P2SH address, 0..255; known only to be refused by name
 * @param privateKeyVersion first byte of an exported private key, 0..255
 * @param segwitPrefix human-readable part of a witness address (BIP173): 1 to 40 lower-case
 *     printable ASCII characters
 */
public record AddressFormat(
    int pubkeyHashVersion, int scriptHashVersion, int privateKeyVersion, String segwitPrefix) {
  /** So that the longest address, of 32 bytes, stays within the 90 characters of BIP173. */
  private static final int LONGEST_PREFIX = 40;

  public AddressFormat {
    requireByte("pubkey hash version", pubkeyHashVersion);
    requireByte("script hash version", scriptHashVersion);
    requireByte("private key version", privateKeyVersion);
    if (pubkeyHashVersion == scriptHashVersion) {
      throw new IllegalArgumentException(
          "pubkey hash and script hash share the version " + pubkeyHashVersion);
    }
    if (segwitPrefix.isEmpty() || segwitPrefix.length() > LONGEST_PREFIX) {
      throw new IllegalArgumentException(
          "segwit prefix of " + segwitPrefix.length() + " characters, not 1.." + LONGEST_PREFIX);
    }
    for (int i = 0; i < segwitPrefix.length(); i++) {
      char c = segwitPrefix.charAt(i);
      if (!Bech32.isPrintable(c) || Bech32.isUpperCase(c)) {
        throw new IllegalArgumentException(
            "segwit prefix is not lower-case printable ASCII: " + segwitPrefix);
      }
    }
  }

  private static void requireByte(String name, int version) {
    if (version < 0 || version > 0xff) {
      throw new IllegalArgumentException(name + " outside 0..255: " + version);
    }
  }
}
