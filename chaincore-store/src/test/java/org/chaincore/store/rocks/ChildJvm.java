package org.chaincore.store.rocks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * How to start a JVM on this one's classes again and again at little cost: the classes in jars,
 * loaded from a shared archive, RocksDB's library outside its jar (which would be unpacked at every
 * start, and left behind at every kill), one compiler, a small heap. Immutable.
 */
final class ChildJvm {
  private final Path directory;
  private final String classPath;

  private ChildJvm(Path directory, String classPath) {
    this.directory = directory;
    this.classPath = classPath;
  }

  /** Puts what is needed into a directory. */
  static ChildJvm prepare(Path directory) {
    try {
      Files.createDirectories(directory);
      unpackLibrary(directory);
      return new ChildJvm(directory, classPath(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpackLibrary(Path directory) throws IOException {
    String packed = "/" + Environment.getJniLibraryFileName("rocksdb");
    try (InputStream in = RocksDB.class.getResourceAsStream(packed)) {
      if (in == null) {
        throw new IOException("no " + packed + " beside RocksDB's classes");
      }
      Files.copy(in, directory.resolve(System.mapLibraryName("rocksdbjni")));
    }
  }

  /** What this JVM runs on, modules or not, with the classes that lie in folders put into jars. */
  private static String classPath(Path directory) throws IOException {
    Set<Path> entries = new LinkedHashSet<>();
    // Tests are patched into their module, which the module path does not say.
    entries.add(Path.of(System.getProperty("basedir", "."), "target", "test-classes"));
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
        if (!entry.isEmpty()) {
          entries.add(Path.of(entry).toAbsolutePath());
        }
      }
    }
    List<String> jars = new ArrayList<>();
    for (Path entry : entries) {
      if (Files.isRegularFile(entry)) {
        jars.add(entry.toString());
      } else if (Files.isDirectory(entry)) {
        Path jar = directory.resolve("classes" + jars.size() + ".jar");
        pack(entry, jar);
        jars.add(jar.toString());
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static void pack(Path folder, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream classes = new JarOutputStream(out)) {
      for (Path file : Copies.files(folder)) {
        classes.putNextEntry(
            new JarEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, classes);
        classes.closeEntry();
      }
    }
  }

  /** Has a first process write the archive of the classes that it loads. */
  void archive(Class<?> main, String... args) {
    try {
      List<String> command = command(main, args);
      command.add(1, "-XX:ArchiveClassesAtExit=" + archiveFile());
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException("exit code " + code + " of " + command);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path archiveFile() {
    return directory.resolve("classes.jsa");
  }

  /** The command line of a process. */
  List<String> command(Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Files.exists(archiveFile())) {
      command.add("-XX:SharedArchiveFile=" + archiveFile());
    }
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xmx192m",
            "-Djava.library.path=" + directory,
            "-cp",
            classPath,
            main.getName()));
    command.addAll(List.of(args));
    return command;
  }
}
