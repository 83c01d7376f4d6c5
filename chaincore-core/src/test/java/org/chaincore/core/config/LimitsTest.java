package org.chaincore.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every limit at its edges: the last value that is taken and the first that is not. */
class LimitsTest {
  static Stream<Arguments> refused() {
    MempoolLimits mempool = MempoolLimits.DEFAULT;
    OrphanLimits orphans = OrphanLimits.DEFAULT;
    return Stream.of(
        bad("maxWeight outside 40000..4000000: 39999", () -> new BlockLimits(39_999, 80, 36)),
        bad("maxWeight outside 40000..4000000: 4000001", () -> new BlockLimits(4_000_001, 80, 36)),
        bad(
            "maxSignatureOperationsCost outside 80..1000000: 79",
            () -> new BlockLimits(40_000, 79, 36)),
        bad("maxDataOutputBytes outside 36..100000: 35", () -> new BlockLimits(40_000, 80, 35)),
        bad(
            "maxLegacyHashedBytes outside 1000000..2147483647: 999999",
            () -> new BlockLimits(40_000, 80, 36, 999_999)),
        bad("targetBlockSeconds outside 1..86400: 0", () -> new TimeRules(0, 1, 1)),
        bad("medianSpanBlocks outside 1..101: 0", () -> new TimeRules(1, 0, 1)),
        bad("medianSpanBlocks outside 1..101: 102", () -> new TimeRules(1, 102, 1)),
        bad("maxFutureSeconds outside 1..86400: 86401", () -> new TimeRules(1, 1, 86_401)),
        bad("maxVirtualBytes outside", () -> new MempoolLimits(999, 0, 1, 1_000, 1)),
        bad("minFeePerKilobyte outside", () -> new MempoolLimits(1_000, -1, 1, 1_000, 1)),
        bad("maxChain outside", () -> new MempoolLimits(1_000, 0, 0, 1_000, 1)),
        bad("maxChainVirtualBytes outside", () -> new MempoolLimits(1_000, 0, 1, 999, 1)),
        bad("expirySeconds outside", () -> new MempoolLimits(1_000, 0, 1, 1_000, 0)),
        bad("maxBlocks outside 1..10000: 0", () -> new OrphanLimits(0, 10_000, 0, 0, 1)),
        bad("maxBlockBytes outside", () -> new OrphanLimits(1, 9_999, 0, 0, 1)),
        bad("reservedBlocksPerSource outside 0..1: 2", () -> new OrphanLimits(1, 10_000, 2, 0, 1)),
        bad("maxTransactions outside", () -> new OrphanLimits(1, 10_000, 0, -1, 1)),
        bad("expirySeconds outside 1..86400: 0", () -> new OrphanLimits(1, 10_000, 0, 0, 0)),
        bad("maxReorgDepthBlocks outside", () -> new PolicyLimits(mempool, orphans, 0, 1, 2)),
        bad("keptEvents outside", () -> new PolicyLimits(mempool, orphans, 1, 0, 2)),
        bad("rememberedTransactions outside", () -> new PolicyLimits(mempool, orphans, 1, 1, 1)));
  }

  private static Arguments bad(String message, ThrowingCallable limits) {
    return Arguments.of(message, limits);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void new_outsideTheRange_isRefusedWithNameRangeAndValue(String message, ThrowingCallable limits) {
    assertThatThrownBy(limits)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageMatching("\\w+ outside -?\\d+\\.\\.\\d+: -?\\d+");
  }

  @Test
  void new_atTheEdges_isTaken() {
    assertThat(new BlockLimits(40_000, 80, 36)).isNotNull();
    assertThat(new BlockLimits(4_000_000, 1_000_000, 100_000, 1_000_000)).isNotNull();
    assertThat(new TimeRules(1, 1, 1)).isNotNull();
    assertThat(new TimeRules(86_400, 101, 86_400)).isNotNull();
    assertThat(new OrphanLimits(1, 10_000, 1, 0, 1)).isNotNull();
    assertThat(new MempoolLimits(1_000, 0, 1, 1_000, 1)).isNotNull();
  }

  @Test
  void with_otherValues_changesOnlyThose() {
    MempoolLimits mempool = new MempoolLimits(1_000, 0, 1, 1_000, 1);
    PolicyLimits changed = PolicyLimits.DEFAULT.withMempool(mempool).withMaxReorgDepth(7);

    assertThat(changed)
        .isEqualTo(new PolicyLimits(mempool, OrphanLimits.DEFAULT, 7, 10_000, 100_000));
  }
}
