package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chaincore.core.config.Networks;
import org.chaincore.net.config.SettingsFile;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.settings.RefusalReason;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigSignCommandTest {
  @TempDir private Path directory;

  private CommandRun sign(String... more) {
    Stream<String> options =
        Stream.of(
            "config", "sign",
            "--key", directory.resolve("signer").toString(),
            "--out", directory.resolve("settings.json").toString());
    return CommandRun.of(Stream.concat(options, Stream.of(more)).toArray(String[]::new));
  }

  private SettingsDocument document() {
    return SettingsFile.read(directory.resolve("settings.json"));
  }

  private static NodeBuilder trusting(NodeId signer) {
    return ChainNode.builder().network(Networks.regtest()).trustConfigSigner(signer);
  }

  private static SettingsAnswer publish(ChainNode node, SettingsDocument document)
      throws Exception {
    return node.publishConfig(document).get(30, TimeUnit.SECONDS);
  }

  @Test
  void sign_whatIsPublished_changesTheIntervalOnce() throws Exception {
    CommandRun signed = sign("--network", "regtest", "--set", "sync.mempool.interval_seconds=20");
    assertThat(signed.exitCode()).as(String.join("\n", signed.err())).isZero();
    SettingsDocument document = document();
    try (ChainNode node = trusting(document.signer()).start()) {
      assertThat(publish(node, document)).isInstanceOf(SettingsAnswer.Applied.class);
      assertThat(node.sync().settings().interval(SyncTask.MEMPOOL)).isEqualTo(20);

      assertThat(publish(node, document))
          .isInstanceOfSatisfying(
              SettingsAnswer.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.REPLAYED));
      assertThat(node.sync().settings().interval(SyncTask.MEMPOOL)).isEqualTo(20);
    }
  }

  @Test
  void sign_theFile_isABodyForTheInterface() throws Exception {
    sign("--network", "regtest", "--set", "sync.chain.interval_seconds=7");
    try (ChainNode node = trusting(document().signer()).http("127.0.0.1:0").start()) {
      HttpRequest post =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:"
                          + node.httpAddress().orElseThrow().getPort()
                          + "/config/refresh"))
              .header(
                  "Authorization",
                  "Bearer " + Files.readString(node.apiTokenFile().orElseThrow()).strip())
              .POST(HttpRequest.BodyPublishers.ofFile(directory.resolve("settings.json")))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<String> first = client.send(post, HttpResponse.BodyHandlers.ofString());
      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
      assertThat(node.sync().settings().interval(SyncTask.CHAIN)).isEqualTo(7);

      HttpResponse<String> second = client.send(post, HttpResponse.BodyHandlers.ofString());
      assertThat(second.statusCode()).isEqualTo(400);
      assertThat(second.body()).contains("replayed");
    }
  }

  @Test
  void sign_byAStranger_isRefusedByNodes() throws Exception {
    sign("--network", "regtest", "--set", "sync.chain.interval_seconds=7");
    try (ChainNode node = ChainNode.builder().network(Networks.regtest()).start()) {
      assertThat(publish(node, document()))
          .isInstanceOfSatisfying(
              SettingsAnswer.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.UNTRUSTED_SIGNER));
    }
  }

  @Test
  void sign_forAnotherNetwork_isRefusedByNodes() throws Exception {
    sign("--network", "chaincore", "--set", "sync.chain.interval_seconds=7");
    try (ChainNode node = trusting(document().signer()).start()) {
      assertThat(publish(node, document()))
          .isInstanceOfSatisfying(
              SettingsAnswer.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.WRONG_NETWORK));
    }
  }

  @Test
  void sign_twice_isTheSameSignerAndNeverShowsTheKey() throws IOException {
    CommandRun first =
        sign("--network", "regtest", "--set", "peers.max=9", "--document-version", "5");
    CommandRun second =
        sign("--network", "regtest", "--set", "peers.max=9", "--document-version", "6");
    Path key = directory.resolve("signer");
    String secret = Files.readString(key).strip();

    assertThat(secret).matches("[0-9a-f]{64}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(second.lastLine())
        .matches(
            "signed signer=[0-9a-f]{64} network=regtest version=6 not_before=\\d+ expires=\\d+"
                + " settings=1 file=.*settings\\.json");
    assertThat(first.lastLine().split(" ", -1)[1]).isEqualTo(second.lastLine().split(" ", -1)[1]);
    assertThat(first.err()).containsExactly("made a new signer's key in " + key);
    assertThat(second.err()).isEmpty();
    assertThat(String.join("\n", first.out()) + first.err() + second.out()).doesNotContain(secret);
  }

  @Test
  void sign_withAKeyThatOthersMayRead_isRefused() throws IOException {
    Path key = directory.resolve("signer");
    Files.writeString(key, "00".repeat(32));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    CommandRun refused = sign("--network", "regtest", "--set", "peers.max=9");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.lastLine())
        .startsWith("error code=io detail=IOException: ")
        .endsWith("may be used by others (rw-r--r--), allowed is rw-------");
    assertThat(directory.resolve("settings.json")).doesNotExist();
  }

  @Test
  void sign_withAFileThatHoldsNoKey_isRefused() throws IOException {
    Path key = directory.resolve("signer");
    Files.writeString(key, "not a key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

    CommandRun refused = sign("--network", "regtest", "--set", "peers.max=9");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.lastLine()).contains("holds no key").doesNotContain("not a key");
  }

  @Test
  void sign_aWrongSetting_saysValueAndRangeAndSignsNothing() {
    CommandRun outside = sign("--network", "regtest", "--set", "sync.chain.interval_seconds=0");
    assertThat(outside.exitCode()).isEqualTo(2);
    assertThat(outside.lastLine())
        .startsWith("error code=usage detail=--set sync.chain.interval_seconds is 0, allowed is ");
    assertThat(sign("--network", "regtest", "--set", "colour=green").lastLine())
        .contains("--set colour is no setting, allowed are ");
    assertThat(sign("--network", "regtest", "--set", "magic=1").lastLine())
        .contains("--set magic is consensus");
    assertThat(
            sign("--network", "regtest", "--set", "peers.max=9", "--valid-days", "367").lastLine())
        .contains("--valid-days is 367, allowed is 1..366");
    assertThat(
            sign("--network", "regtest", "--set", "peers.max=9", "--document-version", "0")
                .lastLine())
        .contains("versions begin at 1, got 0");
    assertThat(sign("--network", "moon", "--set", "peers.max=9").lastLine())
        .startsWith("error code=configuration detail=moon: cannot be read");
    assertThat(directory.resolve("signer")).doesNotExist();
    assertThat(CommandRun.of("config").lastLine()).contains("there is: sign");
  }
}
