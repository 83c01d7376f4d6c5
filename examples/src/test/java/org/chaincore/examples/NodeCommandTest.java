package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chaincore.core.config.Networks;
import org.chaincore.net.node.ChainNode;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.PeerStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class NodeCommandTest {
  private static final Pattern READY =
      Pattern.compile(
          "ready node=[0-9a-f]{64} p2p=(?<peers>127\\.0\\.0\\.1:\\d+) http=(?<http>127\\.0\\.0\\.1:\\d+) height=\\d+"
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
        run(end, out, "--p2p-port", "0", "--http-port", "0", "--data-dir", directory.toString());
    Matcher ready = READY.matcher(out.line.get(30, TimeUnit.SECONDS));
    assertThat(ready.matches()).as(out.line.get()).isTrue();
    HttpResponse<String> status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + ready.group("http") + "/status"))
                    .build(),
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

  /** Starts a node, connects another to it, and tells what the first offers. */
  private long servicesOf(String... options) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    FirstLine out = new FirstLine();
    CompletableFuture<Integer> exitCode =
        run(
            end,
            out,
            Stream.concat(Stream.of("--p2p-port", "0", "--http-port", "0"), Stream.of(options))
                .toArray(String[]::new));
    Matcher ready = READY.matcher(out.line.get(30, TimeUnit.SECONDS));
    assertThat(ready.matches()).as(out.line.get()).isTrue();
    try (ChainNode client =
        ChainNode.builder().network(Networks.regtest()).connectTo(ready.group("peers")).start()) {
      OptionalLong services = OptionalLong.empty();
      while (services.isEmpty()) {
        services =
            client.sync().currentStatus().get(30, TimeUnit.SECONDS).connections().peers().stream()
                .map(PeerStatus::introduction)
                .filter(Objects::nonNull)
                .mapToLong(PeerStatus.Introduction::services)
                .findFirst();
      }
      return services.getAsLong();
    } finally {
      end.countDown();
      assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void node_serveFilters_offersWhatWalletsWithBloomFiltersNeed() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("node.json"),
            "{\"network\": \"regtest\", \"peers\": {\"serve_filters\": true}}");

    assertThat(servicesOf("--serve-filters") & Services.BLOOM).isNotZero();
    assertThat(servicesOf("--network", file.toString()) & Services.BLOOM).isNotZero();
    assertThat(servicesOf() & Services.BLOOM).isZero();
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

  private Path file(String json) throws IOException {
    return Files.writeString(directory.resolve("network.json"), json);
  }

  /** In a thread of its own: the common ones are few, and it stays in there. */
  private static CompletableFuture<Integer> run(CountDownLatch end, FirstLine out, String... args) {
    return CompletableFuture.supplyAsync(
        () -> new CommandLine(new NodeCommand(end)).setOut(new PrintWriter(out)).execute(args),
        task -> new Thread(task, "node command").start());
  }

  @Test
  void node_aNetworkFromAFile_isServed() throws Exception {
    Path json =
        file(
            """
            {"network": {"name": "harbour", "magic": "a1b2c3d4",
               "genesis": {"text": "harbour", "time": 1793491200, "bits": "207fffff"},
               "difficulty": {"rule": "fixed", "bits": "207fffff"}}}
            """);
    CountDownLatch end = new CountDownLatch(1);
    FirstLine out = new FirstLine();
    CompletableFuture<Integer> exitCode =
        run(end, out, "--network", json.toString(), "--p2p-port", "0", "--http-port", "0");
    Matcher ready = READY.matcher(out.line.get(30, TimeUnit.SECONDS));

    assertThat(ready.matches()).as(out.line.get()).isTrue();
    HttpResponse<String> config =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://" + ready.group("http") + "/network_config"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(config.body()).contains("\"network\":\"harbour\"", "\"network_magic\":\"a1b2c3d4\"");
    end.countDown();
    assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void node_aFileThatSaysWhereToListen_needsNoPorts() throws Exception {
    Path json =
        file(
            """
            {"network": "regtest", "peers": {"listen": "127.0.0.1:0"},
             "http": {"listen": "127.0.0.1:0"}}
            """);
    CountDownLatch end = new CountDownLatch(1);
    FirstLine out = new FirstLine();
    CompletableFuture<Integer> exitCode = run(end, out, "--network", json.toString());

    assertThat(out.line.get(30, TimeUnit.SECONDS)).matches(READY);
    end.countDown();
    assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void node_aWrongFile_saysFileFieldValueAndRange() throws IOException {
    Path json = file("{\"network\": {\"name\": \"harbour\", \"magic\": \"a1b2c3\"}}");

    CommandRun refused =
        CommandRun.of("node", "--network", json.toString(), "--p2p-port", "0", "--http-port", "0");
    String what =
        json
            + ": network.magic is a1b2c3, allowed is 8 hex digits, the bytes that begin each frame,"
            + " of no network of the library";
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).containsExactly(what);
    assertThat(refused.out()).containsExactly("error code=configuration detail=" + what);
  }

  @Test
  void node_noSuchFile_isAWrongConfiguration() {
    CommandRun refused = CommandRun.of("node", "--network", "moon");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.lastLine())
        .startsWith("error code=configuration detail=moon: cannot be read: NoSuchFileException");
  }

  @Test
  void node_withoutPorts_saysWhichIsMissing() {
    CommandRun ports = CommandRun.of("node", "--p2p-port", "0");
    assertThat(ports.exitCode()).isEqualTo(2);
    assertThat(ports.lastLine()).contains("--http-port is missing");
    CommandRun bind = CommandRun.of("node", "--bind", "127.0.0.1");
    assertThat(bind.lastLine()).contains("--bind is for --p2p-port and --http-port");
  }
}
