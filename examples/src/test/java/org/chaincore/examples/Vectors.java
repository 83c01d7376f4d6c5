package org.chaincore.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One folder of data that nobody in this project wrote, read in place from {@code
 * -Dchaincore.vectors}. Where it is missing the test is skipped and says so. What ran is appended
 * to the file named by {@code -Dchaincore.vectors.report}, in the lines that core's tests write.
 */
final class Vectors {
  private final String folder;
  private final Path path;

  private Vectors(String folder, Path path) {
    this.folder = folder;
    this.path = path;
  }

  /** The folder; skips the calling test if it is not there. */
  static Vectors in(String folder) {
    Path root = Path.of(System.getProperty("chaincore.vectors", "../../shared/vectors"));
    Path path = root.resolve(folder);
    boolean present = Files.isDirectory(path);
    if (!present) {
      report(folder + " missing");
    }
    assumeTrue(
        present,
        () -> "vectors missing: " + path + " (name their place with -Dchaincore.vectors=DIR)");
    return new Vectors(folder, path);
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** Says how many cases of a file were run. */
  void ran(String what, int ran) {
    report(folder + " ran=" + ran + " skipped=0 " + what);
  }

  private static void report(String line) {
    String report = System.getProperty("chaincore.vectors.report", "");
    if (report.isEmpty()) {
      return;
    }
    try {
      Path file = Path.of(report);
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
