package org.chaincore.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
  private static final Bytes FIVE = Bytes.parse("00017f80ff");

  @Test
  void of_array_isACopyBothWays() {
    byte[] array = {1, 2};
    Bytes bytes = Bytes.of(array);
    array[0] = 9;
    bytes.toArray()[1] = 9;

    assertThat(bytes).isEqualTo(Bytes.parse("0102"));
  }

  @Test
  void of_nothing_isEmpty() {
    assertThat(Bytes.of()).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.of(new byte[3], 3, 0)).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.EMPTY.isEmpty()).isTrue();
    assertThat(FIVE.isEmpty()).isFalse();
  }

  @Test
  void of_range_isThatRange() {
    assertThat(Bytes.of(FIVE.toArray(), 1, 3)).isEqualTo(Bytes.parse("017f80"));
  }

  @ParameterizedTest
  @CsvSource({"0, 6", "5, 1", "-1, 1", "6, 0", "2, -1", "1, 2147483647"})
  void of_rangeOutsideTheArray_throws(int offset, int length) {
    assertThatThrownBy(() -> Bytes.of(FIVE.toArray(), offset, length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void at_index_isSignedAndUnsigned() {
    assertThat(FIVE.at(3)).isEqualTo((byte) -128);
    assertThat(FIVE.unsignedAt(3)).isEqualTo(128);
    assertThat(FIVE.unsignedAt(4)).isEqualTo(255);
    assertThatThrownBy(() -> FIVE.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void slice_range_isThatRange() {
    assertThat(FIVE.slice(2, 4)).isEqualTo(Bytes.parse("7f80"));
    assertThat(FIVE.slice(5, 5)).isEqualTo(Bytes.EMPTY);
    assertThat(FIVE.slice(0, 5)).isEqualTo(FIVE);
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "0, 6", "3, 2"})
  void slice_outside_throws(int from, int to) {
    assertThatThrownBy(() -> FIVE.slice(from, to))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("of 5 bytes");
  }

  @Test
  void copyTo_offset_writesAll() {
    byte[] to = new byte[7];
    FIVE.copyTo(to, 1);

    assertThat(Bytes.of(to)).hasToString("0000017f80ff00");
  }

  @Test
  void parse_upperCase_isTheSame() {
    assertThat(Bytes.parse("00017F80FF")).isEqualTo(FIVE).hasSameHashCodeAs(FIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0g", "0x00", " 00", "\u0660\u0660"})
  void parse_notHex_throws(String hex) {
    assertThatThrownBy(() -> Bytes.parse(hex)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equals_sameBytes_only() {
    assertThat(FIVE).isNotEqualTo(Bytes.parse("00017f80")).isNotEqualTo("00017f80ff");
    assertThat(FIVE.toHex()).isEqualTo("00017f80ff");
    assertThat(FIVE.length()).isEqualTo(5);
  }
}
