package org.chaincore.sync.peer;

import org.chaincore.core.value.Bytes;

/**
 * The first bits of the hosts of a range.
 *
 * @param bits the first host of the range
 * @param length how many of its bits all hosts of the range share
 */
record AddressPrefix(Bytes bits, int length) {
  /** Reads {@code 10.0.0.0/8} or {@code fe80::/10}. */
  static AddressPrefix parse(String text) {
    int slash = text.indexOf('/');
    Bytes bits = IpText.parse(text.substring(0, slash)).orElseThrow();
    return new AddressPrefix(bits, Integer.parseInt(text.substring(slash + 1)));
  }

  boolean holds(Bytes host) {
    if (host.length() != bits.length()) {
      return false;
    }
    // Bit by bit without copies: asked of every address that could be dialled.
    for (int i = 0; i < length / 8; i++) {
      if (host.at(i) != bits.at(i)) {
        return false;
      }
    }
    int rest = length % 8;
    return rest == 0
        || (host.unsignedAt(length / 8) ^ bits.unsignedAt(length / 8)) >> (8 - rest) == 0;
  }

  /** The first {@code length} bits of a host, filled up to whole bytes with zeros. */
  static Bytes cut(Bytes host, int length) {
    byte[] cut = host.slice(0, (length + 7) / 8).toArray();
    if (length % 8 != 0) {
      cut[cut.length - 1] &= (byte) (0xff00 >> (length % 8));
    }
    return Bytes.of(cut);
  }
}
