package org.chaincore.store.codec;

/** A value is not what was written. Says what is wrong with it; the caller knows where it is. */
public final class DamagedValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DamagedValueException(String message) {
    super(message);
  }
}
