package org.chaincore.core.script;

import java.util.concurrent.Executor;

/**
 * Who checks signatures beside the thread that asks for it. Immutable.
 *
 * <p>The executor is a help and never a condition: what it refuses, runs late or does not run at
 * all is done by the calling thread, and the result is the same. It must not block in {@code
 * execute}. A task takes up checks of one call until there are none left and never outlives the
 * call; one that is run later does nothing. It takes no lock of the engine.
 *
 * @param executor whose threads help
 * @param count how many threads check at once, the calling one among them
 */
public record SignatureWorkers(Executor executor, int count) {
  /** Nobody: the calling thread checks everything. */
  public static final SignatureWorkers NONE = new SignatureWorkers(Runnable::run, 1);

  /** More threads than machines have cores would only be tasks in the host's queue. */
  private static final int MAX_COUNT = 1_024;

  public SignatureWorkers {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("workers outside 1.." + MAX_COUNT + ": " + count);
    }
  }
}
