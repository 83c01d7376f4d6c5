package org.chaincore.core.script;

import org.chaincore.core.value.Bytes;

/**
 * P2WPKH (BIP141): witness version 0, spent by a signature and the compressed public key with this
 * hash, both in the witness.
 *
 * @param hash RIPEMD-160 of SHA-256 of the compressed public key, 20 bytes
 */
public record PayToWitnessPubkeyHash(Bytes hash) implements SpendableTemplate {
  private static final int PREFIX_BYTES = 2;
  private static final int SCRIPT_BYTES = PREFIX_BYTES + Hash160.BYTES;

  public PayToWitnessPubkeyHash {
    Hash160.requireLength(hash);
  }

  static boolean matches(Bytes script) {
    return script.length() == SCRIPT_BYTES
        && script.at(0) == Opcode.OP_0
        && script.at(1) == Hash160.BYTES;
  }

  static PayToWitnessPubkeyHash ofScript(Bytes script) {
    return new PayToWitnessPubkeyHash(script.slice(PREFIX_BYTES, SCRIPT_BYTES));
  }

  @Override
  public Bytes script() {
    byte[] script = new byte[SCRIPT_BYTES];
    script[0] = Opcode.OP_0;
    script[1] = Hash160.BYTES;
    hash.copyTo(script, PREFIX_BYTES);
    return Bytes.of(script);
  }
}
