package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WaitingLineTest {
  private final WaitingLine line = new WaitingLine(4);

  private Waiter queue(boolean write) {
    Waiter waiter = new Waiter(Thread.currentThread(), write, LockPriority.CONSENSUS, false);
    line.add(waiter);
    return waiter;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8, 1000})
  void takeReaders_firstIsWoken_eachOtherIsWokenOnceByOneBeforeIt(int readers) {
    for (int i = 0; i < readers; i++) {
      queue(false);
      queue(true);
    }
    List<Waiter> taken = line.takeReaders(null);
    List<Waiter> awake = new ArrayList<>(taken.subList(0, 1));
    for (int i = 0; i < awake.size(); i++) {
      assertThat(awake.get(i).toWake).hasSizeLessThanOrEqualTo(2);
      awake.addAll(awake.get(i).toWake);
    }
    assertThat(awake).containsExactlyElementsOf(taken).hasSize(readers).doesNotHaveDuplicates();
    assertThat(line.all()).hasSize(readers).allMatch(waiter -> waiter.write);
  }

  @Test
  void takeReaders_oneIsAwake_thatOneComesFirst() {
    queue(false);
    Waiter awake = queue(false);
    queue(false);
    List<Waiter> taken = line.takeReaders(awake);
    assertThat(taken).hasSize(3).startsWith(awake).doesNotHaveDuplicates();
    assertThat(awake.toWake).containsExactlyElementsOf(taken.subList(1, 3));
  }

  @Test
  void takeReaders_awakeIsAWriter_readersInOrderOfArrival() {
    Waiter first = queue(false);
    Waiter second = queue(false);
    Waiter awake = queue(true);
    assertThat(line.takeReaders(awake)).containsExactly(first, second);
    assertThat(line.first()).isSameAs(awake);
  }
}
