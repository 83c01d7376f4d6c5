package org.chaincore.sync.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class NodeIdTest {
  private static final String HEX =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  @Test
  void parse_hexDigits_areTheTextAgain() {
    assertThat(NodeId.parse(HEX)).hasToString(HEX).hasSameHashCodeAs(NodeId.parse(HEX));
    assertThat(NodeId.parse(HEX).toBytes()).isEqualTo(Bytes.parse(HEX));
  }

  @Test
  void read_whatWasWritten_isTheSameId() {
    ByteWriter out = ByteWriter.create();
    NodeId.parse(HEX).write(out);

    assertThat(NodeId.read(ByteReader.of(out.toArray()))).isEqualTo(NodeId.parse(HEX));
  }

  @Test
  void of_otherThan32Bytes_isRefusedWithTheLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeId.of(Bytes.parse("0102")))
        .withMessageContaining("got 2");
  }

  @Test
  void read_fewerThan32Bytes_isMalformed() {
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> NodeId.read(ByteReader.of(new byte[31])));
  }

  @Test
  void compareTo_randomIds_ordersAsUnsignedBytes() {
    SeededRun.of(200, 32)
        .check(
            (random, size) -> {
              byte[] a = new byte[32];
              random.nextBytes(a);
              byte[] b = a.clone();
              b[size - 1] = (byte) random.nextInt();
              NodeId one = NodeId.of(Bytes.of(a));
              NodeId other = NodeId.of(Bytes.of(b));

              assertThat(Integer.signum(one.compareTo(other)))
                  .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
              assertThat(one.equals(other)).isEqualTo(Arrays.equals(a, b));
            });
  }

  @Test
  void equals_otherType_isFalse() {
    assertThat(NodeId.parse(HEX)).isNotEqualTo(HEX);
  }
}
