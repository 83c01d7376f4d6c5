package org.chaincore.sync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.chaincore.sync.settings.TaskReceipt.State;
import org.junit.jupiter.api.Test;

class TaskScheduleTest {
  private static final OperationalSettings DEFAULT = OperationalSettings.DEFAULT;
  private static final long START = 1_000_000;
  private static final long FAR = START + 10_000_000;

  private final TaskSchedule schedule = TaskSchedule.of(DEFAULT, 1, START);

  /** Nothing comes by itself. */
  private static OperationalSettings allOff() {
    OperationalSettings off = DEFAULT;
    for (SyncTask task : SyncTask.values()) {
      off = off.withEnabled(task, false);
    }
    return off;
  }

  private static OperationalSettings only(SyncTask task) {
    return allOff().withEnabled(task, true);
  }

  private State stateOf(long receipt) {
    return schedule.receipt(receipt).orElseThrow().state();
  }

  @Test
  void due_atTheStart_isEachTimedTaskWithinOneInterval() {
    for (int seed = 0; seed < 50; seed++) {
      TaskSchedule any = TaskSchedule.of(DEFAULT, seed, START);

      assertThat(any.due(START - 1)).isEmpty();
      assertThat(any.due(START + 15_000)).contains(SyncTask.MEMPOOL);
      assertThat(any.due(START + 60_000))
          .containsExactlyInAnyOrder(
              SyncTask.CHAIN, SyncTask.MEMPOOL, SyncTask.STATISTICS, SyncTask.DISCOVERY);
    }
  }

  @Test
  void due_inTheOrderOfTheirTimes_andAsNextDueSays() {
    List<SyncTask> all = schedule.due(FAR);
    List<SyncTask> oneByOne = new ArrayList<>();
    while (oneByOne.size() < all.size()) {
      long next = schedule.nextDueMillis().orElseThrow();
      assertThat(schedule.due(next - 1)).isEmpty();
      for (SyncTask task : schedule.due(next)) {
        oneByOne.add(task);
        schedule.begin(task, FAR);
      }
    }

    assertThat(oneByOne).isEqualTo(all);
  }

  @Test
  void begin_task_makesItDueAnIntervalLaterGiveOrTakeATenth() {
    for (int seed = 0; seed < 200; seed++) {
      TaskSchedule any = TaskSchedule.of(only(SyncTask.CHAIN), seed, START);
      any.begin(SyncTask.CHAIN, START);

      assertThat(any.nextDueMillis().orElseThrow()).isBetween(START + 27_000, START + 33_000);
    }
  }

  @Test
  void begin_sameSeed_isTheSameSchedule() {
    TaskSchedule twin = TaskSchedule.of(DEFAULT, 1, START);
    TaskSchedule other = TaskSchedule.of(DEFAULT, 2, START);
    schedule.begin(SyncTask.CHAIN, START);
    twin.begin(SyncTask.CHAIN, START);

    assertThat(twin.nextDueMillis()).isEqualTo(schedule.nextDueMillis());
    assertThat(other.nextDueMillis()).isNotEqualTo(schedule.nextDueMillis());
  }

  /** Written down, as a simulation must repeat itself on another Java. */
  @Test
  void of_aSeed_isTheSameOnEveryJava() {
    List<Long> begun = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long due = schedule.nextDueMillis().orElseThrow();
      begun.add(due - START);
      schedule.due(due).forEach(task -> schedule.begin(task, due));
    }

