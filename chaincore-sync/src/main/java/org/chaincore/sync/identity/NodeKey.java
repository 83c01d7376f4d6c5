package org.chaincore.sync.identity;

import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.chaincore.core.value.Bytes;

/**
 * The Ed25519 key pair of a node, all of it made from a seed of 32 bytes (RFC 8032, section 5.1.5).
 * The seed is never part of a text or an exception.
 *
 * <p>Thread-safe until it is destroyed; signing afterwards throws {@link IllegalStateException}.
 */
public final class NodeKey implements Destroyable {
  /** Bytes of a seed. */
  public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

  private final byte[] seed;
  private final NodeId id;
  private volatile boolean destroyed;

  private NodeKey(byte[] seed, NodeId id) {
    this.seed = seed;
    this.id = id;
  }

  /**
   * The key of this seed, the same one each time; it is as hard to guess as the seed. The array is
   * copied; the caller may clear it.
   *
   * @throws IllegalArgumentException if it is not 32 bytes; the message does not show them
   */
  public static NodeKey ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("a seed has 32 bytes, got " + seed.length);
    }
    byte[] copy = seed.clone();
    byte[] publicKey = new byte[NodeId.BYTES];
    Ed25519.generatePublicKey(copy, 0, publicKey, 0);
    return new NodeKey(copy, NodeId.of(Bytes.of(publicKey)));
  }

  /** The public key, which names the node. */
  public NodeId id() {
    return id;
  }

  /** A copy of the seed itself; the caller clears it after use. */
  public byte[] toSeedBytes() {
    if (destroyed) {
      throw new IllegalStateException("node key was destroyed");
    }
    return seed.clone();
  }

  /** Overwrites the seed. What was copied from it is not reached. */
  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(seed, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  /** Shows the public key only. */
  @Override
  public String toString() {
    return "key of node " + id;
  }
}
