package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class NodeCommandTest {
  private static final Pattern READY =
      Pattern.compile(
          "ready node=[0-9a-f]{64} p2p=127\\.0\\.0\\.1:\\d+ http=(127\\.0\\.0\\.1:\\d+) height=\\d+"
              + " tip=[0-9a-f]{64} token_file=\\S+");

  @TempDir private Path directory;

  /** Completes with the first line that is written to it. */
  private static final class FirstLine extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> line = new CompletableFuture<>();

    @Override
    public void write(char[] chars, int from, int length) {
      text.append(chars, from, length);
      int end = text.indexOf("\n");
      if (end >= 0) {
        line.complete(text.substring(0, end).strip());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void node_servesUntilItIsToldToEnd() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    FirstLine out = new FirstLine();
    CompletableFuture<Integer> exitCode =
        CompletableFuture.supplyAsync(
            () ->
                new CommandLine(new NodeCommand(end))
                    .setOut(new PrintWriter(out))
                    .execute(
                        "--p2p-port", "0", "--http-port", "0", "--data-dir", directory.toString()));
    Matcher ready = READY.matcher(out.line.get(30, TimeUnit.SECONDS));
    assertThat(ready.matches()).as(out.line.get()).isTrue();
    HttpResponse<String> status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + ready.group(1) + "/status")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(status.statusCode()).isEqualTo(200);
    assertThat(status.body()).contains("\"blockchain_length\":1");

    CommandRun second =
        CommandRun.of(
            "node", "--p2p-port", "0", "--http-port", "0", "--data-dir", directory.toString());
    assertThat(second.lastLine()).startsWith("error code=directory-in-use ");
    assertThat(second.exitCode()).isEqualTo(3);

    end.countDown();
    assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void node_aWrongArgument_isAWrongCommandLine() {
    assertThat(CommandRun.of("node", "--p2p-port", "70000", "--http-port", "0").exitCode())
        .isEqualTo(2);
    CommandRun interval =
        CommandRun.of(
            "node",
            "--network",
            "chaincore",
            "--p2p-port",
            "0",
            "--http-port",
            "0",
            "--block-interval",
            "5");
    assertThat(interval.exitCode()).isEqualTo(2);
    assertThat(interval.err().get(0)).contains("fixed difficulty");
    assertThat(
            CommandRun.of("node", "--p2p-port", "0", "--http-port", "0", "--mine", "nobody")
                .exitCode())
        .isEqualTo(2);
  }
}
