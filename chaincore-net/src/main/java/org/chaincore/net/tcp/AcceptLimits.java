package org.chaincore.net.tcp;

import org.chaincore.net.netty.AcceptGate;

/**
 * Who may connect to a node. Hosts of IPv6 count by their first 64 bits.
 *
 * @param maxConnections that others have made, at a time; holds memory and descriptors against
 *     floods. More than the protocol's own limit of peers, so that the protocol chooses whom to
 *     keep
 * @param maxConnectionsPerHost of these of one host: nobody takes all places alone
 * @param acceptsPerMinutePerHost over a long time: nobody keeps a node busy with handshakes
 * @param acceptBurstPerHost at once, by a host that made none for long
 * @param isLoopbackExempt whether connections of the machine itself are bound by the first limit
 *     only: many nodes on one machine, and proxies there, all come from one host
 */
public record AcceptLimits(
    int maxConnections,
    int maxConnectionsPerHost,
    int acceptsPerMinutePerHost,
    int acceptBurstPerHost,
    boolean isLoopbackExempt) {
  public static final AcceptLimits DEFAULT = new AcceptLimits(256, 16, 60, 32, true);

  public AcceptLimits {
    Range.atLeast(1, maxConnections, "maxConnections");
    Range.atLeast(1, maxConnectionsPerHost, "maxConnectionsPerHost");
    Range.atLeast(1, acceptsPerMinutePerHost, "acceptsPerMinutePerHost");
    Range.atLeast(1, acceptBurstPerHost, "acceptBurstPerHost");
  }

  AcceptGate.Limits forGate() {
    return new AcceptGate.Limits(
        maxConnections,
        maxConnectionsPerHost,
        acceptsPerMinutePerHost,
        acceptBurstPerHost,
        isLoopbackExempt);
  }
}
