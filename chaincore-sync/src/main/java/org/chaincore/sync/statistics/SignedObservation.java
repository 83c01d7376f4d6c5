package org.chaincore.sync.statistics;

import java.nio.charset.StandardCharsets;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.identity.Signatures;

/**
 * An observation with the signature of the node it is of. The signature covers the network and the
 * epoch, so it proves nothing on another network or later. On the wire it is the id, the signature
 * and the observation without its epoch, 134 to 150 bytes.
 *
 * <p>Immutable.
 */
public record SignedObservation(NodeId node, Observation observation, NodeSignature signature) {
  /** Bytes of the smallest on the wire. */
  public static final int MIN_BYTES = NodeId.BYTES + NodeSignature.BYTES + Observation.MIN_BYTES;

  /** Bytes of the largest on the wire. */
  public static final int MAX_BYTES = NodeId.BYTES + NodeSignature.BYTES + Observation.MAX_BYTES;

  private static final Bytes PURPOSE =
      Bytes.of("chaincore/netstats/1".getBytes(StandardCharsets.US_ASCII));

  /** Signs an observation by the node it is of. */
  public static SignedObservation sign(
      NodeKey key, NetworkId network, Observation observation, Signatures signatures) {
    NodeSignature signature = signatures.sign(key, signedBytes(network, observation));
    return new SignedObservation(key.id(), observation, signature);
  }

  /** Whether the node itself said this, and said it on this network. */
  public boolean isValid(NetworkId network, Signatures signatures) {
    return signatures.verify(node, signedBytes(network, observation), signature);
  }

  private static Bytes signedBytes(NetworkId network, Observation observation) {
    ByteWriter out = ByteWriter.ofExpectedSize(160);
    out.varBytes(PURPOSE);
    network.write(out);
    out.uint32(observation.epoch());
    observation.write(out);
    return out.toBytes();
  }

  /**
   * Reads one of an epoch that the message has named once for all; the signature is not checked.
   */
  static SignedObservation read(ByteReader in, long epoch) {
    NodeId node = NodeId.read(in);
    NodeSignature signature = NodeSignature.read(in);
    return new SignedObservation(node, Observation.read(in, epoch), signature);
  }

  /** Writes all but the epoch. */
  void write(ByteWriter out) {
    node.write(out);
    signature.write(out);
    observation.write(out);
  }

  int bytes() {
    return NodeId.BYTES + NodeSignature.BYTES + observation.bytes();
  }
}
