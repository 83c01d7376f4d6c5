package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.junit.jupiter.api.Test;

/** Tasks are done when they are due or the host wants them. */
final class ScheduleTest {
  private final ChainFixture chain = ChainFixture.begin();
  private final TestNode node = TestNode.on(chain, 1);
  private final Conversation conversation = node.converse();

  private TaskCounters counters(SyncTask task) {
    return Objects.requireNonNull(conversation.protocol().tasks().get(task));
  }

  private <E extends SyncEvent> List<E> events(Class<E> kind) {
    List<E> events = new ArrayList<>();
    for (Output output : conversation.others()) {
      if (output instanceof Output.Emit emit && kind.isInstance(emit.event())) {
        events.add(kind.cast(emit.event()));
      }
    }
    return events;
  }

  private List<Long> receipts() {
    return events(SyncEvent.TaskFinished.class).stream()
        .map(SyncEvent.TaskFinished::receipt)
        .toList();
  }

  private void wakes() {
    conversation.happens(new Input.Woken());
  }

  @Test
  void tasks_beforeAnything_areUnknown() {
    assertThat(conversation.protocol().tasks()).isEmpty();
  }

  @Test
  void pass_anHourWithoutPeers_everyTaskHasItsTurns() {
    wakes();
    conversation.pass(Duration.ofHours(1));
    assertThat(counters(SyncTask.CHAIN).successes()).isBetween(115L, 125L);
    assertThat(counters(SyncTask.MEMPOOL).successes()).isBetween(232L, 248L);
    assertThat(counters(SyncTask.DISCOVERY).attempts()).isBetween(58L, 63L);
    assertThat(counters(SyncTask.STATISTICS).successes()).isBetween(58L, 63L);
    assertThat(counters(SyncTask.DIFFICULTY).attempts()).isZero();
    assertThat(receipts()).isEmpty();
  }

  @Test
  void requested_withoutPeers_isAnsweredAtOnce() {
    conversation.happens(new Input.TaskRequested(SyncTask.MEMPOOL, 5));
    conversation.happens(new Input.TaskRequested(SyncTask.CHAIN, 6));
    assertThat(events(SyncEvent.TaskFinished.class))
        .containsExactly(
            new SyncEvent.TaskFinished(SyncTask.MEMPOOL, 5, TaskFigures.NONE, true),
            new SyncEvent.TaskFinished(SyncTask.CHAIN, 6, TaskFigures.NONE, true));
  }

  @Test
  void requested_severalTimesInASecond_isDoneTwiceAndAllAreAnswered() {
    for (long receipt = 1; receipt <= 5; receipt++) {
      conversation.happens(new Input.TaskRequested(SyncTask.MEMPOOL, receipt));
    }
    assertThat(receipts()).containsExactly(1L);
    conversation.pass(Duration.ofSeconds(1));
    assertThat(receipts()).containsExactly(2L, 3L, 4L, 5L);
    assertThat(counters(SyncTask.MEMPOOL).attempts()).isEqualTo(2);
  }

  @Test
  void requested_withoutEnd_isRefusedPastTheLimit() {
    conversation.happens(new Input.TaskRequested(SyncTask.MEMPOOL, 1));
    receipts();
    for (long receipt = 2; receipt <= 100; receipt++) {
      conversation.happens(new Input.TaskRequested(SyncTask.MEMPOOL, receipt));
    }
    assertThat(receipts()).hasSize(99 - Schedule.MAX_WISHES);
  }

  @Test
  void requested_everyTaskWithoutPeers_isAnsweredAtOnceAndCounted() {
    long receipt = 1;
    for (SyncTask task : SyncTask.values()) {
      conversation.happens(new Input.TaskRequested(task, receipt));
      assertThat(receipts()).describedAs(task.toString()).containsExactly(receipt);
      assertThat(counters(task).attempts()).describedAs(task.toString()).isOne();
      receipt++;
    }
  }

  @Test
  void requested_mempoolOfAPeerThatSaysNothing_failsAfterTheDeadline() {
    conversation.greets("alice", ConnectionKind.OUTBOUND);
    conversation.happens(new Input.TaskRequested(SyncTask.MEMPOOL, 9));
    assertThat(receipts()).isEmpty();
    conversation.pass(Duration.ofMillis(MempoolReconciliation.ANSWER_MILLIS));
    assertThat(receipts()).containsExactly(9L);
    assertThat(counters(SyncTask.MEMPOOL).failures()).isPositive();
  }

  @Test
  void mine_pastAMultipleOfTheInterval_reportsTheDifficulty() {
    wakes();
    chain.mine(9);
    wakes();
    assertThat(events(SyncEvent.DifficultyReported.class)).isEmpty();
    chain.mine(2);
    wakes();
    int bits = chain.tip().header().bits();
    assertThat(events(SyncEvent.DifficultyReported.class))
        .containsExactly(new SyncEvent.DifficultyReported(11, bits, false));
    assertThat(counters(SyncTask.DIFFICULTY).successes()).isOne();
  }

  @Test
  void ownSettings_shorterInterval_holdsAtOnce() {
    wakes();
    conversation.happens(
        new Input.OwnSettings(node.setup().settings().own().withInterval(SyncTask.CHAIN, 1)));
    conversation.pass(Duration.ofSeconds(100));
    assertThat(counters(SyncTask.CHAIN).attempts()).isBetween(90L, 112L);
  }

  @Test
  void ownSettings_switchedOff_isDoneByHandOnly() {
    conversation.happens(
        new Input.OwnSettings(node.setup().settings().own().withEnabled(SyncTask.CHAIN, false)));
    conversation.pass(Duration.ofMinutes(10));
    assertThat(counters(SyncTask.CHAIN).attempts()).isZero();
    conversation.happens(new Input.TaskRequested(SyncTask.CHAIN, 1));
    assertThat(counters(SyncTask.CHAIN).attempts()).isOne();
  }

  @Test
  void pass_longerThanTransactionsMayWait_expiresThem() {
    chain.mine(4);
    chain.offer(chain.pay(chain.coin(), 1_000));
    wakes();
    conversation.pass(Duration.ofSeconds(86_400 + 61));
    assertThat(chain.mempool()).isEmpty();
  }
}
