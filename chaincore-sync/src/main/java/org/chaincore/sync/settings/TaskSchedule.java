package org.chaincore.sync.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.chaincore.sync.settings.TaskReceipt.State;
import org.jspecify.annotations.Nullable;

/**
 * When each task of a node is due, and how its runs went. It starts nothing: whoever does the tasks
 * asks for those that are {@link #due}, says when a run begins and how it ends, and sleeps until
 * {@link #nextDueMillis}.
 *
 * <p><b>What it promises.</b> A task that is switched on has its first turn within one interval,
 * and each further one an interval after the run before began, give or take a tenth. Where in that
 * tenth, the seed says: nodes do not act in step. A new interval holds at once. What was missed,
 * say while the machine slept, is not made up for. A run that never ends stops nothing: it counts
 * as failed when the next one begins.
 *
 * <p><b>By hand.</b> {@link #trigger} makes a task due, switched on or not, and its receipt tells
 * what comes of it. Whoever triggers a task that waits already shares the receipt with those
 * before; so no one can heap up work by triggering.
 *
 * <p>Times are milliseconds of one clock, which does not go back. Not thread-safe; confined to the
 * node's driver.
 */
public final class TaskSchedule {
  private static final Comparator<Line> SOONEST_FIRST =
      (a, b) -> {
        int order = Long.compare(a.turn.dueMillis(), b.turn.dueMillis());
        return order != 0 ? order : a.task.compareTo(b.task);
      };

  /** One a task, in the order of the tasks: few enough to be searched through. */
  private final Line[] lines;

  private final Receipts receipts = new Receipts();
  private long lastRun;

  /** What is known of one task. */
  private static final class Line {
    final SyncTask task;
    final Turn turn;
    TaskCounters counters = TaskCounters.ZERO;
    long run;
    @Nullable Long waiting;
    @Nullable Long running;

    Line(SyncTask task, Turn turn) {
      this.task = task;
      this.turn = turn;
    }
  }

  private TaskSchedule(SplittableRandom random) {
    SyncTask[] tasks = SyncTask.values();
    lines = new Line[tasks.length];
    for (int i = 0; i < tasks.length; i++) {
      lines[i] = new Line(tasks[i], new Turn(tasks[i], random.split()));
    }
  }

  /**
   * A schedule that begins now.
   *
   * @param seed sets when within its leeway each turn comes
   */
  public static TaskSchedule of(OperationalSettings settings, long seed, long nowMillis) {
    TaskSchedule schedule = new TaskSchedule(new SplittableRandom(seed));
    schedule.apply(settings, nowMillis);
    return schedule;
  }

  /** Takes switches and intervals over; they hold at once. */
  public void apply(OperationalSettings settings, long nowMillis) {
    for (Line line : lines) {
      line.turn.apply(settings.isEnabled(line.task), settings.interval(line.task), nowMillis);
    }
  }

  /** Tells where the tip is, by which the tasks that the chain drives become due. */
  public void tipIs(int height, long nowMillis) {
    if (height < 0) {
      throw new IllegalArgumentException("no height: " + height);
    }
    for (Line line : lines) {
      line.turn.tipIs(height, nowMillis);
    }
  }

  /** Whether the time of a task has come. */
  public boolean isDue(SyncTask task, long nowMillis) {
    return line(task).turn.dueMillis() <= nowMillis;
  }

  /** The tasks whose time has come, the longest due first. They stay due until they begin. */
  public List<SyncTask> due(long nowMillis) {
    List<Line> due = new ArrayList<>();
    for (Line line : lines) {
      if (line.turn.dueMillis() <= nowMillis) {
        due.add(line);
      }
    }
    if (due.isEmpty()) {
      return List.of();
    }
    due.sort(SOONEST_FIRST);
    return due.stream().map(line -> line.task).toList();
  }

  /** When the next task is due, which may be past; empty if only the chain or a hand can say. */
  public OptionalLong nextDueMillis() {
    long soonest = Turn.NEVER;
    for (Line line : lines) {
      soonest = Math.min(soonest, line.turn.dueMillis());
    }
    return soonest == Turn.NEVER ? OptionalLong.empty() : OptionalLong.of(soonest);
  }

  /**
   * Makes a task due, no sooner than a second after its last run began.
   *
   * @return the id of a receipt, the same as before if the task waits already
   */
  public long trigger(SyncTask task, long nowMillis) {
    Line line = line(task);
    @Nullable Long waiting = line.waiting;
    if (waiting != null) {
      return waiting;
    }
    line.turn.trigger(nowMillis, line.counters.attempts() > 0);
    long issued = receipts.issue(task, nowMillis);
    line.waiting = issued;
    return issued;
  }

  /** A receipt; empty if there was none with this id, or it ended long ago. */
  public Optional<TaskReceipt> receipt(long id) {
    return receipts.find(id);
  }

  /**
   * A run of a task begins, due or not.
   *
   * @return names the run when it ends
   */
  public long begin(SyncTask task, long nowMillis) {
    Line line = line(task);
    if (line.counters.isRunning()) {
      end(line, State.FAILED, nowMillis);
    }
    lastRun++;
    line.run = lastRun;
    line.counters = line.counters.begun(nowMillis);
    line.turn.begin(nowMillis);
    line.running = line.waiting;
    line.waiting = null;
    if (line.running != null) {
      receipts.run(line.running);
    }
    return lastRun;
  }

  /** A run ended well. Does nothing if another run of the task has begun, or this one has ended. */
  public void succeed(SyncTask task, long run, long nowMillis) {
    endIfUnderWay(line(task), run, State.SUCCEEDED, nowMillis);
  }

  /** A run came to nothing. Does nothing if another has begun, or this one has ended. */
  public void fail(SyncTask task, long run, long nowMillis) {
    endIfUnderWay(line(task), run, State.FAILED, nowMillis);
  }

  private void endIfUnderWay(Line line, long run, State how, long nowMillis) {
    if (line.run == run && line.counters.isRunning()) {
      end(line, how, nowMillis);
    }
  }

  private void end(Line line, State how, long nowMillis) {
    line.counters =
        how == State.SUCCEEDED ? line.counters.succeeded(nowMillis) : line.counters.failed();
    if (line.running != null) {
      receipts.end(line.running, how, nowMillis);
      line.running = null;
    }
  }

  /** How a task went so far. */
  public TaskCounters counters(SyncTask task) {
    return line(task).counters;
  }

  private Line line(SyncTask task) {
    for (Line line : lines) {
      if (line.task == task) {
        return line;
      }
    }
    throw new IllegalStateException("no line for " + task);
  }
}
