package org.chaincore.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FitTest {
  @TempDir private Path directory;

  private static List<Point> points(DoubleUnaryOperator microsOfOne) {
    return IntStream.range(0, 6)
        .map(i -> 100 << i)
        .mapToObj(size -> new Point("made_up", size, microsOfOne.applyAsDouble(size), "a thing"))
        .toList();
  }

  @Test
  void of_costThatIsLevelForEach_isLinear() {
    Fit fit = Fit.of(points(size -> 3));

    assertThat(fit.exponent()).isCloseTo(1, within(1e-9));
    assertThat(fit.isWorse()).isFalse();
  }

  @Test
  void of_logarithmicCostForEach_isNoWorseThanNLogN() {
    Fit fit = Fit.of(points(Math::log));

    assertThat(fit.exponent()).isCloseTo(fit.ofNLogN(), within(1e-9));
    assertThat(fit.isWorse()).isFalse();
  }

  @Test
  void of_costThatGrowsWithTheSize_isWorse() {
    Fit fit = Fit.of(points(size -> size / 7));

    assertThat(fit.exponent()).isCloseTo(2, within(1e-9));
    assertThat(fit.isWorse()).isTrue();
  }

  @Test
  void read_whatWasPrinted_isThePointsWithoutTheFits() throws Exception {
    List<Point> points = points(size -> 0.5);
    Path file = directory.resolve("growth.jsonl");
    Files.write(file, points.stream().map(Point::toJson).toList());
    Files.writeString(
        file, Files.readString(file) + Fit.of(points).toJson() + System.lineSeparator());

    assertThat(Point.read(file)).isEqualTo(points);
  }
}
