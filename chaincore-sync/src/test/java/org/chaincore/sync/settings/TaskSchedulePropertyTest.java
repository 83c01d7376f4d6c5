package org.chaincore.sync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

/** The schedule's promises, whatever is changed, triggered, forgotten or late. */
class TaskSchedulePropertyTest {
  private static final List<SyncTask> TASKS = List.of(SyncTask.values());

  @Test
  void anySequence_ofChangesAndRuns_keepsThePromises() {
    SeededRun.of(200, 200).check((random, size) -> new Run(random).steps(size));
  }

  private static final class Run {
    private final RandomGenerator random;
    private final TaskSchedule schedule;
    private final Map<SyncTask, Long> underWay = new EnumMap<>(SyncTask.class);
    private final Map<SyncTask, Long> waiting = new EnumMap<>(SyncTask.class);
    private final List<Long> receipts = new ArrayList<>();
    private OperationalSettings settings = OperationalSettings.DEFAULT;
    private long now = 1_000;
    private int height;

    /** When each task began last with nothing changed since; absent where something was. */
    private final Map<SyncTask, Long> undisturbed = new EnumMap<>(SyncTask.class);

    Run(RandomGenerator random) {
      this.random = random;
      this.schedule = TaskSchedule.of(settings, random.nextLong(), now);
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        step();
        check();
      }
    }

    private SyncTask anyTask() {
      return TASKS.get(random.nextInt(TASKS.size()));
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0 -> change();
        case 1 -> {
          SyncTask task = anyTask();
          long receipt = schedule.trigger(task, now);
          assertThat(waiting.getOrDefault(task, receipt)).isEqualTo(receipt);
          waiting.put(task, receipt);
          receipts.add(receipt);
          undisturbed.remove(task);
        }
        case 2 -> {
          height = Math.max(0, height + random.nextInt(12) - 3);
          schedule.tipIs(height, now);
        }
        case 3, 4 -> end();
        case 5 -> now += random.nextInt(100_000);
        default -> {
          long due = schedule.nextDueMillis().orElse(now);
          boolean isPunctual = due > now;
          now = Math.max(now, due);
          schedule.due(now).forEach(task -> begin(task, isPunctual));
        }
      }
    }

    private void change() {
      SyncTask task = anyTask();
      settings =
          random.nextInt(3) == 0
              ? settings.withEnabled(task, random.nextBoolean())
              : settings.withInterval(task, 1 + random.nextInt(300));
      schedule.apply(settings, now);
      undisturbed.remove(task);
    }

    private void begin(SyncTask task, boolean isPunctual) {
      Long last = undisturbed.get(task);
      if (last != null && isPunctual && !task.isDrivenByChain()) {
        long interval = settings.interval(task) * 1_000L;
        assertThat(now - last).isBetween(interval - interval / 10, interval + interval / 10);
      }
      underWay.put(task, schedule.begin(task, now));
      waiting.remove(task);
      undisturbed.put(task, now);
      assertThat(schedule.due(now)).doesNotContain(task);
    }

    private void end() {
      SyncTask task = anyTask();
      Long run = underWay.get(task);
      if (run != null && random.nextBoolean()) {
        schedule.succeed(task, run, now);
      } else if (run != null) {
        schedule.fail(task, run, now);
      }
    }

    private void check() {
      for (SyncTask task : TASKS) {
        boolean isDueByItself = settings.isEnabled(task) && !task.isDrivenByChain();
        long interval = settings.interval(task) * 1_000L;
        if (isDueByItself) {
          assertThat(schedule.due(now + interval + interval / 10)).contains(task);
        }
        if (!settings.isEnabled(task) && !waiting.containsKey(task)) {
          assertThat(schedule.due(Long.MAX_VALUE - 1)).doesNotContain(task);
        }
        if (waiting.containsKey(task)) {
          assertThat(schedule.due(now + 1_000)).contains(task);
        }
        TaskCounters counters = schedule.counters(task);
        assertThat(counters.attempts() - counters.successes() - counters.failures())
            .isBetween(0L, 1L);
      }
      long kept =
          receipts.stream().distinct().filter(id -> schedule.receipt(id).isPresent()).count();
      assertThat(kept).isLessThanOrEqualTo(Receipts.MAX_ENDED + 2L * TASKS.size());
    }
  }
}
