package org.chaincore.net.node;

import java.io.UncheckedIOException;
import org.chaincore.core.store.StoreException;
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

  /** What a host is told of a failure: this where it has a reason, else the failure itself. */
  static RuntimeException reasonOf(RuntimeException failed) {
    if (failed instanceof StoreException store) {
      Reason reason =
          switch (store.fault()) {
            case LOCKED -> Reason.DIRECTORY_IN_USE;
            case WRONG_OWNER, READ_ONLY_DIRECTORY, NO_PROVIDER -> Reason.DIRECTORY;
            case OTHER_NETWORK -> Reason.OTHER_NETWORK;
            default -> Reason.STORE;
          };
      return new NodeStartException(reason, String.valueOf(store.getMessage()), store);
    }
    if (failed instanceof UncheckedIOException io) {
      String what = String.valueOf(io.getMessage());
      return new NodeStartException(Reason.ADDRESS, what, io);
    }
    return failed;
  }

  public Reason reason() {
    return reason;
  }
}
