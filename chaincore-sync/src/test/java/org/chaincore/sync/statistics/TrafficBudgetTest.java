package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

/** What a node may still send and take, whenever it sent the rest. */
final class TrafficBudgetTest {
  private static final int ROUND = 60;
  private final TrafficBudget budget = new TrafficBudget(1_000, ROUND);

  private record Spent(long second, int bytes) {}

  @Test
  void used_inAnyStretchOfARound_isTheSumOfWhatWasSpentThen() {
    SeededRun.of(50, 200)
        .check(
            (random, size) -> {
              TrafficBudget budgetOfRun = new TrafficBudget(1_000, ROUND);
              Deque<Spent> model = new ArrayDeque<>();
              long now = 1_600_000_000L;
              for (int i = 0; i < size; i++) {
                now += random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(4);
                budgetOfRun.at(now);
                int bytes = random.nextInt(300);
                budgetOfRun.spend(bytes);
                model.addLast(new Spent(now, bytes + TrafficBudget.FRAME_BYTES));
                long from = now - ROUND;
                model.removeIf(spent -> spent.second() <= from);
                assertThat(budgetOfRun.used())
                    .isEqualTo(model.stream().mapToInt(Spent::bytes).sum());
              }
            });
  }

  @Test
  void allows_afterALatePartOfTheRoundBefore_countsItStill() {
    budget.at(50);
    budget.spend(900);
    budget.at(60);
    budget.beginRound(0);

    assertThat(budget.allows(100)).isFalse();

    budget.at(109);
    assertThat(budget.allows(100)).isFalse();
    budget.at(110);
    assertThat(budget.allows(100)).isTrue();
  }

  @Test
  void at_aClockThatWentBack_beginsAnew() {
    budget.at(5_000);
    budget.spend(900);
    budget.at(100);

    assertThat(budget.used()).isZero();
    assertThat(budget.allows(900)).isTrue();
  }
}
