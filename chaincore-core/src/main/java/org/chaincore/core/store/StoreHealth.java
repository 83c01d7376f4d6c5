package org.chaincore.core.store;

/** Whether a store takes changes. Immutable. */
public sealed interface StoreHealth {
  /** It does. */
  record Writable() implements StoreHealth {}

  /**
   * It answers questions, as far as the disk lets it, and refuses every change.
   *
   * @param fault {@link StoreFault#DISK_FULL} if it goes on by itself when there is space; with any
   *     other it must be closed and opened again
   * @param reason what happened, for a person
   */
  record ReadOnly(StoreFault fault, String reason) implements StoreHealth {
    /** Whether it ends without the store being opened again. */
    public boolean mayEnd() {
      return fault == StoreFault.DISK_FULL;
    }
  }

  /** It was closed. */
  record Closed() implements StoreHealth {}
}
