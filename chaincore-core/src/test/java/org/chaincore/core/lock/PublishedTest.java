package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PublishedTest {
  @Test
  void get_afterSet_isTheLastValue() {
    Published<String> cell = Published.of("first");
    assertThat(cell.get()).isEqualTo("first");
    cell.set("second");
    assertThat(cell.get()).isEqualTo("second");
  }
}
