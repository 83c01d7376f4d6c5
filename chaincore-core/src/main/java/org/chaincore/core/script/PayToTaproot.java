package org.chaincore.core.script;

import org.chaincore.core.value.Bytes;

/**
 * P2TR (BIP341): witness version 1, spent by a Schnorr signature of the output key in the witness.
 * Only this key path is known here; an output key that hides scripts can be paid to, but its
 * scripts cannot be run.
 *
 * @param outputKey the x coordinate of the tweaked key, 32 bytes. It need not lie on the curve to
 *     be paid to, only to be spent
 */
public record PayToTaproot(Bytes outputKey) implements SpendableTemplate {
  private static final int PREFIX_BYTES = 2;
  private static final int SCRIPT_BYTES = PREFIX_BYTES + XOnlyPublicKey.BYTES;

  public PayToTaproot {
    if (outputKey.length() != XOnlyPublicKey.BYTES) {
      throw new IllegalArgumentException(
          "a taproot output key has 32 bytes, got " + outputKey.length());
    }
  }

  static boolean matches(Bytes script) {
    return script.length() == SCRIPT_BYTES
        && script.at(0) == Opcode.OP_1
        && script.at(1) == XOnlyPublicKey.BYTES;
  }

  static PayToTaproot ofScript(Bytes script) {
    return new PayToTaproot(script.slice(PREFIX_BYTES, SCRIPT_BYTES));
  }

  @Override
  public Bytes script() {
    byte[] script = new byte[SCRIPT_BYTES];
    script[0] = Opcode.OP_1;
    script[1] = XOnlyPublicKey.BYTES;
    outputKey.copyTo(script, PREFIX_BYTES);
    return Bytes.of(script);
  }
}
