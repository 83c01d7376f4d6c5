package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order of service, with a clock that stands still until a test moves it. */
@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // the tests take locks one by one on purpose
final class TurnstileTest {
  private static final long TURN = 1_000_000_000_000L;

  private final AtomicLong clock = new AtomicLong(5);
  private final List<String> served = Collections.synchronizedList(new ArrayList<>());

  /** Shuts its gate as soon as somebody waits. */
  private Turnstile strict() {
    return new Turnstile(LockSettings.defaults().turn(Duration.ZERO).writersInARow(2), clock::get);
  }

  private Turnstile withTurns() {
    return new Turnstile(LockSettings.defaults().turn(Duration.ofNanos(TURN)), clock::get);
  }

  /** A thread that waits its turn, says so, and leaves. */
  private Crew.Hand queue(
      Crew crew, Turnstile turnstile, String name, boolean write, LockPriority priority) {
    int before = turnstile.waiting().size();
    Crew.Hand hand =
        crew.start(
            name,
            () -> {
              Waiter waiter = new Waiter(Thread.currentThread(), write, priority, false);
              turnstile.await(waiter, true, 0, Turnstile.NEVER, () -> {});
              served.add(name);
              if (write) {
                turnstile.releaseWrite();
              } else {
                turnstile.releaseRead();
              }
            });
    Crew.until(name + " waits", () -> turnstile.waiting().size() > before);
    return hand;
  }

  private static void finish(List<Crew.Hand> hands) throws Exception {
    for (Crew.Hand hand : hands) {
      hand.finish();
    }
  }

  @Test
  void tryRead_writerWaits_isRefusedOnceTheGateIsShut() throws Exception {
    Turnstile turnstile = strict();
    assertThat(turnstile.tryRead()).isTrue();
    try (Crew crew = new Crew()) {
      Crew.Hand writer = queue(crew, turnstile, "W", true, LockPriority.CONSENSUS);
      Crew.until("the gate is shut", turnstile::isShut);
      assertThat(turnstile.tryRead()).isFalse();
      assertThat(turnstile.tryWrite()).isFalse();
      turnstile.releaseRead();
      writer.finish();
    }
    Crew.until("the gate is open", () -> !turnstile.isShut());
    assertThat(turnstile.tryWrite()).isTrue();
  }

  @Test
  void tryRead_writerWaitsWithinTheTurn_mayOvertakeUntilTheTurnIsOver() throws Exception {
    Turnstile turnstile = withTurns();
    // The first gate shuts at once, because no turn has begun; served, a turn begins.
    assertThat(turnstile.tryRead()).isTrue();
    try (Crew crew = new Crew()) {
      Crew.Hand first = queue(crew, turnstile, "W1", true, LockPriority.CONSENSUS);
      Crew.until("the gate is shut", turnstile::isShut);
      turnstile.releaseRead();
      first.finish();
      Crew.until("the gate is open", () -> !turnstile.isShut());
      assertThat(turnstile.tryRead()).isTrue();
      Crew.Hand second = queue(crew, turnstile, "W2", true, LockPriority.CONSENSUS);
      for (int i = 0; i < 1000; i++) {
        assertThat(turnstile.tryRead()).isTrue();
        turnstile.releaseRead();
      }
      clock.addAndGet(TURN);
      int overtakers = 0;
      while (turnstile.tryRead()) {
        turnstile.releaseRead();
        overtakers++;
      }
      // Nobody looked at the clock but the newcomers, one in 32 of them.
      assertThat(overtakers).isLessThanOrEqualTo(32);
      turnstile.releaseRead();
      second.finish();
    }
  }

  @Test
  void tryWrite_lockFreeWithinTheTurn_mayOvertake() throws Exception {
    Turnstile turnstile = withTurns();
    assertThat(turnstile.tryRead()).isTrue();
    try (Crew crew = new Crew()) {
      Crew.Hand first = queue(crew, turnstile, "W1", true, LockPriority.CONSENSUS);
      Crew.until("the gate is shut", turnstile::isShut);
      turnstile.releaseRead();
      first.finish();
      Crew.until("the gate is open", () -> !turnstile.isShut());
      // The waiter looks now and then itself, so it may be faster than the newcomer.
      for (int i = 0; i < 200; i++) {
        if (turnstile.tryWrite()) {
          queue(crew, turnstile, "R" + i, false, LockPriority.CONSENSUS);
          turnstile.releaseWrite();
          if (turnstile.tryWrite()) {
            turnstile.releaseWrite();
          }
        }
      }
      Crew.until("all readers are served", () -> turnstile.waiting().isEmpty());
    }
    Crew.until("nobody is in", () -> turnstile.readers() == 0);
    assertThat(turnstile.isWriterInside()).isFalse();
  }

