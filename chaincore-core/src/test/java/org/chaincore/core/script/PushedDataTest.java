package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class PushedDataTest {
  @Test
  void of_payToPubkeyHash_isTheHash() {
    Bytes hash = Bytes.parse("11".repeat(20));

    assertThat(PushedData.of(new PayToPubkeyHash(hash).script())).containsExactly(hash);
  }

  @Test
  void of_pushesOfEveryForm_areThoseWithBytes() {
    Bytes script =
        Bytes.parse("51" + "02aabb" + "00" + "4c01cc" + "ac" + "4d0100dd" + "4e01000000ee");

    assertThat(PushedData.of(script))
        .extracting(Bytes::toHex)
        .containsExactly("aabb", "cc", "dd", "ee");
  }

  @Test
  void of_pushThatIsCutOff_endsThere() {
    assertThat(PushedData.of(Bytes.parse("01aa" + "05bb")))
        .extracting(Bytes::toHex)
        .containsExactly("aa");
    assertThat(PushedData.of(Bytes.parse("4e010000"))).isEmpty();
    assertThat(PushedData.of(Bytes.EMPTY)).isEmpty();
  }
}
