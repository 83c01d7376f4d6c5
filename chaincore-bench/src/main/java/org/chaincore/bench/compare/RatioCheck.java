package org.chaincore.bench.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the ratios of two runs of {@link SideBySide}, never their absolute figures: prints what
 * moved, and fails if something fell out of a wide band, which noise does not leave and a lost
 * optimisation does.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.compare.RatioCheck
 * docs/bench/ratios.jsonl MEASURED}; exit code 1 if a ratio fell or is missing, unless it is one to
 * C, which needs a compiler.
 */
public final class RatioCheck {
  /** A ratio may fall to this part of what it was. */
  private static final double FLOOR = 0.4;

  /** What moved by less is not worth a word. */
  private static final double QUIET = 0.15;

  private static final String COMPILED = "limit: C ";

  private RatioCheck() {}

  /** Checks the second file against the first. */
  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      System.err.println("wanted: KNOWN MEASURED");
      System.exit(2);
    }
    List<Ratio> known = Ratio.read(Path.of(args[0]));
    List<Ratio> measured = Ratio.read(Path.of(args[1]));
    int fallen = 0;
    for (Ratio was : known) {
      Optional<Ratio> now = measured.stream().filter(was::isLike).findFirst();
      if (now.isEmpty() && was.peerName().startsWith(COMPILED)) {
        System.out.println("not measured: " + was.metric() + " beside " + was.peerName());
        continue;
      }
      double change = now.map(ratio -> ratio.ratio() / was.ratio()).orElse(0.0);
      boolean hasFallen = change < FLOOR;
      fallen += hasFallen ? 1 : 0;
      if (hasFallen || Math.abs(change - 1) > QUIET) {
        System.out.printf(
            Locale.ROOT,
            "%s %s beside %s (%s): %.2f, was %.2f%n",
            hasFallen ? "FELL" : "moved",
            was.metric(),
            was.peerName(),
            was.unit(),
            now.map(Ratio::ratio).orElse(0.0),
            was.ratio());
      }
    }
    System.out.printf(Locale.ROOT, "ratios compared: %d, fallen: %d%n", known.size(), fallen);
    if (fallen > 0) {
      System.exit(1);
    }
  }
}
