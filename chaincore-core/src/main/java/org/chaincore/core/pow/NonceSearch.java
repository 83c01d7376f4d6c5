package org.chaincore.core.pow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.Target;

/**
 * Searches nonces for one that makes a header's hash meet the header's own target. It has no thread
 * of its own: it works in the caller's, or in those of an executor that the caller hands in.
 *
 * <p>However many workers search, the result is the same: the lowest good nonce of the range. Only
 * a search that is cancelled while a worker holds a good nonce may report one that is not the
 * lowest, for a found block is worth more than the order of nonces.
 *
 * <p>Stateless.
 */
public final class NonceSearch {
  /** Nonces between two looks at whether to stop: some milliseconds of work. */
  static final int CHUNK_NONCES = 1 << 14;

  private NonceSearch() {}

  /** How a search ends. */
  public sealed interface Result {}

  /**
   * A header that meets its target.
   *
   * @param header the searched header with the good nonce
   */
  public record Found(BlockHeader header) implements Result {}

  /**
   * No nonce of the range is good.
   *
   * @param nextNonce where to go on: the range's end, which is 2³² when the header must change
   */
  public record Exhausted(long nextNonce) implements Result {
    /** Whether no nonce is left above, so that the header must change in another field. */
    public boolean isWholeSpace() {
      return nextNonce == NonceRange.SPACE;
    }
  }

  /**
   * The search was told to stop.
   *
   * @param nextNonce where to go on: every nonce of the range below it was tried
   */
  public record Cancelled(long nextNonce) implements Result {}

  /**
   * Searches a range in the calling thread.
   *
   * @param cancelled asked every few milliseconds
   * @throws IllegalArgumentException if the header's bits are no target
   */
  public static Result search(BlockHeader header, NonceRange range, BooleanSupplier cancelled) {
    return search(header, range, KernelChoice.digest(), cancelled);
  }

  /** The same, hashing as the choice says; the result does not depend on it. */
  public static Result search(
      BlockHeader header, NonceRange range, KernelChoice choice, BooleanSupplier cancelled) {
    NonceKernel kernel = choice.kernel(header, Target.ofBits(header.bits()));
    long next = range.from();
    while (next < range.to()) {
      if (cancelled.getAsBoolean()) {
        return new Cancelled(next);
      }
      long end = Math.min(next + CHUNK_NONCES, range.to());
      long good = kernel.lowest(next, end);
      if (good != NonceKernel.NONE) {
        return new Found(header.withNonce((int) good));
      }
      next = end;
    }
    return new Exhausted(next);
  }

  /**
   * Searches a range in {@code workers} tasks of an executor. The workers take chunks in turn, so
   * that the division of work is fixed, and finish the chunks below a good nonce before they report
   * it.
   *
   * @param cancelled asked every few milliseconds by every worker
   * @return completes in the thread of the last worker to end; exceptionally if {@code cancelled}
   *     throws or the executor refuses a worker. To cancel the future does not stop the workers.
   * @throws IllegalArgumentException if the header's bits are no target
   */
  public static CompletableFuture<Result> parallel(
      BlockHeader header, NonceRange range, Workers workers, BooleanSupplier cancelled) {
    Target target = Target.ofBits(header.bits());
    NonceKernel[] kernels = new NonceKernel[workers.count()];
    for (int i = 0; i < kernels.length; i++) {
      kernels[i] = workers.choice().kernel(header, target);
    }
    return new StripedSearch(header, range, kernels, cancelled).start(workers.executor());
  }

  /**
   * Who searches in parallel.
   *
   * @param executor whose threads work
   * @param count in how many tasks, 1 to 1024
   * @param choice what they hash with
   */
  public record Workers(Executor executor, int count, KernelChoice choice) {
    public Workers {
      Parameters.check("workers", count, 1, 1024);
    }

    /** Workers that use the JDK's digest. */
    public static Workers of(Executor executor, int count) {
      return new Workers(executor, count, KernelChoice.digest());
    }
  }
}
