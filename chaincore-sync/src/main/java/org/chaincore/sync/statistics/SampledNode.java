package org.chaincore.sync.statistics;

import org.chaincore.sync.identity.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An observation in a set. Immutable but for the group it points to.
 *
 * @param rank its place in the order of the set, unsigned
 * @param source the group it came by; null for the node's own
 */
record SampledNode(SignedObservation signed, long rank, @Nullable SourceGroup source) {
  NodeId node() {
    return signed.node();
  }

  int second() {
    return signed.observation().second();
  }

  SampledNode ranked(EpochSalt salt) {
    return new SampledNode(signed, salt.rank(node()), source);
  }

  boolean isOwn() {
    return source == null;
  }

  /** What this observation looks like in a summary; a newer one of the node looks different. */
  long summaryHash(long nonce) {
    long h = node().prefix() ^ (nonce + second() * 0x9e3779b97f4a7c15L);
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }
}
