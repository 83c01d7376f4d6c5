package org.chaincore.sync.settings;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.chaincore.sync.identity.NodeId;

/**
 * Whose settings a node applies. The host's choice, and nobody by default. Immutable and
 * thread-safe.
 */
public final class TrustedSigners {
  /** Each of them can set every setting; whoever needs more has given the choice away. */
  public static final int MAX = 16;

  /** Nobody: every document is refused. */
  public static final TrustedSigners NONE = of(List.of());

  private final SortedSet<NodeId> signers;

  private TrustedSigners(SortedSet<NodeId> signers) {
    this.signers = signers;
  }

  /**
   * These and nobody else.
   *
   * @throws IllegalArgumentException if they are more than {@link #MAX}
   */
  public static TrustedSigners of(Collection<NodeId> signers) {
    SortedSet<NodeId> distinct = new TreeSet<>(signers);
    if (distinct.size() > MAX) {
      throw new IllegalArgumentException(
          "at most " + MAX + " trusted signers, not " + distinct.size());
    }
    return new TrustedSigners(Collections.unmodifiableSortedSet(distinct));
  }

  public boolean contains(NodeId signer) {
    return signers.contains(signer);
  }

  public SortedSet<NodeId> all() {
    return signers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrustedSigners that && signers.equals(that.signers);
  }

  @Override
  public int hashCode() {
    return signers.hashCode();
  }

  @Override
  public String toString() {
    return "trusted signers " + signers;
  }
}
