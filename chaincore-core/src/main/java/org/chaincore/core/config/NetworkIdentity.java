package org.chaincore.core.config;

import org.chaincore.core.script.AddressFormat;

/**
 * How a network is told from others: on the wire, on its ports, in its addresses. Immutable.
 *
 * @param name what people call it, 1 to 32 characters of a-z, 0-9 and hyphen
 * @param magic the first four bytes of every frame, read as a little-endian number
 * @param p2pPort the port that its nodes listen on by default
 * @param apiPort the port of the HTTP interface by default
 * @param addresses how its addresses and keys are written
 */
public record NetworkIdentity(
    String name, int magic, int p2pPort, int apiPort, AddressFormat addresses) {
  public NetworkIdentity {
    if (!name.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException(
          "network name is not 1 to 32 of a-z, 0-9 and hyphen: " + name);
    }
    requirePort("p2pPort", p2pPort);
    requirePort("apiPort", apiPort);
  }

  private static void requirePort(String name, int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(name + " outside 1..65535: " + port);
    }
  }
}
