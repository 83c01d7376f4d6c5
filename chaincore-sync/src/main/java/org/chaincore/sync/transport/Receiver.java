package org.chaincore.sync.transport;

/** Hears what comes from one connection. See {@link Transport} for threads and order. */
public interface Receiver {
  /**
   * Bytes have come.
   *
   * @param bytes the receiver's own from now on
   */
  void received(byte[] bytes);

  /**
   * The send queue has become empty after something waited in it, or is much shorter than it was.
   */
  void drained();

  /** The connection has ended. Nothing comes after this. */
  void closed();
}
