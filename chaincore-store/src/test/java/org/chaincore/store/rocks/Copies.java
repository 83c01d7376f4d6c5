package org.chaincore.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies of directories: what a crash would have left. Stateless. */
final class Copies {
  private Copies() {}

  /**
   * Copies a directory as it lies there, open or not, as of one moment: again if files came or went
   * meanwhile, as they do while tables are compacted.
   */
  static Path of(Path from, Path to) {
    List<Path> before;
    do {
      before = files(from);
      copy(from, before, to);
    } while (!files(from).equals(before));
    return to;
  }

  private static void copy(Path from, List<Path> files, Path to) {
    try {
      if (Files.exists(to)) {
        for (Path old : files(to)) {
          Files.delete(old);
        }
      }
      for (Path file : files) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        try {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) {
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files of a directory, in the order of their names, even if some are just being deleted. */
  static List<Path> files(Path directory) {
    while (true) {
      try (Stream<Path> walk = Files.walk(directory)) {
        return walk.filter(Files::isRegularFile).sorted().toList();
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
        // Gone between its name and its attributes: look again.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
