package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.chaincore.core.curve.Scalars;
import org.junit.jupiter.api.Test;

class ScalarBytesTest {
  private static final BigInteger TWO_256 = BigInteger.ONE.shiftLeft(256);

  @Test
  void of_andBack_isTheSame() {
    for (int bits = 0; bits <= 256; bits++) {
      BigInteger number = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
      assertThat(ScalarBytes.of(number)).hasSize(ScalarBytes.LENGTH);
      assertThat(ScalarBytes.read(ScalarBytes.of(number))).isEqualTo(number);
    }
    assertThat(ScalarBytes.read(ScalarBytes.of(Scalars.ORDER))).isEqualTo(Scalars.ORDER);
  }

  @Test
  void of_whatDoesNotFit_isRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> ScalarBytes.of(TWO_256)).hasMessage("not a number of 32 bytes");
    assertThatThrownBy(() -> ScalarBytes.of(BigInteger.ONE.negate()))
        .hasMessage("not a number of 32 bytes");
  }
}
