package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.chaincore.core.chain.ChainView;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.chaincore.sync.settings.TaskSchedule;
import org.jspecify.annotations.Nullable;

/**
 * Has each task done when its time has come or the host wants it, by the machine whose it is, and
 * counts how it went. When a task is due, {@link TaskSchedule} knows.
 *
 * <p>Wishes of the host for a task that waits already are served by one run; each is answered. A
 * run that needs peers is over at once while there are none: nothing was to be done.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Schedule {
  /** Wishes that one run answers: stops a host that asks faster than tasks are done. */
  static final int MAX_WISHES = 64;

  /** Runs of a task that began and did not end; of more the oldest has failed. */
  static final int MAX_RUNS = 8;

  /** How often what has waited too long is let go of. */
  static final long EXPIRY_MILLIS = 60_000;

  private final MachineContext context;
  private final HeaderSync headerSync;
  private final MempoolReconciliation reconciliation;
  private final StatisticsExchange statistics;
  private final PeerExchange peerExchange;
  private final long seed;
  private final Map<SyncTask, List<Long>> wishes = new EnumMap<>(SyncTask.class);
  private final Map<SyncTask, Deque<Run>> runs = new EnumMap<>(SyncTask.class);
  private @Nullable TaskSchedule clockwork;
  private int tipHeight = -1;
  private int reportedBits;
  private long armedMillis = Long.MAX_VALUE;

  /**
   * A run under way.
   *
   * @param id what the clockwork calls it
   * @param receipt what the machine calls it, 0 if no wish began it
   * @param others the receipts of further wishes that it answers
   */
  private record Run(long id, long receipt, List<Long> others) {}

  Schedule(
      MachineContext context,
      HeaderSync headerSync,
      MempoolReconciliation reconciliation,
      StatisticsExchange statistics,
      PeerExchange peerExchange) {
    this.context = context;
    this.headerSync = headerSync;
    this.reconciliation = reconciliation;
    this.statistics = statistics;
    this.peerExchange = peerExchange;
    this.seed = context.newRandom().nextLong();
  }

  private TaskSchedule clockwork(long nowMillis) {
    TaskSchedule there = clockwork;
    if (there == null) {
      there = TaskSchedule.of(context.settings(), seed, nowMillis);
      reportedBits = context.engine().view().tip().header().bits();
      context.timers().set(Timer.EXPIRY, nowMillis + EXPIRY_MILLIS);
      clockwork = there;
    }
    return there;
  }

  /** Switches and intervals have changed. */
  void apply(OperationalSettings settings, long nowMillis) {
    clockwork(nowMillis).apply(settings, nowMillis);
  }

  /** The host wants a task done now. */
  void requested(SyncTask task, long receipt, long nowMillis) {
    List<Long> waiting = wishesFor(task);
    if (waiting.size() >= MAX_WISHES) {
      context.taskFinished(task, receipt, TaskFigures.NONE, false);
      return;
    }
    waiting.add(receipt);
    clockwork(nowMillis).trigger(task, nowMillis);
    arm(nowMillis);
  }

  /** The time of some task has come. */
  void due(long nowMillis) {
    armedMillis = Long.MAX_VALUE;
    TaskSchedule schedule = clockwork(nowMillis);
    for (SyncTask task : schedule.due(nowMillis)) {
      List<Long> waiting = wishesFor(task);
      long receipt = waiting.isEmpty() ? 0 : waiting.get(0);
      List<Long> others = waiting.isEmpty() ? List.of() : waiting.subList(1, waiting.size());
      remember(task, new Run(schedule.begin(task, nowMillis), receipt, List.copyOf(others)));
      waiting.clear();
      begin(task, receipt, nowMillis);
    }
  }

  private void remember(SyncTask task, Run run) {
    Deque<Run> underWay = runsOf(task);
    underWay.addLast(run);
    if (underWay.size() > MAX_RUNS) {
      answerAll(task, underWay.removeFirst());
    }
  }

  private void begin(SyncTask task, long receipt, long nowMillis) {
    boolean needsPeers = task == SyncTask.CHAIN || task == SyncTask.MEMPOOL;
    if (needsPeers && context.peers().established().isEmpty()) {
      context.taskFinished(task, receipt, TaskFigures.NONE, true);
      return;
    }
    switch (task) {
      case CHAIN -> headerSync.compareTips(receipt, nowMillis);
      case MEMPOOL -> reconciliation.reconcile(receipt, nowMillis);
      case DISCOVERY -> peerExchange.discover(receipt, nowMillis);
      case DIFFICULTY -> reportDifficulty(receipt);
      case STATISTICS -> statistics.exchange(receipt, nowMillis);
    }
  }

  private void reportDifficulty(long receipt) {
    ChainView view = context.engine().view();
    int bits = view.tip().header().bits();
    context.out().emit(new SyncEvent.DifficultyReported(view.height(), bits, bits != reportedBits));
    reportedBits = bits;
    context.taskFinished(SyncTask.DIFFICULTY, receipt, TaskFigures.NONE, true);
  }

  /** It is time to let go of what has waited too long. */
  void expiryDue(long nowMillis) {
    context.timers().set(Timer.EXPIRY, nowMillis + EXPIRY_MILLIS); // First: the store may fail.
    context.engine().expire(context.seconds(nowMillis));
  }

  /** Takes in how far the chain is and which tasks are over, after every input. */
  void follow(long nowMillis) {
    TaskSchedule schedule = clockwork(nowMillis);
    int height = context.engine().view().height();
    if (height != tipHeight) {
      tipHeight = height;
      schedule.tipIs(height, nowMillis);
      if (schedule.isDue(SyncTask.DIFFICULTY, nowMillis)) {
        due(nowMillis);
      }
    }
    List<Outbox.FinishedTask> finished = context.out().takeFinishedTasks();
    for (int i = 0; i < finished.size(); i++) {
      ended(schedule, finished.get(i), nowMillis);
    }
    arm(nowMillis);
  }

  private void ended(TaskSchedule schedule, Outbox.FinishedTask done, long nowMillis) {
    Iterator<Run> oldestFirst = runsOf(done.task()).iterator();
    while (oldestFirst.hasNext()) {
      Run run = oldestFirst.next();
      if (run.receipt() == done.receipt()) {
        oldestFirst.remove();
        if (done.succeeded()) {
          schedule.succeed(done.task(), run.id(), nowMillis);
        } else {
          schedule.fail(done.task(), run.id(), nowMillis);
        }
        answerOthers(done.task(), run, done.figures(), done.succeeded());
        return;
      }
    }
  }

  /** A run that nothing was heard of any more. */
  private void answerAll(SyncTask task, Run lost) {
    if (lost.receipt() != 0) {
      tell(task, lost.receipt(), TaskFigures.NONE, false);
    }
    answerOthers(task, lost, TaskFigures.NONE, false);
  }

  private void answerOthers(SyncTask task, Run run, TaskFigures figures, boolean succeeded) {
    for (long receipt : run.others()) {
      tell(task, receipt, figures, succeeded);
    }
  }

  private void tell(SyncTask task, long receipt, TaskFigures figures, boolean succeeded) {
    context.out().emit(new SyncEvent.TaskFinished(task, receipt, figures, succeeded));
  }

  private void arm(long nowMillis) {
    long next = clockwork(nowMillis).nextDueMillis().orElse(Long.MAX_VALUE);
    if (next != armedMillis && next != Long.MAX_VALUE) {
      context.timers().set(Timer.SCHEDULE, next);
    } else if (next == Long.MAX_VALUE) {
      context.timers().cancel(Timer.SCHEDULE);
    }
    armedMillis = next;
  }

  /** How each task went so far. */
  Map<SyncTask, TaskCounters> counters() {
    Map<SyncTask, TaskCounters> counters = new EnumMap<>(SyncTask.class);
    TaskSchedule there = clockwork;
    if (there != null) {
      for (SyncTask task : SyncTask.values()) {
        counters.put(task, there.counters(task));
      }
    }
    return Collections.unmodifiableMap(counters);
  }

  private List<Long> wishesFor(SyncTask task) {
    return wishes.computeIfAbsent(task, same -> new ArrayList<>());
  }

  private Deque<Run> runsOf(SyncTask task) {
    return runs.computeIfAbsent(task, same -> new ArrayDeque<>());
  }
}
