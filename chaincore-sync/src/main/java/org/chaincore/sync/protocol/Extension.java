package org.chaincore.sync.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * What ChainCore nodes can do beyond Bitcoin's messages. Each is announced by a feature message
 * between version and verack (BIP434), and used only with peers that announced it too: to all
 * others we are a plain node.
 */
public enum Extension {
  /** Comparing consensus parameters; the data is their fingerprint. */
  PARAMS("chaincore/params/1", 1 << 0),
  /** Reconciling mempools by sketches; the data is our half of the salt for short ids. */
  MEMPOOL_SYNC("chaincore/mempoolsync/1", 1 << 1),
  /** Exchanging network statistics. */
  NETWORK_STATISTICS("chaincore/netstats/1", 1 << 2),
  /** Exchanging signed operational settings. */
  NETWORK_CONFIG("chaincore/netconfig/1", 1 << 3);

  private final String featureId;
  private final int bit;

  Extension(String featureId, int bit) {
    this.featureId = featureId;
    this.bit = bit;
  }

  /** The extension with this id, if it is one that we know. */
  public static Optional<Extension> of(String featureId) {
    return Arrays.stream(values()).filter(known -> known.featureId.equals(featureId)).findFirst();
  }

  /** The id on the wire. */
  public String featureId() {
    return featureId;
  }

  /** What stands for it where a node tells the network what it can do; other nodes read it. */
  int bit() {
    return bit;
  }
}
