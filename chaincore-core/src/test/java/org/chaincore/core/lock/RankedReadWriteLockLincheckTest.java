package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Model checking: Lincheck switches between the threads at every access to shared memory, in many
 * ways, and compares what the operations yield with what some order of them would yield. A wait
 * that nobody ends is found as well.
 */
final class RankedReadWriteLockLincheckTest {
  /** The gate shuts as soon as somebody waits, and no clock and no search disturb the schedule. */
  private static Turnstile turnstile() {
    return new Turnstile(LockSettings.defaults().turn(Duration.ZERO).writersInARow(1), () -> 0L);
  }

  private static void take(Turnstile turnstile, boolean write) {
    if (write ? turnstile.tryWrite() : turnstile.tryRead()) {
      return;
    }
    Waiter waiter = new Waiter(Thread.currentThread(), write, LockPriority.CONSENSUS, false);
    turnstile.await(waiter, false, 0, Turnstile.NEVER, () -> {});
  }

  /** Two numbers that are equal whenever nobody writes. */
  public static final class GuardedPair {
    private final Turnstile turnstile = turnstile();
    private int left;
    private int right;

    @Operation
    public int read() {
      take(turnstile, false);
      int seen = 1000 * left + right;
      turnstile.releaseRead();
      return seen;
    }

    @Operation
    public int increment() {
      take(turnstile, true);
      left++;
      int seen = 1000 * left + ++right;
      turnstile.releaseWrite();
      return seen;
    }

    @Operation
    public int incrementAndStayToRead() {
      take(turnstile, true);
      left++;
      right++;
      turnstile.downgrade();
      int seen = 1000 * left + right;
      turnstile.releaseRead();
      return seen;
    }
  }

  /**
   * The same with turns and a clock that each look moves on, so that waiters take the look-out and
   * leave it, and poll an open gate.
   */
  public static final class GuardedNumber {
    private long now;
    private final Turnstile turnstile =
        new Turnstile(LockSettings.defaults().turn(Duration.ofNanos(400)), () -> now += 10);
    private int number;

    @Operation
    public int read() {
      take(turnstile, false);
      int seen = number;
      turnstile.releaseRead();
      return seen;
    }

    @Operation
    public int increment() {
      take(turnstile, true);
      int seen = ++number;
      turnstile.releaseWrite();
      return seen;
    }
  }

  /** The twin that must fail: it writes under the lock for readers. */
  public static final class WronglyGuardedPair {
    private final Turnstile turnstile = turnstile();
    private int left;

    @Operation
    public int increment() {
      while (!turnstile.tryRead()) {
        Thread.onSpinWait();
      }
      int seen = ++left;
      turnstile.releaseRead();
      return seen;
    }
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .iterations(6)
        .invocationsPerIteration(Integer.getInteger("chaincore.lincheck.invocations", 100));
  }

  @Test
  void operations_underTheLock_areLinearizable() {
    options().check(GuardedPair.class);
  }

  @Test
  void operations_withTurnsAndALookout_areLinearizable() {
    options().iterations(3).check(GuardedNumber.class);
  }

  @Test
  void operations_underTheWrongMode_areFoundOut() {
    assertThatThrownBy(() -> options().check(WronglyGuardedPair.class))
        .isInstanceOf(LincheckAssertionError.class);
  }
}
