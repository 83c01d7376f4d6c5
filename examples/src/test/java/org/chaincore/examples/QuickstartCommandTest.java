package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QuickstartCommandTest {
  @TempDir private Path directory;

  @Test
  void quickstart_runToItsEnd_holdsEveryInvariantAndDrawsThePage() throws IOException {
    Path page = directory.resolve("page.html");

    CommandRun run = CommandRun.of("quickstart", "--seed", "11", "--out", page.toString());

    assertThat(run.lastLine())
        .matches(
            "quickstart: ok height=\\d+ tip=[0-9a-f]{64} reorgs=1 orphans_recovered=[1-9]\\d*");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().get(0)).contains("seed 11,");
    assertThat(run.out())
        .anySatisfy(line -> assertThat(line).contains(page.toString()))
        .anySatisfy(line -> assertThat(line).contains("Carol REORGANISES"))
        .anySatisfy(line -> assertThat(line).contains("the difficulty moved"));
    String tip = run.lastLine().replaceAll(".* tip=([0-9a-f]+) .*", "$1");
    assertThat(Files.readString(page))
        .contains("<svg", tip, "Carol reorganises", "(stale)", "an orphan, recovered")
        .doesNotContain("http:", "https:", "src=", "href=", "@import", "url(\"", "url('");
  }

  @Test
  void quickstart_wrongArgument_exitsWith2() {
    assertThat(CommandRun.of("quickstart", "--threads", "0").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("quickstart", "--threads", "257").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("quickstart", "--seed", "one").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("quickstart", "--what").exitCode()).isEqualTo(2);
  }

  @Test
  void quickstart_pageThatCannotBeWritten_exitsWith2BeforeItStarts() {
    Path nowhere = directory.resolve("missing").resolve("page.html");

    CommandRun run = CommandRun.of("quickstart", "--out", nowhere.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).hasSize(1);
    assertThat(run.lastLine()).startsWith("error code=usage detail=--out cannot be written");
    assertThat(run.err()).hasSize(1).first().asString().contains("--out cannot be written");
    assertThat(CommandRun.of("quickstart", "--out", directory.toString()).exitCode()).isEqualTo(2);
  }

  @Test
  void quickstart_help_namesItsOptionsAndWhereThePageGoes() {
    CommandRun run = CommandRun.of("quickstart", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(String.join("\n", run.out())).contains("--seed", "--threads", "--out", "target");
  }

  /**
   * Genesis, three nodes and the first template are made, then the miner's clock goes back an hour.
   */
  @Test
  @Timeout(60)
  void quickstart_invariantBreaks_namesItAndExitsWith1() {
    CommandLine command = new CommandLine(new QuickstartCommand(new ClockThatGoesBack(1 + 3 + 1)));

    CommandRun run = CommandRun.of(command, "--seed", "1", "--out", page());

    assertThat(run.lastLine())
        .startsWith("quickstart: failed invariant=own-block-is-accepted detail=")
        .contains("time-too-new");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void quickstart_unexpectedException_namesItsClassAloneAndExitsWith1() {
    Clock broken =
        new Clock() {
          @Override
          public Instant instant() {
            throw new IllegalStateException("the clock stands still");
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("one zone is enough");
          }
        };
    CommandLine command = new CommandLine(new QuickstartCommand(broken));

    CommandRun run = CommandRun.of(command, "--seed", "1", "--out", page());

    assertThat(run.lastLine())
        .isEqualTo("quickstart: failed invariant=none detail=java.lang.IllegalStateException");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  private String page() {
    return directory.resolve("page.html").toString();
  }

  /** For the thread that made it an hour late after so many reads; for all others it stands. */
  private static final class ClockThatGoesBack extends Clock {
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000L);

    private final Thread teller = Thread.currentThread();
    private int readsLeft;

    ClockThatGoesBack(int reads) {
      this.readsLeft = reads;
    }

    @Override
    public Instant instant() {
      if (!Thread.currentThread().equals(teller)) {
        return START;
      }
      readsLeft--;
      return readsLeft >= 0 ? START : START.minusSeconds(3_600);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("one zone is enough");
    }
  }
}
