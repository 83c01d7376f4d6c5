package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed loses nothing that it acknowledged; hundreds more in {@code .ci/run}.
 */
class KillTest {
  private static final int KILLS = Integer.getInteger("chaincore.kills", 20);

  @TempDir Path directory;

  @Test
  void kill_anywhere_losesNothingAcknowledged() {
    long seed = Long.getLong("chaincore.seed", 1);
    KillCycles.Counts counts = KillCycles.run(KILLS, seed, directory);
    System.out.printf(
        "%d kills with seed %d, %d of them in recovery; %d blocks acknowledged, 0 lost; coins, undo"
            + " data and indexes after each those of a clean node; pruned up to height %d%n",
        counts.kills(), seed, counts.inRecovery(), counts.acknowledged(), counts.deepestPruned());
    counts.places().forEach((place, count) -> System.out.printf("  %4d  %s%n", count, place));
    assertThat(counts.acknowledged()).isGreaterThan(KILLS);
    assertThat(counts.inRecovery()).isGreaterThanOrEqualTo(KILLS / 10);
  }
}
