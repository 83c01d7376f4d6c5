package org.chaincore.core.block;

import java.util.List;
import org.chaincore.core.value.Bytes;

/**
 * The witness of one input: the stack of byte strings that authorises the spend (BIP141).
 * Immutable.
 *
 * @param stack bottom first; empty where the input has no witness
 */
public record Witness(List<Bytes> stack) {
  public static final Witness EMPTY = new Witness(List.of());

  public Witness {
    stack = List.copyOf(stack);
  }

  public static Witness of(Bytes... stack) {
    return new Witness(List.of(stack));
  }

  static Witness read(ByteReader in) {
    List<Bytes> stack = in.list("witness stack", 1, item -> item.varBytes("witness element"));
    return stack.isEmpty() ? EMPTY : new Witness(stack);
  }

  public boolean isEmpty() {
    return stack.isEmpty();
  }

  void write(ByteWriter out) {
    out.compactSize(stack.size());
    for (int i = 0; i < stack.size(); i++) {
      out.varBytes(stack.get(i));
    }
  }

  /** Bytes on the wire. */
  int size() {
    int size = ByteWriter.compactSizeBytes(stack.size());
    for (int i = 0; i < stack.size(); i++) {
      size += ByteWriter.varBytesSize(stack.get(i));
    }
    return size;
  }
}
