package org.chaincore.sync.identity;

import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 key pair of a node, all of it made from a seed of 32 bytes (RFC 8032, section 5.1.5).
 * The seed is never part of a text or an exception.
 *
 * <p>Thread-safe until it is destroyed; signing afterwards throws {@link IllegalStateException}.
 */
public final class NodeKey implements Destroyable {
  /** Bytes of a seed. */
  public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

  /** Guarded by this, as is whether it was destroyed. */
  private final byte[] seed;

  private boolean destroyed;

  /** Null until it is asked for. */
  private volatile @Nullable NodeId id;

  private NodeKey(byte[] seed) {
    this.seed = seed;
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
    return new NodeKey(seed.clone());
  }

  /**
   * The public key, which names the node. It is computed when it is first asked for; the first of a
   * process takes some tens of milliseconds, for the tables of the curve.
   */
  public NodeId id() {
    NodeId known = id;
    return known != null ? known : derived();
  }

  private synchronized NodeId derived() {
    NodeId known = id;
    if (known == null) {
      byte[] publicKey = new byte[NodeId.BYTES];
      Ed25519.generatePublicKey(seed, 0, publicKey, 0);
      known = NodeId.of(Bytes.of(publicKey));
      id = known;
    }
    return known;
  }

  /** A copy of the seed itself; the caller clears it after use. */
  public synchronized byte[] toSeedBytes() {
    if (destroyed) {
      throw new IllegalStateException("node key was destroyed");
    }
    return seed.clone();
  }

  /** Overwrites the seed, the id stays. What was copied from it is not reached. */
  @Override
  public synchronized void destroy() {
    derived(); // It cannot be later.
    destroyed = true;
    Arrays.fill(seed, (byte) 0);
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  /** Shows the public key only. */
  @Override
  public String toString() {
    return "key of node " + id();
  }
}
