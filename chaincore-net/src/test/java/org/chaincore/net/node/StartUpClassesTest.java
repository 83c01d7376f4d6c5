package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chaincore.core.config.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That a start does not pay for what only some nodes are asked for, seen in a JVM of its own. */
@Timeout(120)
final class StartUpClassesTest {
  @TempDir private Path directory;

  /** A node with all doors open, that says when it is ready and stops. */
  static final class Program {
    private Program() {}

    /** Starts it. */
    public static void main(String[] args) {
      try (ChainNode node =
          ChainNode.builder()
              .network(Networks.regtest())
              .listen("127.0.0.1:0")
              .http("127.0.0.1:0")
              .start()) {
        System.out.println("ready at height " + node.tip().height());
        Runtime.getRuntime().halt(0);
      }
    }
  }

  @Test
  void start_nothingAskedYet_loadsNoRecorderNorJsonNorRoutesNorCurve() throws Exception {
    Path log = directory.resolve("classes.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log,
                "-cp",
                classPath(),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("ready at height 0");
    List<String> loaded = Files.readAllLines(log);
    assertThat(loaded).anyMatch(line -> line.contains("org.chaincore.net.http.HttpServer "));
    assertThat(loaded)
        .noneMatch(line -> line.contains("jdk.jfr.internal.PlatformEventType "))
        .noneMatch(line -> line.contains("org.chaincore.core.lock.LockWaitEvent "))
        .noneMatch(line -> line.contains("com.fasterxml.jackson."))
        .noneMatch(line -> line.contains("org.chaincore.net.http.ApiTable "))
        .noneMatch(line -> line.contains("java.lang.runtime.ObjectMethods "));
    // The tables that a node's id is computed with come last, when all doors are open.
    assertThat(first(loaded, "org.chaincore.net.http.HttpServer "))
        .isLessThan(first(loaded, "org.bouncycastle.math.ec.rfc8032.Ed25519$PointPrecomp "));
  }

  /** The place of a class among those that were loaded; behind all of them if it was not. */
  private static int first(List<String> loaded, String name) {
    for (int i = 0; i < loaded.size(); i++) {
      if (loaded.get(i).contains(name)) {
        return i;
      }
    }
    return loaded.size();
  }

  /** Whatever this test runs on, be it on the module path or not. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Stream.of(
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""),
                Path.of("target", "test-classes").toString())
            .filter(part -> !part.isEmpty())
            .toList());
  }
}
