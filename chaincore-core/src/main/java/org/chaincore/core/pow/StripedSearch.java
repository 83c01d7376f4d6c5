package org.chaincore.core.pow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.NonceSearch.Cancelled;
import org.chaincore.core.pow.NonceSearch.Exhausted;
import org.chaincore.core.pow.NonceSearch.Found;
import org.chaincore.core.pow.NonceSearch.Result;

/**
 * One search by many workers: worker w of n takes chunks w, w + n, w + 2n, ... A good nonce ends
 * only the chunks above it, so the lowest wins however the workers are scheduled.
 *
 * <p>Thread-safe: the workers share the atomics alone.
 */
final class StripedSearch {
  private static final long NOWHERE = Long.MAX_VALUE;

  private final BlockHeader header;
  private final NonceRange range;
  private final NonceKernel[] kernels;
  private final BooleanSupplier cancelled;
  private final AtomicLong lowestGood = new AtomicLong(NOWHERE);
  private final AtomicLong lowestSkipped = new AtomicLong(NOWHERE);
  private final AtomicBoolean failed = new AtomicBoolean();

  StripedSearch(
      BlockHeader header, NonceRange range, NonceKernel[] kernels, BooleanSupplier cancelled) {
    this.header = header;
    this.range = range;
    this.kernels = kernels;
    this.cancelled = cancelled;
  }

  CompletableFuture<Result> start(Executor executor) {
    CompletableFuture<?>[] workers = new CompletableFuture<?>[kernels.length];
    for (int i = 0; i < kernels.length; i++) {
      workers[i] = startWorker(i, executor);
    }
    return CompletableFuture.allOf(workers).thenApply(ignored -> result());
  }

  private CompletableFuture<?> startWorker(int worker, Executor executor) {
    try {
      return CompletableFuture.runAsync(() -> work(worker), executor);
    } catch (RejectedExecutionException e) {
      failed.set(true);
      return CompletableFuture.failedFuture(e);
    }
  }

  private void work(int worker) {
    boolean done = false;
    try {
      searchStripe(worker);
      done = true;
    } finally {
      if (!done) {
        failed.set(true);
      }
    }
  }

  private void searchStripe(int worker) {
    long chunk = NonceSearch.CHUNK_NONCES;
    for (long from = range.from() + worker * chunk;
        from < range.to() && from < lowestGood.get();
        from += kernels.length * chunk) {
      if (failed.get() || cancelled.getAsBoolean()) {
        lowestSkipped.accumulateAndGet(from, Math::min);
        return;
      }
      long good = kernels[worker].lowest(from, Math.min(from + chunk, range.to()));
      if (good != NonceKernel.NONE) {
        lowestGood.accumulateAndGet(good, Math::min);
        return;
      }
    }
  }

  private Result result() {
    if (lowestGood.get() != NOWHERE) {
      return new Found(header.withNonce((int) lowestGood.get()));
    }
    return lowestSkipped.get() != NOWHERE
        ? new Cancelled(lowestSkipped.get())
        : new Exhausted(range.to());
  }
}
