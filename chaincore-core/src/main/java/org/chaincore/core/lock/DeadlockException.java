package org.chaincore.core.lock;

/**
 * The acquire that closed a deadlock gives up with this, so that the others in it can go on. The
 * caller holds what it held before; it should let go of it.
 */
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final transient DeadlockReport report;

  DeadlockException(DeadlockReport report) {
    super(report.toString());
    this.report = report;
  }

  public DeadlockReport report() {
    return report;
  }
}
