package org.chaincore.net.tcp;

/**
 * How much may wait to be sent. It holds memory against peers that ask and do not read.
 *
 * @param maxBytesPerConnection a connection with more ends: nobody who reads comes near it. At
 *     least as much as the largest frames that a node sends in one go
 * @param maxBytesPerNode when all connections have more, the one with the most ends
 */
public record OutputLimits(long maxBytesPerConnection, long maxBytesPerNode) {
  public static final OutputLimits DEFAULT = new OutputLimits(32L * 1024 * 1024, 96L * 1024 * 1024);

  public OutputLimits {
    Range.atLeast(1, maxBytesPerConnection, "maxBytesPerConnection");
    Range.atLeast(1, maxBytesPerNode, "maxBytesPerNode");
  }
}
