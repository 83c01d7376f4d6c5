package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The node as a process of its own: what goes to which stream, and how a signal ends it. */
@Timeout(120)
class NodeProcessTest {
  private static final int SIGTERM_EXIT = 128 + 15;

  @TempDir private Path directory;

  private Process start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChainCore.class.getName(),
                "node"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(directory.resolve("err").toFile()).start();
  }

  @Test
  void process_thatIsTold_endsAndLeavesStandardOutputToMachines() throws Exception {
    Process node = start("--p2p-port", "0", "--http-port", "0");
    try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).startsWith("ready node=");
      // Unlike the process itself, its handle leaves the streams open.
      assertThat(node.toHandle().destroy()).isTrue();
      assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(out.readLine()).isNull();
    } finally {
      node.destroyForcibly();
    }
    assertThat(node.exitValue()).isEqualTo(SIGTERM_EXIT);
    assertThat(Files.readString(directory.resolve("err")))
        .containsPattern(
            "\\d{4}-\\d\\d-\\d\\dT\\S+ \\[main] INFO ChainNode - a node of regtest is up");
  }
}
