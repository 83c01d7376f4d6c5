package org.chaincore.core.script;

/**
 * The byte behind a signature that says which parts of the transaction it covers: outputs by its
 * low bits, inputs by {@link #ANYONE_CAN_PAY}.
 */
public final class SignatureHashType {
  /** Everything, in a taproot signature of 64 bytes that has no hash type byte (BIP341). */
  public static final int DEFAULT = 0;

  /** All outputs. */
  public static final int ALL = 1;

  /** No output. */
  public static final int NONE = 2;

  /** Only the output with the number of the input. */
  public static final int SINGLE = 3;

  /** Flag: of the inputs only this one. */
  public static final int ANYONE_CAN_PAY = 0x80;

  private static final int OUTPUTS_MASK = 0x1f;

  private SignatureHashType() {}

  /** Whether an ECDSA signature may carry this: 1, 2, 3, with or without the flag. */
  public static boolean isDefined(int hashType) {
    int outputs = hashType & ~ANYONE_CAN_PAY;
    return outputs >= ALL && outputs <= SINGLE;
  }

  static boolean isNone(int hashType) {
    return (hashType & OUTPUTS_MASK) == NONE;
  }

  static boolean isSingle(int hashType) {
    return (hashType & OUTPUTS_MASK) == SINGLE;
  }

  static boolean isAnyoneCanPay(int hashType) {
    return (hashType & ANYONE_CAN_PAY) != 0;
  }
}
