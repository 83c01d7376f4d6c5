package org.chaincore.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;

class ByteWriterTest {
  @Test
  void writes_beyondTheExpectedSize_keepEveryByte() {
    Hash256 hash = Hash256.ofWords(1, 2, 3, 4);
    for (int expected = 0; expected < 64; expected++) {
      ByteWriter out = ByteWriter.ofExpectedSize(expected);
      out.uint8(1).uint16(2).int32(3).int64(4).hash(hash).compactSize(5);
      out.bytes(Bytes.of((byte) 6, (byte) 7)).bytes(new byte[] {8}).varBytes(Bytes.of((byte) 9));
      assertThat(out.toBytes().toHex())
          .isEqualTo(
              "01"
                  + "0200"
                  + "03000000"
                  + "0400000000000000"
                  + Bytes.of(hash.toWire()).toHex()
                  + "05"
                  + "0607"
                  + "08"
                  + "0109");
    }
  }

  @Test
  void hash_ofWhatWasWritten_isSingleSha256() {
    byte[] text = {1, 2, 3};
    ByteWriter out = ByteWriter.create().bytes(text);
    assertThat(out.hash(Sha256.create())).isEqualTo(Sha256.hash(text));
    assertThat(out.doubleHash(Sha256.create())).isEqualTo(Sha256.doubleHash(text));
  }

  @Test
  void takeArray_fullOrNot_isWhatWasWrittenAndLeavesAnEmptyWriter() {
    for (int expected : new int[] {0, 3, 4, 5}) {
      ByteWriter out = ByteWriter.ofExpectedSize(expected).int32(0x04030201);

      byte[] taken = out.takeArray();
      out.uint8(9);

      assertThat(taken).containsExactly(1, 2, 3, 4);
      assertThat(out.takeArray()).containsExactly(9);
    }
  }

  @Test
  void copyTo_aBuffer_putsWhatWasWritten() {
    ByteWriter out = ByteWriter.ofExpectedSize(64).int32(1).clear().uint8(7).uint8(8);
    ByteBuffer buffer = ByteBuffer.allocate(4).put((byte) 6);
    out.copyTo(buffer);
    assertThat(buffer.array()).containsExactly(6, 7, 8, 0);
    assertThat(buffer.position()).isEqualTo(3);
    assertThat(out.capacity()).isEqualTo(64);
  }
}
