package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** The small tables that the machines keep. */
final class SmallTablesTest {
  private static final PeerId ALICE = new PeerId(1);

  private static Hash256 hash(int number) {
    return Hash256.ofWords(number, 0, 0, 2);
  }

  @Test
  void recentHashes_beyondTheirNumber_loseTheOldest() {
    RecentHashes recent = new RecentHashes(2);

    assertThat(recent.add(hash(1))).isTrue();
    assertThat(recent.add(hash(2))).isTrue();
    assertThat(recent.add(hash(1))).isFalse();
    assertThat(recent.add(hash(3))).isTrue();

    assertThat(recent.contains(hash(1))).isFalse();
    assertThat(recent.contains(hash(2))).isTrue();
    recent.remove(hash(2));
    assertThat(recent.size()).isEqualTo(1);
    recent.clear();
    assertThat(recent.size()).isZero();
  }

  @Test
  void mempoolIndex_knowsBothNames() {
    MempoolIndex index = new MempoolIndex();
    Transaction transaction = TestBlocks.spend(List.of(TestBlocks.unknown(1)), TestBlocks.pay(1));
    index.add(transaction);

    assertThat(index.txid(transaction.wtxid())).isEqualTo(transaction.txid());
    assertThat(index.txid(transaction.txid())).isEqualTo(transaction.txid());
    assertThat(index.contains(hash(1))).isFalse();
    assertThat(index.remove(hash(1))).isNull();
    assertThat(index.remove(transaction.txid())).isEqualTo(transaction.wtxid());
    assertThat(index.contains(transaction.wtxid())).isFalse();
    assertThat(index.size()).isZero();
  }

  @Test
  void timers_areDueInTheOrderOfTimeAndThenOfSetting() {
    TimerTable timers = new TimerTable();
    timers.set(Timer.PING, ALICE, 10);
    timers.set(Timer.CONNECTIONS, 10);
    timers.set(Timer.PONG, ALICE, 5);
    timers.set(Timer.PING, ALICE, 10);

    assertThat(timers.nextMillis()).isEqualTo(5);
    assertThat(timers.takeDue(4)).isNull();
    assertThat(timers.isSet(Timer.PONG, ALICE)).isTrue();
    assertThat(timers.takeDue(20)).isEqualTo(new TimerTable.Due(Timer.PONG, ALICE));
    assertThat(timers.takeDue(20)).isEqualTo(new TimerTable.Due(Timer.CONNECTIONS, null));
    assertThat(timers.takeDue(20)).isEqualTo(new TimerTable.Due(Timer.PING, ALICE));
    assertThat(timers.takeDue(20)).isNull();
    assertThat(timers.isSet(Timer.PONG, ALICE)).isFalse();
    assertThat(timers.nextMillis()).isEqualTo(TimerTable.NEVER);
  }

  @Test
  void timers_randomly_areAsAPlainListHasThem() {
    SeededRun.of(200, 300)
        .check(
            (random, size) -> {
              TimerTable timers = new TimerTable();
              Map<TimerTable.Due, Long> model = new LinkedHashMap<>();
              List<Timer> kinds = List.of(Timer.values());
              for (int step = 0; step < size; step++) {
                Timer timer = kinds.get(random.nextInt(kinds.size()));
                PeerId peer = new PeerId(1 + random.nextInt(3));
                long at = random.nextInt(50);
                switch (random.nextInt(6)) {
                  case 0 -> {
                    timers.cancel(timer, peer);
                    model.remove(new TimerTable.Due(timer, peer));
                  }
                  case 1 -> {
                    timers.cancel(timer);
                    model.remove(new TimerTable.Due(timer, null));
                  }
                  case 2 -> {
                    timers.cancelAll(peer);
                    model.keySet().removeIf(due -> peer.equals(due.peer()));
                  }
                  case 3 -> {
                    timers.set(timer, at);
                    model.remove(new TimerTable.Due(timer, null));
                    model.put(new TimerTable.Due(timer, null), at);
                  }
                  default -> {
                    timers.set(timer, peer, at);
                    model.remove(new TimerTable.Due(timer, peer));
                    model.put(new TimerTable.Due(timer, peer), at);
                  }
                }
                assertThat(timers.isSet(timer)).isEqualTo(model.containsKey(due(timer)));
              }
              List<TimerTable.Due> expected = new ArrayList<>(model.keySet());
              expected.sort(Comparator.comparing(model::get));
              List<TimerTable.Due> taken = new ArrayList<>();
              TimerTable.Due next = timers.takeDue(50);
              while (next != null) {
                taken.add(next);
                next = timers.takeDue(50);
              }
              assertThat(taken).isEqualTo(expected);
            });
  }

  private static TimerTable.Due due(Timer timer) {
    return new TimerTable.Due(timer, null);
  }
}
