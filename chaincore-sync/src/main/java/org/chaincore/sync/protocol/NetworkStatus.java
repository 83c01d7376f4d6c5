package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.SlotLimits;

/** How well a node is connected, in a word. */
public enum NetworkStatus {
  /** There is no peer. */
  ISOLATED("isolated"),
  /** There are fewer peers than the node wants at least. */
  UNDER_CONNECTED("under-connected"),
  /** There are peers enough to work with, and the node looks for more. */
  ESTABLISHING("establishing"),
  /** There are as many peers as the node looks for. */
  WELL_CONNECTED("well-connected");

  private final String text;

  NetworkStatus(String text) {
    this.text = text;
  }

  static NetworkStatus of(int peers, SlotLimits limits) {
    if (peers == 0) {
      return ISOLATED;
    }
    if (peers < limits.minPeers()) {
      return UNDER_CONNECTED;
    }
    return peers < limits.targetPeers() ? ESTABLISHING : WELL_CONNECTED;
  }

  /** The word. */
  @Override
  public String toString() {
    return text;
  }
}
