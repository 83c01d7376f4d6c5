package org.chaincore.store.codec;

import java.util.Arrays;
import java.util.Optional;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.store.AddressIndex.IndexedOutput;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.store.AddressIndex.Spender;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;

/**
 * Outputs by script, in bytes. The key begins with the whole SHA-256 of the script: of a shorter
 * one somebody could make scripts that share a list. Stateless.
 */
public final class AddressRow {
  /** Bytes of a script's hash, with which its keys begin. */
  public static final int PREFIX_BYTES = 32;

  private static final int HEIGHT_AT = PREFIX_BYTES;
  private static final int TXID_AT = HEIGHT_AT + 4;
  private static final int INDEX_AT = TXID_AT + Hash256.BYTES;
  private static final int KEY_BYTES = INDEX_AT + 4;

  private static final int UNSPENT = 0;
  private static final int SPENT = 1;

  private AddressRow() {}

  /** With what the keys of a script's outputs begin. */
  public static byte[] prefix(Bytes script) {
    byte[] bytes = script.toArray();
    return Sha256.create().hash(bytes, 0, bytes.length);
  }

  /** The key of an output. */
  public static byte[] key(byte[] prefix, Position position) {
    byte[] key = Arrays.copyOf(prefix, KEY_BYTES);
    putBigEndian(key, HEIGHT_AT, position.height());
    position.outPoint().txid().writeWire(key, TXID_AT);
    putBigEndian(key, INDEX_AT, position.outPoint().index());
    return key;
  }

  private static void putBigEndian(byte[] to, int offset, int value) {
    LittleEndian.putInt(to, offset, Integer.reverseBytes(value));
  }

  /** Whether a key is of an output of a script. */
  public static boolean hasPrefix(byte[] key, byte[] prefix) {
    return key.length == KEY_BYTES && Arrays.equals(key, 0, PREFIX_BYTES, prefix, 0, PREFIX_BYTES);
  }

  public static byte[] toBytes(IndexedOutput output) {
    ByteWriter out = ByteWriter.ofExpectedSize(64).compactSize(output.units());
    Optional<Spender> by = output.spentBy();
    out.uint8(by.isPresent() ? SPENT : UNSPENT);
    by.ifPresent(
        spender -> out.hash(spender.txid()).int32(spender.index()).int32(spender.height()));
    return out.toArray();
  }

  /** The output of a row. */
  public static IndexedOutput read(byte[] key, byte[] payload) {
    if (key.length != KEY_BYTES) {
      throw new DamagedValueException("key of " + key.length + " bytes");
    }
    int height = Integer.reverseBytes(LittleEndian.getInt(key, HEIGHT_AT));
    int index = Integer.reverseBytes(LittleEndian.getInt(key, INDEX_AT));
    Position position = new Position(height, new OutPoint(Hash256.ofWire(key, TXID_AT), index));
    return ByteReader.readAll(
        payload,
        "address row",
        in -> {
          long units = in.compactSize("output units");
          return new IndexedOutput(position, units, spender(in));
        });
  }

  private static Optional<Spender> spender(ByteReader in) {
    return switch (in.uint8("output spent")) {
      case UNSPENT -> Optional.empty();
      case SPENT ->
          Optional.of(
              new Spender(
                  in.hash("spender txid"), in.int32("spender index"), in.int32("spender height")));
      default -> throw new DamagedValueException("neither spent nor unspent");
    };
  }
}