  @Test
  void advance_readersBehindWriters_waitForTwoWritersOnly() throws Exception {
    Turnstile turnstile = strict();
    assertThat(turnstile.tryWrite()).isTrue();
    try (Crew crew = new Crew()) {
      List<Crew.Hand> hands = new ArrayList<>();
      hands.add(queue(crew, turnstile, "W1", true, LockPriority.CONSENSUS));
      Crew.until("the gate is shut", turnstile::isShut);
      // These come late, so they are for the next round, unless readers go along.
      for (String name : List.of("W2", "W3", "R1", "W4")) {
        hands.add(queue(crew, turnstile, name, name.startsWith("W"), LockPriority.CONSENSUS));
      }
      turnstile.releaseWrite();
      finish(hands);
    }
    assertThat(served).contains("W1", "W2", "W3", "W4", "R1");
    assertThat(served.get(0)).isEqualTo("W1");
    // With the gate open again after W1, the reader is let in at once and not behind W2 and W3.
    assertThat(served.indexOf("R1")).isLessThan(served.indexOf("W4"));
  }

  @Test
  void advance_roundOfManyWriters_letsReadersInAfterTwo() throws Exception {
    AtomicLong now = new AtomicLong(5);
    LockSettings settings = LockSettings.defaults().turn(Duration.ofNanos(TURN)).writersInARow(2);
    Turnstile turnstile = new Turnstile(settings, now::get);
    assertThat(turnstile.tryRead()).isTrue();
    try (Crew crew = new Crew()) {
      Crew.Hand first = queue(crew, turnstile, "W0", true, LockPriority.CONSENSUS);
      Crew.until("the gate is shut", turnstile::isShut);
      turnstile.releaseRead();
      first.finish();
      Crew.until("the gate is open", () -> !turnstile.isShut());
      // A turn has begun: all of these come before the gate is shut again.
      assertThat(turnstile.tryWrite()).isTrue();
      List<Crew.Hand> hands = new ArrayList<>();
      for (String name : List.of("W1", "W2", "W3", "R1", "R2", "W4")) {
        hands.add(queue(crew, turnstile, name, name.startsWith("W"), LockPriority.CONSENSUS));
      }
      now.addAndGet(TURN);
      Crew.until("the gate is shut", turnstile::isShut);
      turnstile.releaseWrite();
      finish(hands);
    }
    assertThat(served.subList(0, 3)).containsExactly("W0", "W1", "W2");
    assertThat(served.subList(3, 5)).containsExactlyInAnyOrder("R1", "R2");
    assertThat(served.subList(5, 7)).containsExactly("W3", "W4");
  }

  @Test
  void advance_consensusBehindApi_goesFirst() throws Exception {
    Turnstile turnstile = strict();
    assertThat(turnstile.tryWrite()).isTrue();
    try (Crew crew = new Crew()) {
      List<Crew.Hand> hands = new ArrayList<>();
      hands.add(queue(crew, turnstile, "api", true, LockPriority.API));
      Crew.until("the gate is shut", turnstile::isShut);
      hands.add(queue(crew, turnstile, "consensus", true, LockPriority.CONSENSUS));
      turnstile.releaseWrite();
      finish(hands);
    }
    assertThat(served).containsExactly("consensus", "api");
  }

  @Test
  void advance_floodOfConsensus_passesAnApiWaiterABoundedNumberOfTimes() throws Exception {
    Turnstile turnstile = strict();
    assertThat(turnstile.tryWrite()).isTrue();
    try (Crew crew = new Crew()) {
      List<Crew.Hand> hands = new ArrayList<>();
      hands.add(queue(crew, turnstile, "api", true, LockPriority.API));
      Crew.until("the gate is shut", turnstile::isShut);
      for (int i = 0; i < 3 * WaitingLine.MAX_PASSES; i++) {
        hands.add(queue(crew, turnstile, "C" + i, true, LockPriority.CONSENSUS));
      }
      turnstile.releaseWrite();
      finish(hands);
    }
    assertThat(served.indexOf("api")).isEqualTo(WaitingLine.MAX_PASSES);
  }

  @Test
  void releaseWrite_manyReadersWait_allAreServed() throws Exception {
    Turnstile turnstile = strict();
    assertThat(turnstile.tryWrite()).isTrue();
    try (Crew crew = new Crew()) {
      List<Crew.Hand> hands = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        hands.add(queue(crew, turnstile, "R" + i, false, LockPriority.CONSENSUS));
      }
      Crew.until("the gate is shut", turnstile::isShut);
      turnstile.releaseWrite();
      finish(hands);
    }
    assertThat(served).hasSize(50);
    assertThat(turnstile.readers()).isZero();
  }
}
