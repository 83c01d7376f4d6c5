package org.chaincore.core.store;

/** What is remembered of a block beside its bytes. */
public enum BlockMark {
  /** Nothing against it. */
  NONE,
  /** It broke a rule, and the header commits to the fault. */
  INVALID,
  /** The host refused it by hand; it may be reconsidered. */
  INVALIDATED_BY_HOST
}
