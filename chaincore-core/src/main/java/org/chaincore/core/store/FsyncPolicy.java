package org.chaincore.core.store;

/**
 * When a durable store waits for the disk. Whatever the policy, a change is made whole or not at
 * all, changes are lost from the end only, and the death of the process alone loses nothing: what
 * may be lost is what the operating system had not written when the power failed.
 */
public enum FsyncPolicy {
  /**
   * Every commit is on the disk before it is acknowledged: a power failure loses nothing that
   * anyone has seen. The default, and the policy for a node at the tip.
   */
  EVERY_BLOCK,
  /**
   * The disk is waited for once in {@link #GROUP_COMMITS} commits or {@link #GROUP_BYTES} bytes: a
   * power failure may lose the commits since, which peers have and give again. For the initial
   * synchronisation.
   */
  GROUPED;

  /** The most commits that {@link #GROUPED} may lose. */
  public static final int GROUP_COMMITS = 256;

  /** As many bytes since the last wait end a group, with the commit that goes beyond them. */
  public static final long GROUP_BYTES = 16L << 20;
}
