package org.chaincore.core.store;

/**
 * The store could not keep or give back what it was asked to: a broken disk, not a broken block.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final StoreFault fault;

  public StoreException(String message) {
    this(StoreFault.OTHER, message);
  }

  public StoreException(String message, Throwable cause) {
    this(StoreFault.OTHER, message, cause);
  }

  public StoreException(StoreFault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public StoreException(StoreFault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /** What kind of thing is wrong. */
  public StoreFault fault() {
    return fault;
  }
}
