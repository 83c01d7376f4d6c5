package org.chaincore.core.script;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run over the signature checks of many inputs by the calling thread and those that help it.
 *
 * <p>The checks are cut into chunks, and whoever is there takes the next one. The calling thread
 * takes part, so that a run ends whatever the helpers do: they may never start. When no chunk is
 * left it shuts the {@link Door}: a helper that comes later finds nothing, and one that is inside
 * is waited for, at most for one chunk. A chunk that a helper has left unfinished, by an error of
 * its own thread, is checked again here.
 *
 * <p>Chunks are taken in order, so when one has failed all before it are taken and will be
 * finished, and those behind it do not matter: the lowest failure is always found.
 */
final class SharedChecks {
  /**
   * Checks that are taken at once: a millisecond of work, against which taking them costs nothing,
   * and for so long a helper may hold up the end of a run.
   */
  static final int CHUNK = 16;

  private final List<Check> checks;
  private final Supplier<InputVerifier> verifiers;
  private final int chunks;
  private final AtomicInteger nextChunk = new AtomicInteger();
  private final AtomicInteger lowestFailed;

  /** Each written by the one thread that has the chunk, and read behind the shut door. */
  private final boolean[] isDone;

  private final BatchVerifier.@Nullable Failure[] failures;

  /**
   * The check of one input.
   *
   * @param transaction the place of its transaction
   * @param input what is signed
   * @param hashes the transaction's, of the calling thread
   */
  record Check(int transaction, InputVerifier.SignedInput input, SignatureHasher hashes) {}

  /**
   * A run to be.
   *
   * @param checks in the order in which failures count; not changed meanwhile
   * @param verifiers makes one for each helper
   */
  SharedChecks(List<Check> checks, Supplier<InputVerifier> verifiers) {
    this.checks = checks;
    this.verifiers = verifiers;
    this.chunks = (checks.size() + CHUNK - 1) / CHUNK;
    this.lowestFailed = new AtomicInteger(chunks);
    this.isDone = new boolean[chunks];
    this.failures = new BatchVerifier.Failure[chunks];
  }

  /** Checks all, once, and returns the first failure. */
  BatchVerifier.@Nullable Failure run(InputVerifier own, SignatureWorkers workers) {
    Worker here = new Worker(own);
    Door door = new Door(this);
    try {
      callHelpers(door, workers);
      here.work();
    } finally {
      door.shut();
    }
    for (int chunk = 0; chunk < chunks && chunk <= lowestFailed.get(); chunk++) {
      if (!isDone[chunk]) {
        here.check(chunk);
      }
    }
    return lowestFailed.get() < chunks ? failures[lowestFailed.get()] : null;
  }

  private void callHelpers(Door door, SignatureWorkers workers) {
    int helpers = Math.min(workers.count(), chunks) - 1;
    try {
      for (int i = 0; i < helpers; i++) {
        workers.executor().execute(door);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      // A queue that is full, an executor that was shut down or is broken, or a system that gives
      // it
      // no thread, which the JVM calls a want of memory: the calling thread is there, and does what
      // was left undone.
    }
  }

  /** One thread at work. */
  private final class Worker {
    private final InputVerifier verifier;

    /** Of the transaction that was checked last: what was hashed for it is carried on. */
    private @Nullable SignatureHasher theirs;

    private @Nullable SignatureHasher ours;

    Worker(InputVerifier verifier) {
      this.verifier = verifier;
    }

    void work() {
      int chunk = nextChunk.getAndIncrement();
      while (chunk < chunks && chunk < lowestFailed.get()) {
        check(chunk);
        chunk = nextChunk.getAndIncrement();
      }
    }

    void check(int chunk) {
      int end = Math.min((chunk + 1) * CHUNK, checks.size());
      for (int i = chunk * CHUNK; i < end; i++) {
        Check check = checks.get(i);
        ScriptFailure failure = verifier.check(check.input, hashes(check.hashes));
        if (failure != null) {
          failures[chunk] = new BatchVerifier.Failure(check.transaction, failure);
          lowestFailed.accumulateAndGet(chunk, Math::min);
          break;
        }
      }
      isDone[chunk] = true;
    }

    private SignatureHasher hashes(SignatureHasher wanted) {
      SignatureHasher made = ours;
      if (made == null || theirs != wanted) {
        made = verifier.beside(wanted);
        theirs = wanted;
        ours = made;
      }
      return made;
    }
  }

  /**
   * Through which helpers come to a run. It is all that a task holds which an executor runs too
   * late, or never. Thread-safe.
   */
  private static final class Door implements Runnable {
    private @Nullable SharedChecks run;
    private int inside;

    Door(SharedChecks run) {
      this.run = run;
    }

    @Override
    public void run() {
      SharedChecks entered = enter();
      if (entered != null) {
        try {
          entered.new Worker(entered.verifiers.get()).work();
        } finally {
          leave();
        }
      }
    }

    private synchronized @Nullable SharedChecks enter() {
      if (run != null) {
        inside++;
      }
      return run;
    }

    private synchronized void leave() {
      inside--;
      notifyAll();
    }

    /**
     * Lets nobody in any more and waits for those who are inside. An interrupt is kept for later:
     * they need little time, and the calling thread must not leave while they work.
     */
    synchronized void shut() {
      run = null;
      boolean wasInterrupted = false;
      while (inside > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
