package org.chaincore.sync.message;

/**
 * What a node says of itself to everybody: the same in each of its version messages.
 *
 * @param protocolVersion the newest version of the protocol that it speaks, 0 or more
 * @param services bits as in {@link org.chaincore.sync.peer.Services}; unknown ones are kept
 * @param userAgent name and version of the software, printable ASCII. Source: BIP14
 */
public record NodeDescription(int protocolVersion, long services, String userAgent) {
  /** The version that ChainCore speaks: the first with {@code feature} messages (BIP434). */
  public static final int PROTOCOL_VERSION = 70_017;

  /** Longer names would fill logs and status pages with a stranger's text. */
  public static final int MAX_USER_AGENT_BYTES = 256;

  public NodeDescription {
    Checks.inRange("protocol version", protocolVersion, 0, Integer.MAX_VALUE);
    Checks.atMost("bytes of user agent", userAgent.length(), MAX_USER_AGENT_BYTES);
    Checks.printableAscii("user agent", userAgent);
  }
}
