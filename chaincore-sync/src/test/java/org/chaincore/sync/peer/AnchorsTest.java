package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.chaincore.sync.peer.PeerFixture.at;

import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.junit.jupiter.api.Test;

final class AnchorsTest {
  private static final Anchors TWO = new Anchors(List.of(at("1.2.3.4:5"), at("[2a00::1]:6")));

  @Test
  void constructor_three_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Anchors(List.of(at("1.2.3.4:1"), at("1.2.3.4:2"), at("1.2.3.4:3"))))
        .withMessageContaining("3 anchors");
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    assertThat(read(bytes(TWO))).isEqualTo(TWO);
    assertThat(read(bytes(Anchors.NONE))).isEqualTo(Anchors.NONE);
  }

  @Test
  void read_anyBitFlipped_isRefused() {
    byte[] bytes = bytes(TWO);
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThatExceptionOfType(MalformedBytesException.class).isThrownBy(() -> read(changed));
    }
  }

  @Test
  void read_three_isRefused() {
    ByteWriter content = ByteWriter.create().uint8(3);
    for (int port = 1; port <= 3; port++) {
      AddressBytes.write(at("1.2.3.4:" + port), content);
    }
    ByteWriter out = ByteWriter.create();
    new CheckedSnapshot(0x4e41_4343, 1).write(out, content);

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(out.toArray()))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("anchors"));
  }

  private static byte[] bytes(Anchors anchors) {
    ByteWriter out = ByteWriter.create();
    anchors.write(out);
    return out.toArray();
  }

  private static Anchors read(byte[] bytes) {
    return ByteReader.readAll(bytes, "anchors", Anchors::read);
  }
}
