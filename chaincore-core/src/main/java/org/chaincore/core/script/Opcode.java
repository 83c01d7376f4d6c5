package org.chaincore.core.script;

/** The script opcodes that templates, pushes and operation counts are made of. */
final class Opcode {
  static final int OP_0 = 0x00;
  static final int LONGEST_DIRECT_PUSH = 0x4b;
  static final int PUSHDATA1 = 0x4c;
  static final int PUSHDATA2 = 0x4d;
  static final int PUSHDATA4 = 0x4e;
  static final int NEGATE_1 = 0x4f;
  static final int OP_1 = 0x51;
  static final int OP_16 = 0x60;
  static final int RETURN = 0x6a;
  static final int DUP = 0x76;
  static final int EQUALVERIFY = 0x88;
  static final int HASH160 = 0xa9;
  static final int CODESEPARATOR = 0xab;
  static final int CHECKSIG = 0xac;
  static final int CHECKSIGVERIFY = 0xad;
  static final int CHECKMULTISIG = 0xae;
  static final int CHECKMULTISIGVERIFY = 0xaf;

  private Opcode() {}
}
