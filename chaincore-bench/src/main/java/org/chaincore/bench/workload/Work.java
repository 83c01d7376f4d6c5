package org.chaincore.bench.workload;

/**
 * A piece of work that can be done again and again. What it needs is made ready first and does not
 * count.
 *
 * @param name who does it
 * @param operations how many operations one run is
 * @param preparation makes a fresh run ready
 */
public record Work(String name, int operations, Preparation preparation) {
  /** Makes one run ready. */
  @FunctionalInterface
  public interface Preparation {
    Run prepare() throws Exception;
  }

  /** One run; what it returns depends on all it did, so that nothing can be left out. */
  @FunctionalInterface
  public interface Run {
    Object run() throws Exception;
  }
}
