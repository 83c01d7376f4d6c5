package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

final class Field32Test {
  private static final BinaryField MODEL = new BinaryField(Field32.BITS, Field32.MODULUS);

  private static long unsigned(int element) {
    return Integer.toUnsignedLong(element);
  }

  @Test
  void multiply_anyTwo_isTheModelsProduct() {
    SeededRun.of(2_000, Field32.BITS)
        .check(
            (random, size) -> {
              int a = random.nextInt() >>> (Field32.BITS - size);
              int b = random.nextInt();
              assertThat(unsigned(Field32.multiply(a, b)))
                  .isEqualTo(MODEL.multiply(unsigned(a), unsigned(b)));
              LinearMap timesA = new LinearMap();
              timesA.loadMultiplication(a);
              assertThat(timesA.apply(b)).isEqualTo(Field32.multiply(a, b));
            });
  }

  @Test
  void multiply_allBitsSet_isTheModelsProduct() {
    assertThat(unsigned(Field32.multiply(-1, -1)))
        .isEqualTo(MODEL.multiply(0xffff_ffffL, 0xffff_ffffL));
  }

  @Test
  void square_any_isTheProductWithItself() {
    SeededRun.of(500, 1)
        .check(
            (random, size) -> {
              int a = random.nextInt();
              assertThat(Field32.square(a)).isEqualTo(Field32.multiply(a, a));
            });
  }

  @Test
  void inverse_anyButZero_givesOne() {
    SeededRun.of(500, Field32.BITS)
        .check(
            (random, size) -> {
              int a = 1 | random.nextInt() >>> (Field32.BITS - size);
              assertThat(Field32.multiply(a, Field32.inverse(a))).isEqualTo(1);
            });
    assertThat(Field32.inverse(1)).isEqualTo(1);
  }

  @Test
  void solveQuadratic_ofSolvableConstant_givesOneOfTheTwoRoots() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 500; i++) {
      int z = random.nextInt();
      int solution = Field32.solveQuadratic(Field32.square(z) ^ z);
      assertThat(solution).isIn(z, z ^ 1);
    }
  }
}
