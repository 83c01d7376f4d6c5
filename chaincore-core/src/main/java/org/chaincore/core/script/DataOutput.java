package org.chaincore.core.script;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An output that carries a host's own bytes and can never be spent: OP_RETURN and one minimal push
 * (BIP62, rule 3). Each byte string has exactly one such script. How many bytes a network takes is
 * for its rules to say; the encoding itself has no limit below 2³¹.
 *
 * @param data the host's bytes, possibly none
 */
public record DataOutput(Bytes data) implements OutputTemplate {
  private static final int LONGEST_OVERHEAD = 6;

  /** Whether a script is one, without making it. */
  public static boolean matches(Bytes script) {
    return push(script) != null;
  }

  static DataOutput ofScript(Bytes script) {
    Push push = push(script);
    if (push == null) {
      throw new IllegalArgumentException("not a data output: " + script);
    }
    return new DataOutput(push.data(script));
  }

  private static @Nullable Push push(Bytes script) {
    if (script.isEmpty() || script.at(0) != Opcode.RETURN) {
      return null;
    }
    Push push = Push.at(script, 1);
    return push != null && push.to() == script.length() && push.isMinimal(script) ? push : null;
  }

  @Override
  public Bytes script() {
    ByteWriter out = ByteWriter.ofExpectedSize(data.length() + LONGEST_OVERHEAD);
    out.uint8(Opcode.RETURN);
    Push.write(out, data);
    return out.toBytes();
  }
}
