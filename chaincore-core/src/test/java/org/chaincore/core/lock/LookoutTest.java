package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LookoutTest {
  private static final long MOMENT = 100;

  private final AtomicLong looks = new AtomicLong();
  private final Lookout lookout = new Lookout(MOMENT, looks::incrementAndGet);
  private final Waiter first = waiter();
  private final Waiter second = waiter();

  private static Waiter waiter() {
    return new Waiter(Thread.currentThread(), false, LockPriority.CONSENSUS, false);
  }

  @Test
  void takesOn_noWriterInside_takesNobody() {
    assertThat(lookout.takesOn(first, false)).isFalse();
    assertThat(lookout.awake()).isNull();
  }

  @Test
  void takesOn_secondWaiter_sleepsWhileTheFirstIsAwake() {
    assertThat(lookout.takesOn(first, true)).isTrue();
    assertThat(lookout.takesOn(second, true)).isFalse();
    assertThat(lookout.awake()).isSameAs(first);
    lookout.dismiss(second);
    assertThat(lookout.awake()).isSameAs(first);
  }

  @Test
  void takesOn_sameWaiterAfterItsMoment_sleepsFromThenOn() {
    assertThat(lookout.takesOn(first, true)).isTrue();
    assertThat(lookout.takesOn(first, true)).isFalse();
    assertThat(lookout.awake()).isNull();
    assertThat(lookout.takesOn(first, true)).isFalse();
    assertThat(lookout.takesOn(second, true)).isTrue();
  }

  @Test
  void takesOn_afterTheFirstWasLetIn_takesTheNext() {
    assertThat(lookout.takesOn(first, true)).isTrue();
    lookout.dismiss(first);
    assertThat(lookout.takesOn(second, true)).isTrue();
  }

  @Test
  void takesOn_noTime_takesNobody() {
    Lookout none = Lookout.forTurn(0, looks::incrementAndGet);
    assertThat(none.takesOn(first, true)).isFalse();
  }

  @Test
  void watch_nobodyLetIn_endsWithTheMoment() {
    lookout.watch(first);
    assertThat(looks.get()).isEqualTo(MOMENT + 1);
  }

  @Test
  void watch_letIn_endsAtOnce() {
    first.granted = true;
    lookout.watch(first);
    assertThat(looks.get()).isEqualTo(1);
  }

  @Test
  void watch_clockStandsStill_ends() {
    AtomicLong asked = new AtomicLong();
    Lookout still =
        new Lookout(
            MOMENT,
            () -> {
              asked.incrementAndGet();
              return 0;
            });
    still.watch(first);
    assertThat(asked.get()).isBetween(2L, 10_000L);
  }
}
