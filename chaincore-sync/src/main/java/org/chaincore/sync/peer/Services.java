package org.chaincore.sync.peer;

/** What a node offers, as bits of its version message and of addresses. */
public final class Services {
  /** Serves the whole chain. */
  public static final long NETWORK = 1;

  /** Answers filtered requests. Source: BIP111. */
  public static final long BLOOM = 1 << 2;

  /** Serves blocks and transactions with their witness. Source: BIP144. */
  public static final long WITNESS = 1 << 3;

  /** Serves the last 288 blocks at least. Source: BIP159. */
  public static final long NETWORK_LIMITED = 1 << 10;

  private Services() {}

  /** Whether all of these are offered. */
  public static boolean hasAll(long offered, long wanted) {
    return (offered & wanted) == wanted;
  }
}
