package org.chaincore.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

  /** Flips a bit of a value where it lies in a file of the tables. */
  static void flip(Path store, byte[] value) throws IOException {
    String needle = new String(value, StandardCharsets.ISO_8859_1);
    int damaged = 0;
    for (Path file : files(store.resolve("tables"))) {
      byte[] bytes = Files.readAllBytes(file);
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(needle);
      if (at >= 0 && !file.toString().endsWith(".log")) {
        bytes[at + value.length / 2] ^= 1;
        Files.write(file, bytes);
        damaged++;
      }
    }
    if (damaged != 1) {
      throw new IllegalStateException("value was found " + damaged + " times");
    }
  }
}
