package org.chaincore.sync.statistics;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.value.Hash256;

/**
 * The network that a signature is for; signed along, so that nothing signed on one network counts
 * on another.
 *
 * @param magic the first four bytes of every frame, read as a little-endian number
 * @param fingerprint that of the consensus parameters, which cover the genesis block
 */
public record NetworkId(int magic, Hash256 fingerprint) {
  public static NetworkId of(ChainParams params) {
    return new NetworkId(params.identity().magic(), params.fingerprint());
  }

  void write(ByteWriter out) {
    out.int32(magic).hash(fingerprint);
  }
}