    assertThat(begun)
        .containsExactly(10_530L, 25_593L, 26_452L, 39_329L, 40_601L, 41_224L, 52_799L, 56_097L);
  }

  @Test
  void begin_ofOneTask_movesNoOther() {
    TaskSchedule twin = TaskSchedule.of(DEFAULT, 1, START);
    twin.begin(SyncTask.CHAIN, START);
    twin.begin(SyncTask.CHAIN, START + 1);
    twin.begin(SyncTask.MEMPOOL, START + 1);
    schedule.begin(SyncTask.MEMPOOL, START + 1);
    schedule.apply(only(SyncTask.MEMPOOL), START + 1);
    twin.apply(only(SyncTask.MEMPOOL), START + 1);

    assertThat(twin.nextDueMillis()).isEqualTo(schedule.nextDueMillis());
  }

  @Test
  void begin_longAfterItWasDue_isNotMadeUpFor() {
    long late = START + 3_600_000;
    schedule.begin(SyncTask.MEMPOOL, late);

    assertThat(schedule.due(late + 13_000)).doesNotContain(SyncTask.MEMPOOL);
    assertThat(schedule.counters(SyncTask.MEMPOOL).attempts()).isEqualTo(1);
  }

  @Test
  void of_twentyNodes_doNotActInStep() {
    TreeSet<Long> dues = new TreeSet<>();
    for (int seed = 0; seed < 20; seed++) {
      TaskSchedule any = TaskSchedule.of(only(SyncTask.STATISTICS), seed, START);
      dues.add(any.nextDueMillis().orElseThrow());
    }

    assertThat(dues).hasSizeGreaterThan(18);
    assertThat(dues.last() - dues.first()).isGreaterThan(30_000);
  }

  @Test
  void apply_switchedOff_isNotDue() {
    schedule.apply(allOff(), START);

    assertThat(schedule.due(FAR)).isEmpty();
    assertThat(schedule.nextDueMillis()).isEmpty();
    schedule.begin(SyncTask.CHAIN, START);
    assertThat(schedule.nextDueMillis()).isEmpty();
  }

  @Test
  void apply_switchedOnAgain_isDueWithinOneInterval() {
    schedule.apply(allOff(), START);
    schedule.apply(only(SyncTask.MEMPOOL), START + 500_000);

    assertThat(schedule.nextDueMillis().orElseThrow()).isBetween(START + 500_000, START + 515_000);
  }

  @Test
  void apply_shorterInterval_countsFromTheLastRun() {
    schedule.apply(only(SyncTask.CHAIN), START);
    schedule.begin(SyncTask.CHAIN, START);
    schedule.apply(only(SyncTask.CHAIN).withInterval(SyncTask.CHAIN, 10), START + 2_000);

    assertThat(schedule.nextDueMillis().orElseThrow()).isBetween(START + 9_000, START + 11_000);
  }

  @Test
  void apply_shorterIntervalThatIsOver_isDueWithinTheNewOne() {
    TreeSet<Long> dues = new TreeSet<>();
    for (int seed = 0; seed < 20; seed++) {
      TaskSchedule any = TaskSchedule.of(only(SyncTask.CHAIN), seed, START);
      any.begin(SyncTask.CHAIN, START);
      any.apply(only(SyncTask.CHAIN).withInterval(SyncTask.CHAIN, 10), START + 20_000);
      dues.add(any.nextDueMillis().orElseThrow());
    }

    assertThat(dues).allMatch(due -> due >= START + 20_000 && due < START + 30_000);
    assertThat(dues).hasSizeGreaterThan(18);
  }

  @Test
  void apply_longerInterval_putsTheTurnOff() {
    schedule.apply(only(SyncTask.CHAIN), START);
    schedule.begin(SyncTask.CHAIN, START);
    schedule.apply(only(SyncTask.CHAIN).withInterval(SyncTask.CHAIN, 100), START + 25_000);

    assertThat(schedule.nextDueMillis().orElseThrow()).isBetween(START + 90_000, START + 110_000);
  }

  @Test
  void apply_sameSettings_leavesEveryTurnWhereItIs() {
    long before = schedule.nextDueMillis().orElseThrow();
    schedule.apply(DEFAULT.withMinFeePerKilobyte(9), START + 1);

    assertThat(schedule.nextDueMillis()).hasValue(before);
  }

  @Test
  void tipIs_passesAHeightThatTheIntervalDivides_makesDifficultyDue() {
    schedule.apply(only(SyncTask.DIFFICULTY), START);
    schedule.tipIs(15, START);
    schedule.tipIs(19, START + 1);
    assertThat(schedule.due(FAR)).isEmpty();

    schedule.tipIs(23, START + 2);
    schedule.tipIs(24, START + 3);

    assertThat(schedule.nextDueMillis()).hasValue(START + 2);
    schedule.begin(SyncTask.DIFFICULTY, START + 4);
    schedule.tipIs(29, START + 5);
    assertThat(schedule.due(FAR)).isEmpty();
    schedule.tipIs(30, START + 6);
    assertThat(schedule.due(START + 6)).containsExactly(SyncTask.DIFFICULTY);
  }

  @Test
  void tipIs_goesBackOverTheHeight_makesDifficultyDueAgain() {
    schedule.apply(only(SyncTask.DIFFICULTY), START);
    schedule.tipIs(20, START);
    schedule.tipIs(18, START + 1);

    assertThat(schedule.due(START + 1)).containsExactly(SyncTask.DIFFICULTY);
  }

  @Test
  void tipIs_whileSwitchedOff_isNotReportedLater() {
    schedule.apply(allOff(), START);
    schedule.tipIs(5, START);
    schedule.tipIs(25, START);
    schedule.apply(only(SyncTask.DIFFICULTY), START + 1);
    assertThat(schedule.due(FAR)).isEmpty();

    schedule.tipIs(30, START + 2);
    assertThat(schedule.due(FAR)).containsExactly(SyncTask.DIFFICULTY);
    schedule.apply(allOff(), START + 3);
    assertThat(schedule.due(FAR)).isEmpty();
  }

  @Test
  void apply_otherNumberOfBlocks_countsFromTheTip() {
    schedule.apply(only(SyncTask.DIFFICULTY), START);
    schedule.tipIs(15, START);
    schedule.apply(only(SyncTask.DIFFICULTY).withInterval(SyncTask.DIFFICULTY, 4), START);
    assertThat(schedule.due(FAR)).isEmpty();

    schedule.tipIs(16, START);
    assertThat(schedule.due(FAR)).containsExactly(SyncTask.DIFFICULTY);
  }

  @Test
  void tipIs_negative_isRefused() {
    assertThatThrownBy(() -> schedule.tipIs(-1, START)).hasMessage("no height: -1");
  }

  @Test
  void succeed_run_isCounted() {
    assertThat(schedule.counters(SyncTask.CHAIN))
        .isEqualTo(new TaskCounters(0, 0, 0, TaskCounters.NEVER, TaskCounters.NEVER));
    long run = schedule.begin(SyncTask.CHAIN, START + 1);
    assertThat(schedule.counters(SyncTask.CHAIN))
        .isEqualTo(new TaskCounters(1, 0, 0, START + 1, TaskCounters.NEVER));
    assertThat(schedule.counters(SyncTask.CHAIN).isRunning()).isTrue();

    schedule.succeed(SyncTask.CHAIN, run, START + 2);

    assertThat(schedule.counters(SyncTask.CHAIN))
        .isEqualTo(new TaskCounters(1, 1, 0, START + 1, START + 2));
    assertThat(schedule.counters(SyncTask.CHAIN).isRunning()).isFalse();
  }

  @Test
  void fail_run_isCountedOnce() {
    long run = schedule.begin(SyncTask.CHAIN, START + 1);
    schedule.fail(SyncTask.CHAIN, run, START + 2);
    schedule.fail(SyncTask.CHAIN, run, START + 3);
    schedule.succeed(SyncTask.CHAIN, run, START + 4);

    assertThat(schedule.counters(SyncTask.CHAIN))
        .isEqualTo(new TaskCounters(1, 0, 1, START + 1, TaskCounters.NEVER));
  }

  @Test
  void begin_whileARunIsUnderWay_countsThatAsFailedAndIgnoresItsEnd() {
    long first = schedule.begin(SyncTask.CHAIN, START + 1);
    long second = schedule.begin(SyncTask.CHAIN, START + 9);
    schedule.succeed(SyncTask.CHAIN, first, START + 10);
    assertThat(schedule.counters(SyncTask.CHAIN))
        .isEqualTo(new TaskCounters(2, 0, 1, START + 9, TaskCounters.NEVER));

    schedule.succeed(SyncTask.CHAIN, second, START + 11);
    assertThat(schedule.counters(SyncTask.CHAIN).successes()).isEqualTo(1);
  }

  @Test
  void trigger_task_isDueNowAndItsReceiptFollowsTheRun() {
    schedule.apply(allOff(), START);
    long receipt = schedule.trigger(SyncTask.DIFFICULTY, START + 5);

    assertThat(schedule.due(START + 5)).containsExactly(SyncTask.DIFFICULTY);
    assertThat(schedule.receipt(receipt))
        .contains(
            new TaskReceipt(
                receipt, SyncTask.DIFFICULTY, State.WAITING, START + 5, TaskCounters.NEVER));
    long run = schedule.begin(SyncTask.DIFFICULTY, START + 6);
    assertThat(stateOf(receipt)).isEqualTo(State.RUNNING);
    assertThat(schedule.due(FAR)).isEmpty();
    schedule.succeed(SyncTask.DIFFICULTY, run, START + 7);

    assertThat(schedule.receipt(receipt))
        .contains(
            new TaskReceipt(receipt, SyncTask.DIFFICULTY, State.SUCCEEDED, START + 5, START + 7));
  }

  @Test
  void trigger_taskThatWaits_sharesTheReceipt() {
    long first = schedule.trigger(SyncTask.CHAIN, START);
    assertThat(schedule.trigger(SyncTask.CHAIN, START + 1)).isEqualTo(first);
    schedule.begin(SyncTask.CHAIN, START + 2);

    long second = schedule.trigger(SyncTask.CHAIN, START + 3);
    assertThat(second).isNotEqualTo(first);
    schedule.begin(SyncTask.CHAIN, START + 1_002);
    assertThat(stateOf(first)).isEqualTo(State.FAILED);
    assertThat(stateOf(second)).isEqualTo(State.RUNNING);
  }

  @Test
  void trigger_rightAfterARun_waitsForASecond() {
    schedule.apply(allOff(), START);
    schedule.begin(SyncTask.CHAIN, START);
    schedule.trigger(SyncTask.CHAIN, START + 10);

    assertThat(schedule.nextDueMillis()).hasValue(START + 1_000);
  }

  @Test
  void receipt_unknownOrLongEnded_isEmpty() {
    assertThat(schedule.receipt(1)).isEmpty();
    long first = schedule.trigger(SyncTask.CHAIN, START);
    schedule.succeed(SyncTask.CHAIN, schedule.begin(SyncTask.CHAIN, START), START);
    long waiting = schedule.trigger(SyncTask.MEMPOOL, START);
    for (int i = 0; i < Receipts.MAX_ENDED; i++) {
      assertThat(schedule.receipt(first).map(TaskReceipt::state)).contains(State.SUCCEEDED);
      schedule.trigger(SyncTask.CHAIN, START + i);
      schedule.fail(SyncTask.CHAIN, schedule.begin(SyncTask.CHAIN, START + i), START + i);
    }

    assertThat(schedule.receipt(first)).isEqualTo(Optional.empty());
    assertThat(schedule.receipt(first + 2)).isPresent();
    assertThat(stateOf(waiting)).isEqualTo(State.WAITING);
  }
}
