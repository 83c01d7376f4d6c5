package org.chaincore.sync.codec;

import org.chaincore.core.config.ChainParams;

/**
 * What a peer may send. Each command has a limit of its own besides.
 *
 * @param maxPayloadBytes of any payload, known or not; and so of what the decoder of one peer holds
 * @param maxBlockBytes of a message that carries a block or transactions
 */
public record FrameLimits(int maxPayloadBytes, int maxBlockBytes) {
  /** A declared length above this is refused before anything of it is taken. */
  public static final int MAX_PAYLOAD_BYTES = 4_000_000;

  /**
   * Enough for every message between version and verack, and for the parameters that explain a
   * refusal: whoever has not said who he is gets no room for blocks.
   */
  public static final int HANDSHAKE_PAYLOAD_BYTES = 16 * 1024;

  public FrameLimits {
    requireRange("maxPayloadBytes", maxPayloadBytes, MAX_PAYLOAD_BYTES);
    requireRange("maxBlockBytes", maxBlockBytes, MAX_PAYLOAD_BYTES);
  }

  /**
   * What a peer of a network may send after the handshake. No valid block has more bytes than
   * weight units.
   */
  public static FrameLimits of(ChainParams params) {
    return new FrameLimits(MAX_PAYLOAD_BYTES, params.limits().maxWeight());
  }

  /** What a peer may send before its verack. */
  public static FrameLimits ofHandshake() {
    return new FrameLimits(HANDSHAKE_PAYLOAD_BYTES, HANDSHAKE_PAYLOAD_BYTES);
  }

  private static void requireRange(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(what + " " + value + " is not in 1.." + most);
    }
  }
}
