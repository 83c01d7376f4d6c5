package org.chaincore.sync.protocol;

/**
 * How often a message of one kind came and went since the node started. Immutable.
 *
 * @param received how many came
 * @param receivedBytes the bytes of their frames together
 * @param sent how many went
 * @param sentBytes the bytes of their frames together, as far as the driver told them
 */
public record MessageCounts(long received, long receivedBytes, long sent, long sentBytes) {
  /** Nothing came or went. */
  public static final MessageCounts NONE = new MessageCounts(0, 0, 0, 0);
}
