package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ChainCoreTest {
  @Test
  void chaincore_ioException_exitsWith3AndSaysSoInOneLine() {
    CommandRun run = runThatThrows(new NoSuchFileException("chain.bin"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).containsExactly("error code=io detail=NoSuchFileException: chain.bin");
    assertThat(run.err()).containsExactly("chaincore fails: NoSuchFileException: chain.bin");
  }

  @Test
  void chaincore_uncheckedIoException_exitsWith3() {
    CommandRun run = runThatThrows(new UncheckedIOException(new IOException("disk\ngone")));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).hasSize(1);
    assertThat(run.lastLine()).startsWith("error code=io detail=UncheckedIOException: ");
  }

  @Test
  void chaincore_unexpectedException_exitsWith1AndNamesItsClass() {
    CommandRun run = runThatThrows(new IllegalStateException("secret"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .containsExactly("error code=internal detail=java.lang.IllegalStateException");
  }

  private static CommandRun runThatThrows(Exception failure) {
    CommandLine command = ChainCore.commandLine();
    command.addSubcommand(new Fails(failure));
    return CommandRun.of(command, "fails");
  }

  @Command(name = "fails")
  private static final class Fails implements Callable<Integer> {
    private final Exception failure;

    Fails(Exception failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }
}
