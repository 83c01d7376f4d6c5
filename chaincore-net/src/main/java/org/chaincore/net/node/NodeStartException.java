package org.chaincore.net.node;

import org.jspecify.annotations.Nullable;

/** A node could not be started; nothing of it is left running. */
public final class NodeStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What stood in the way. */
  public enum Reason {
    /** Another node, of this process or another, has the data directory open. */
    DIRECTORY_IN_USE,
    /** The data directory cannot be used: its owner, its rights, or a file beside the store. */
    DIRECTORY,
    /** What the store holds is damaged, or was written by another release. */
    STORE,
    /** The store holds the chain of another network. */
    OTHER_NETWORK,
    /** The system does not let the node listen where it is to. */
    ADDRESS
  }

  private final Reason reason;

  NodeStartException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
