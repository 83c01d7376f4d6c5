package org.chaincore.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs an {@link AppendingProcess} to its end, under strace or not. Immutable. */
final class TracedProcess {
  private static final int PATIENCE_SECONDS = 60;

  private final Path directory;
  private final ChildJvm jvm;

  /**
   * Prepares a directory.
   *
   * @param blocks the file of blocks to append
   */
  TracedProcess(Path directory, Path blocks) {
    this.directory = directory;
    this.jvm = ChildJvm.prepare(directory.resolve("jvm"));
    jvm.archive(
        AppendingProcess.class,
        directory.resolve("first").toString(),
        blocks.toString(),
        "10",
        "every_block",
        "20");
  }

  /** What it says without anybody looking on. */
  List<String> run(String... arguments) {
    return start(jvm.command(AppendingProcess.class, arguments));
  }

  /** What it says under strace with these options. */
  List<String> traced(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("strace");
    command.add("-f");
    command.addAll(options);
    command.addAll(jvm.command(AppendingProcess.class, arguments));
    return start(command);
  }

  private List<String> start(List<String> command) {
    Path said = directory.resolve("said");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + command);
      }
      return Files.readAllLines(said, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The lines that begin with a word. */
  static List<String> lines(List<String> said, String word) {
    return said.stream().filter(line -> line.startsWith(word + " ")).toList();
  }
}
