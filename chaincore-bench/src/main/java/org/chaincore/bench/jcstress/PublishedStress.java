package org.chaincore.bench.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.chaincore.core.lock.Published;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Publication by release and acquire, and the racy twin that shows what it is for. The twin's
 * interesting outcome must come up; {@code .ci/jcstress} fails if it does not, because then the
 * test above it would prove nothing.
 */
public final class PublishedStress {
  private PublishedStress() {}

  /** What the writer prepares before it publishes. The trap spares the compiler a null check. */
  static final class Data {
    int height;
    int trap;
  }

  /** Whoever gets the new number gets what was written before it. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 0", "0, 1", "1, 1"},
      expect = ACCEPTABLE,
      desc = "the data are there")
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "published before it was made")
  public static class ReleaseAcquire {
    private final Data data = new Data();
    private final Published<Boolean> cell = Published.of(false);

    @Actor
    public void writer() {
      data.height = 1;
      cell.set(true);
    }

    @Actor
    public void reader(II_Result result) {
      Data mine = data;
      mine.trap = 0;
      result.r1 = cell.get() ? 1 : 0;
      result.r2 = mine.height;
    }
  }

  /** The same with plain accesses. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 0", "0, 1", "1, 1"},
      expect = ACCEPTABLE,
      desc = "as if it were ordered")
  @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "the race shows")
  public static class RacyTwin {
    /** A cell without any ordering. */
    static final class Cell {
      int value;
      int trap;
    }

    private final Data data = new Data();
    private final Cell cell = new Cell();

    @Actor
    public void writer() {
      data.height = 1;
      cell.value = 1;
    }

    @Actor
    public void reader(II_Result result) {
      Data mine = data;
      Cell shown = cell;
      mine.trap = 0;
      shown.trap = 0;
      result.r1 = shown.value;
      result.r2 = mine.height;
    }
  }
}
