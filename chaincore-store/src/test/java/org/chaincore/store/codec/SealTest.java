package org.chaincore.store.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final int TABLE = 3;
  private static final byte[] KEY = {1, 2, 3};
  private static final byte[] PAYLOAD = {9, 8, 7, 6};

  @Test
  void close_bothWays_givesTheSameBytes() {
    SeededRun.of(100, 300)
        .check(
            (random, size) -> {
              byte[] key = new byte[1 + random.nextInt(40)];
              byte[] payload = new byte[size];
              random.nextBytes(key);
              random.nextBytes(payload);
              ByteBuffer value = ByteBuffer.allocateDirect(size + Seal.OVERHEAD + 10);
              Seal.close(TABLE, key, ByteWriter.create().bytes(payload), value);
              byte[] sealed = new byte[value.remaining()];
              value.get(sealed);
              assertThat(sealed).isEqualTo(Seal.close(TABLE, key, payload));
              assertThat(Seal.open(TABLE, key, sealed)).isEqualTo(payload);
            });
  }

  @Test
  void open_withAnyBitFlipped_isDamaged() {
    byte[] value = Seal.close(TABLE, KEY, PAYLOAD);
    for (int bit = 0; bit < 8 * value.length; bit++) {
      byte[] flipped = value.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertDamaged(TABLE, KEY, flipped, "checksum");
    }
  }

  @Test
  void open_underAnotherKeyOrInAnotherTable_isDamaged() {
    byte[] value = Seal.close(TABLE, KEY, PAYLOAD);
    assertDamaged(TABLE, new byte[] {1, 2, 4}, value, "checksum");
    assertDamaged(TABLE + 1, KEY, value, "checksum");
  }

  @Test
  void open_ofLessThanASeal_isDamaged() {
    assertDamaged(TABLE, KEY, new byte[Seal.OVERHEAD - 1], "only 4 bytes");
  }

  @Test
  void open_ofALaterEncoding_namesBoth() {
    byte[] value = Seal.close(TABLE, KEY, PAYLOAD);
    value[0] = 2;
    CRC32C crc = new CRC32C();
    crc.update(TABLE);
    crc.update(KEY);
    crc.update(value, 0, value.length - 4);
    byte[] whole =
        ByteWriter.create()
            .bytes(Arrays.copyOf(value, value.length - 4))
            .int32((int) crc.getValue())
            .toArray();
    assertDamaged(TABLE, KEY, whole, "encoding of version 2, this release reads 1");
  }

  private static void assertDamaged(int table, byte[] key, byte[] value, String message) {
    assertThatThrownBy(() -> Seal.open(table, key, value))
        .isInstanceOf(DamagedValueException.class)
        .hasMessageContaining(message);
  }
}
