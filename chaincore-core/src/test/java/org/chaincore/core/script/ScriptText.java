package org.chaincore.core.script;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;

/**
 * Assembles the script notation of Bitcoin Core's test data: numbers and 'texts' are pushed, 0x
 * bytes are put as they are, names are opcodes.
 */
final class ScriptText {
  private static final Map<String, Integer> OPCODES =
      Map.ofEntries(
          Map.entry("RETURN", Opcode.RETURN),
          Map.entry("DUP", Opcode.DUP),
          Map.entry("HASH160", Opcode.HASH160),
          Map.entry("EQUAL", 0x87),
          Map.entry("EQUALVERIFY", Opcode.EQUALVERIFY),
          Map.entry("CHECKSIG", Opcode.CHECKSIG),
          Map.entry("CHECKMULTISIG", Opcode.CHECKMULTISIG),
          Map.entry("NOP", 0x61),
          Map.entry("1NEGATE", Opcode.NEGATE_1));

  private ScriptText() {}

  /** The script, or nothing if it has an opcode that no template and no spend of one has. */
  static Optional<Bytes> assemble(String text) {
    ByteWriter out = ByteWriter.create();
    for (String word : text.trim().split("\\s+", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      if (word.startsWith("0x")) {
        out.bytes(Bytes.parse(word.substring(2)));
      } else if (word.startsWith("'")) {
        byte[] bytes = word.substring(1, word.length() - 1).getBytes(StandardCharsets.UTF_8);
        Push.write(out, Bytes.of(bytes));
      } else if (word.matches("-?[0-9]+")) {
        Push.write(out, number(Long.parseLong(word)));
      } else {
        Integer opcode = OPCODES.get(word.replaceFirst("^OP_", ""));
        if (opcode == null) {
          return Optional.empty();
        }
        out.uint8(opcode);
      }
    }
    return Optional.of(out.toBytes());
  }

  /** Least significant byte first, the top bit of the last byte for the sign. */
  private static Bytes number(long value) {
    if (value == 0) {
      return Bytes.EMPTY;
    }
    byte[] bigEndian = BigInteger.valueOf(Math.abs(value)).toByteArray();
    byte[] bytes = new byte[bigEndian.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bigEndian[bytes.length - 1 - i];
    }
    if (value < 0) {
      bytes[bytes.length - 1] |= (byte) 0x80;
    }
    return Bytes.of(bytes);
  }
}
