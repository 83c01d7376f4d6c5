package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // the tests take locks one by one on purpose
final class AtomicSectionTest {
  private final LockRegistry registry = LockRegistry.create();
  private final RankedReadWriteLock chain = registry.lock("chain", LockRank.CHAIN);
  private final RankedReadWriteLock utxo = registry.lock("utxo", LockRank.UTXO);
  private final RankedReadWriteLock mempool = registry.lock("mempool", LockRank.MEMPOOL);
  private final AtomicSection section =
      AtomicSection.empty().reading(mempool).writing(chain).writing(utxo);
  private final List<String> done = new ArrayList<>();

  @Test
  void run_locksNamedInAnyOrder_areHeldInRankOrder() {
    String result =
        section.run(
            steps -> {
              assertThat(registry.heldByCurrentThread())
                  .containsExactly("chain", "utxo", "mempool");
              assertThat(chain.isWriteHeldByCurrentThread()).isTrue();
              assertThat(mempool.isWriteHeldByCurrentThread()).isFalse();
              return "done";
            });
    assertThat(result).isEqualTo("done");
    assertThat(registry.heldByCurrentThread()).isEmpty();
  }

  @Test
  void run_failingStep_undoesOnlyTheStepsThatRanInReverse() {
    assertThatThrownBy(
            () ->
                section.run(
                    steps -> {
                      steps.run(() -> done.add("1"), () -> undo("1"));
                      steps.run(() -> done.add("2"), () -> undo("2"));
                      steps.run(
                          () -> {
                            throw new IllegalArgumentException("third");
                          },
                          () -> undo("3"));
                      return done;
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("third");
    assertThat(done).containsExactly("1", "2", "undo 2", "undo 1");
    assertThat(registry.heldByCurrentThread()).isEmpty();
  }

  private void undo(String step) {
    assertThat(registry.heldByCurrentThread()).containsExactly("chain", "utxo", "mempool");
    done.add("undo " + step);
  }

  @Test
  void run_failingUndo_isSuppressedAndTheOthersRun() {
    assertThatThrownBy(
            () ->
                section.run(
                    steps -> {
                      steps.ran(() -> undo("1"));
                      steps.ran(
                          () -> {
                            throw new IllegalStateException("undo 2");
                          });
                      throw new IOException("disk");
                    }))
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(done).containsExactly("undo 1");
    assertThat(registry.heldByCurrentThread()).isEmpty();
  }

  @Test
  void run_success_undoesNothing() {
    section.run(
        steps -> {
          steps.run(() -> done.add("1"), () -> undo("1"));
          return done;
        });
    assertThat(done).containsExactly("1");
  }

  @Test
  void run_oneLockAgainstTheOrder_givesBackTheOthersAndRunsNothing() {
    utxo.readLock().lock();
    assertThatThrownBy(() -> AtomicSection.empty().reading(chain).reading(mempool).run(s -> done))
        .isInstanceOf(LockOrderException.class);
    assertThatThrownBy(() -> AtomicSection.empty().writing(utxo).reading(mempool).run(s -> done))
        .isInstanceOf(LockOrderException.class);
    assertThat(registry.heldByCurrentThread()).containsExactly("utxo");
    utxo.readLock().unlock();
  }

  @Test
  void tryRun_oneLockNotHadInTime_takesNone() throws Exception {
    try (Crew crew = new Crew()) {
      utxo.readLock().lock();
      crew.run(
          () -> {
            assertThat(section.tryRun(Duration.ofMillis(5), steps -> done.add("ran"))).isEmpty();
            assertThat(registry.heldByCurrentThread()).isEmpty();
          });
      utxo.readLock().unlock();
      assertThat(done).isEmpty();
      crew.run(
          () -> assertThat(section.tryRun(Duration.ofSeconds(5), steps -> "yes")).contains("yes"));
    }
  }

  @Test
  void with_sameLockTwice_isRefused() {
    assertThatThrownBy(() -> section.reading(chain)).isInstanceOf(IllegalArgumentException.class);
    assertThat(section)
        .hasToString(
            "AtomicSection[write of chain [CHAIN/100], write of utxo [UTXO/200],"
                + " read of mempool [MEMPOOL/300]]");
  }
}
