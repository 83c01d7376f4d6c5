package org.chaincore.sync.peer;

/**
 * What one node tells another of a third: that it is there, what it offers and when it was last
 * seen. Hearsay.
 *
 * @param address where it is
 * @param services what it offers, bits of {@link Services}
 * @param seenSeconds when it was last seen, Unix seconds
 */
public record SeenAddress(NetworkAddress address, long services, long seenSeconds) {}
