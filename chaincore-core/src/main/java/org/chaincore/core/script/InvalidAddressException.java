package org.chaincore.core.script;

/**
 * A text that is no address, or no exported private key, of the network it was read for: says what
 * is wrong with it. The text itself is not repeated, since people paste private keys where an
 * address belongs.
 */
public final class InvalidAddressException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** Too short or too long. */
    LENGTH,
    /** A character that the encoding does not have. */
    CHARACTER,
    /** Upper and lower case in a bech32 text. */
    MIXED_CASE,
    /** Mistyped, or bech32 where bech32m belongs or the other way round. */
    CHECKSUM,
    /** Bits that fill up the last character are too many or not zero. */
    PADDING,
    /** Version byte or prefix of another network. */
    WRONG_NETWORK,
    /** Pays to the hash of a script, which these networks do not run. */
    SCRIPT_HASH,
    /** A witness version that has no meaning here. */
    WITNESS_VERSION,
    /** Not a private key: outside 1..n−1. */
    KEY
  }

  private final Reason reason;

  InvalidAddressException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
