package org.chaincore.core.lock;

/**
 * What happened at one lock since its registry was made. Read while threads run, so the numbers are
 * each right but not all of the same instant. Immutable.
 *
 * @param name the lock's
 * @param rank the lock's
 * @param readAcquisitions reads that were let in; a reentrant acquire is not counted
 * @param writeAcquisitions writes that were let in, counted the same way
 * @param waits what the contended acquires came to
 * @param inversions acquires of this lock against the order, and upgrades
 * @param readHolds how long it was held for reading
 * @param writeHolds how long it was held for writing
 */
public record LockStats(
    String name,
    LockRank rank,
    long readAcquisitions,
    long writeAcquisitions,
    Waits waits,
    long inversions,
    HoldTimes readHolds,
    HoldTimes writeHolds) {
  /**
   * The acquires that had to queue.
   *
   * @param reads how many reads
   * @param writes how many writes
   * @param totalNanos the time they waited, all together
   * @param maxReadNanos the longest wait of a read
   * @param maxWriteNanos the longest wait of a write
   * @param timeouts those that ended with a timeout
   * @param interrupts those that ended with an interrupt
   * @param deadlocks those that gave up for a deadlock
   */
  public record Waits(
      long reads,
      long writes,
      long totalNanos,
      long maxReadNanos,
      long maxWriteNanos,
      long timeouts,
      long interrupts,
      long deadlocks) {}

  public long acquisitions() {
    return readAcquisitions + writeAcquisitions;
  }

  /** How many acquires had to queue. */
  public long contentions() {
    return waits.reads + waits.writes;
  }
}
