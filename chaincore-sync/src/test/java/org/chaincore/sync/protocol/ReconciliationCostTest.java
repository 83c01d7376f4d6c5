package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.protocol.TwoNodes.Sent;
import org.chaincore.sync.protocol.TwoNodes.Side;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What it costs two nodes that have just met to make their mempools equal, transactions apart. They
 * share some transactions, half of the others is on each side, and nothing is known of how many.
 */
final class ReconciliationCostTest {
  private static final int SHARED = 300;

  /** A sum of a sketch and an id that is asked for, where sketches are filled by half at worst. */
  private static final double MOST_A_DIFFERENCE = 9;

  /** An announcement and a request, for each transaction by its full id. */
  private static final double PLAIN_A_DIFFERENCE = 72;

  @ParameterizedTest
  @ValueSource(ints = {100, 300, 1_000, 3_000})
  void reconcile_nodesThatHaveJustMet_costsLittleForADifference(int differences) {
    TwoNodes two = TwoNodes.withPayments(SHARED + differences);
    int half = SHARED + differences / 2;
    two.pays(Side.LEFT, 0, half);
    two.pays(Side.RIGHT, 0, SHARED);
    two.pays(Side.RIGHT, half, SHARED + differences);
    two.connect();

    two.happens(Side.LEFT, new Input.TaskRequested(SyncTask.MEMPOOL, 1));
    two.pass(Duration.ofSeconds(10).toMillis());

    assertThat(two.mempool(Side.LEFT))
        .isEqualTo(two.mempool(Side.RIGHT))
        .hasSize(SHARED + differences);
    List<Sent> frames = two.taken();
    int sketches = bytesOf(frames, SketchMessage.class);
    int rounds =
        sketches
            + bytesOf(frames, ReconcileRequest.class)
            + bytesOf(frames, SketchExtensionRequest.class)
            + bytesOf(frames, BisectionRequest.class)
            + bytesOf(frames, ReconcileDifference.class);
    // What the send queues do not hold is announced and asked for.
    int names = bytesOf(frames, Inventory.class) + bytesOf(frames, GetData.class);
    System.out.printf(
        "%d differences: %d bytes for finding them, %d of it sketches; %d for what did not fit into"
            + " the send queues%n",
        differences, rounds, sketches, names);
    assertThat(rounds).isLessThan((int) (MOST_A_DIFFERENCE * differences));
    assertThat(rounds + names).isLessThan((int) (PLAIN_A_DIFFERENCE * differences));
    assertThat(two.protocol(Side.LEFT).mempoolSync().fallbackInventories()).isZero();
  }

  private static int bytesOf(List<Sent> frames, Class<?> kind) {
    return frames.stream()
        .filter(frame -> kind.isInstance(frame.message()))
        .mapToInt(Sent::bytes)
        .sum();
  }
}
