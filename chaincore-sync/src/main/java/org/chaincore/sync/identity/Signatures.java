package org.chaincore.sync.identity;

import org.chaincore.core.value.Bytes;

/**
 * Signs for a node and checks what other nodes signed. A port, so that a simulation of ten thousand
 * nodes need not pay for curves.
 *
 * <p>Whoever signs puts into the message what it is for, so that it is no signature of anything
 * else: a text of its own in front, and the network.
 *
 * <p>Implementations are thread-safe, deterministic, do not block, and {@code verify} throws for no
 * input: what does not verify is false.
 */
public interface Signatures {
  /**
   * Signs a message of any length.
   *
   * @throws IllegalStateException if the key was destroyed
   */
  NodeSignature sign(NodeKey key, Bytes message);

  /** Whether this is a signature of the message by this node. */
  boolean verify(NodeId signer, Bytes message, NodeSignature signature);

  /** Ed25519 (RFC 8032), in pure Java. */
  static Signatures ed25519() {
    return new Ed25519Signatures();
  }

  /**
   * A keyed hash in the shape of a signature, some hundred times faster. Its key is the public one,
   * so that <b>anybody can forge it</b>: for simulators only.
   */
  static Signatures forSimulation() {
    return new SimulatedSignatures();
  }
}
