package org.chaincore.core.store;

/**
 * The store could not keep or give back what it was asked to: a broken disk, not a broken block.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
