package org.chaincore.core.script;

import org.chaincore.core.value.Bytes;

/**
 * P2PKH: spent by a signature and the public key with this hash, both in the scriptSig.
 *
 * @param hash RIPEMD-160 of SHA-256 of the public key, 20 bytes
 */
public record PayToPubkeyHash(Bytes hash) implements SpendableTemplate {
  private static final int PREFIX_BYTES = 3;
  private static final int SCRIPT_BYTES = PREFIX_BYTES + Hash160.BYTES + 2;

  public PayToPubkeyHash {
    Hash160.requireLength(hash);
  }

  static boolean matches(Bytes script) {
    return script.length() == SCRIPT_BYTES
        && script.unsignedAt(0) == Opcode.DUP
        && script.unsignedAt(1) == Opcode.HASH160
        && script.at(2) == Hash160.BYTES
        && script.unsignedAt(SCRIPT_BYTES - 2) == Opcode.EQUALVERIFY
        && script.unsignedAt(SCRIPT_BYTES - 1) == Opcode.CHECKSIG;
  }

  static PayToPubkeyHash ofScript(Bytes script) {
    return new PayToPubkeyHash(script.slice(PREFIX_BYTES, PREFIX_BYTES + Hash160.BYTES));
  }

  @Override
  public Bytes script() {
    byte[] script = new byte[SCRIPT_BYTES];
    script[0] = (byte) Opcode.DUP;
    script[1] = (byte) Opcode.HASH160;
    script[2] = Hash160.BYTES;
    hash.copyTo(script, PREFIX_BYTES);
    script[SCRIPT_BYTES - 2] = (byte) Opcode.EQUALVERIFY;
    script[SCRIPT_BYTES - 1] = (byte) Opcode.CHECKSIG;
    return Bytes.of(script);
  }
}
