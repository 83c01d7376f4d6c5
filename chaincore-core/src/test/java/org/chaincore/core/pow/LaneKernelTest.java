package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;

final class LaneKernelTest {
  private static final int GENESIS_NONCE = 2_083_236_893;

  private static BlockHeader randomHeader(RandomGenerator random, int bits) {
    return BlockHeader.of(
        random.nextInt(),
        randomHash(random),
        randomHash(random),
        random.nextLong(1L << 32),
        bits,
        0);
  }

  private static Hash256 randomHash(RandomGenerator random) {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static NonceKernel digest(BlockHeader header) {
    return DigestKernel.of(header, Target.ofBits(header.bits()));
  }

  private static LaneKernel lanes(BlockHeader header) {
    return new LaneKernel(header, Target.ofBits(header.bits()));
  }

  @Test
  void lowest_anyTarget_isWhatTheDigestFinds() {
    int[] everyWidth = {
      0x2100ffff, 0x207fffff, 0x2000ffff, 0x1f7fffff, 0x1f00ffff, 0x1e7fffff, 0x1e0fffff, 0x1d00ffff
    };
    SeededRun.of(150, 3_000)
        .check(
            (random, size) -> {
              int bits = everyWidth[random.nextInt(everyWidth.length)];
              BlockHeader header = randomHeader(random, bits);
              long from = random.nextLong(NonceRange.SPACE - size);
              long to = from + random.nextInt(size + 1);
              assertThat(lanes(header).lowest(from, to)).isEqualTo(digest(header).lowest(from, to));
            });
  }

  @Test
  void lowest_bitcoinsGenesis_isItsNonce() {
    BlockHeader genesis =
        BlockHeader.of(
            1,
            Hash256.ZERO,
            Hash256.parse("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
            1_231_006_505L,
            0x1d00ffff,
            0);
    assertThat(lanes(genesis).lowest(GENESIS_NONCE - 3_000L, GENESIS_NONCE + 3_000L))
        .isEqualTo(GENESIS_NONCE);
    assertThat(lanes(genesis).lowest(GENESIS_NONCE - 3_000L, GENESIS_NONCE))
        .isEqualTo(NonceKernel.NONE);
  }

  @Test
  void lowest_endOfTheSpace_goesNoFurther() {
    BlockHeader hopeless = randomHeader(new java.util.Random(1), 0x03000001);
    assertThat(lanes(hopeless).lowest(NonceRange.SPACE - 100, NonceRange.SPACE))
        .isEqualTo(NonceKernel.NONE);
  }

  @Test
  void lastAgrees_anyStretch_holds() {
    SeededRun.of(50, 100)
        .check(
            (random, size) -> {
              LaneKernel kernel = lanes(randomHeader(random, 0x03000001));
              long from = random.nextLong(NonceRange.SPACE - 2_000);
              assertThat(kernel.lowest(from, from + LaneSteps.LANES)).isEqualTo(NonceKernel.NONE);
              assertThat(kernel.lastAgrees()).isTrue();
            });
  }

  @Test
  void lastAgrees_nothingHashed_isFalse() {
    assertThat(lanes(randomHeader(new java.util.Random(1), 0x03000001)).lastAgrees()).isFalse();
  }
}
