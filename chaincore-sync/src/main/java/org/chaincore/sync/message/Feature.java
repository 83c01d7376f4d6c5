package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;

/**
 * Announces an extension of the protocol, between version and verack and to peers that speak
 * version {@link NodeDescription#PROTOCOL_VERSION} or later. Unknown features are ignored. Source:
 * BIP434.
 *
 * @param id 4 to 80 printable ASCII characters
 * @param data 0 to 512 bytes, whose meaning is the feature's
 */
public record Feature(String id, Bytes data) implements Message {
  public static final String COMMAND = "feature";

  public static final int MIN_ID_BYTES = 4;

  /** With {@link #MAX_DATA_BYTES}: features are told to everybody, so they must stay small. */
  public static final int MAX_ID_BYTES = 80;

  public static final int MAX_DATA_BYTES = 512;

  public Feature {
    Checks.inRange("length of feature id", id.length(), MIN_ID_BYTES, MAX_ID_BYTES);
    Checks.printableAscii("feature id", id);
    Checks.atMost("bytes of feature data", data.length(), MAX_DATA_BYTES);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
