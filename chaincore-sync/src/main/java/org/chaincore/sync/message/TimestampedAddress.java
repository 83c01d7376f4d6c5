package org.chaincore.sync.message;

import org.chaincore.sync.peer.NetworkAddress;

/**
 * An address as it is told from node to node: hearsay.
 *
 * @param timeSeconds when it was last seen to work, Unix seconds, 0..2³²−1
 * @param services what it is said to offer, bits as in {@link org.chaincore.sync.peer.Services}
 * @param address where it is
 */
public record TimestampedAddress(long timeSeconds, long services, NetworkAddress address) {
  public TimestampedAddress {
    Checks.uint32("time of an address", timeSeconds);
  }
}
