package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed loses nothing that it acknowledged; hundreds more in {@code .ci/run}. */
class KillTest {
  private static final int KILLS = 20;

  @TempDir Path directory;

  @Test
  void kill_anywhere_losesNothingAcknowledged() {
    long seed = Long.getLong("chaincore.seed", 1);
    KillCycles.Counts counts = KillCycles.run(KILLS, seed, directory);
    System.out.println("kills with seed " + seed + ": " + counts);
    assertThat(counts.acknowledged()).isPositive();
    assertThat(counts.inRecovery()).isPositive();
  }
}
