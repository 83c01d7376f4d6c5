package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ApiHostileTest {
  private static final List<String> POSTS =
      List.of(
          "/add_transaction",
          "/broadcast_transaction",
          "/receive_transaction",
          "/mine_block",
          "/submit_block",
          "/addpeer",
          "/difficulty/set");

  private final TestApi api = TestApi.begin();

  @AfterEach
  void close() {
    api.close();
  }

  private void assertMistake(ApiResponse response, String what) {
    assertThat(response.status()).as(what).isBetween(400, 431);
    assertThat(TestApi.json(response).get("status").asText()).as(what).isIn("error", "rejected");
    assertThat(TestApi.json(response).get("error").asText()).as(what).isNotBlank();
    assertThat(TestApi.text(response))
        .as(what)
        .doesNotContain("Exception", "org.chaincore", "at ja");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "null",
        "3",
        "\"x\"",
        "{",
        "{}",
        "{\"hex\":1}",
        "{\"hex\":\"zz\"}",
        "{\"hex\":\"abc\"}",
        "{\"hex\":\"\"}",
        "{\"hex\":\"00\"}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1} {\"b\":2}",
        "{\"miner_address\":5}",
        "{\"miner_address\":\"\"}",
        "{\"miner_address\":\"<script>\"}",
        "{\"peer_url\":\"nowhere\"}",
        "{\"peer_url\":\"1.2.3.4\"}",
        "{\"peer_url\":\"1.2.3.4:99999\"}",
        "{\"peer_url\":\"evil.example:80\"}",
        "{\"difficulty\":\"hard\"}",
        "{\"difficulty\":1.5}",
        "{\"difficulty\":1e999999999}",
        "{\"inputs\":[],\"outputs\":[]}",
        "{\"inputs\":{},\"outputs\":[]}",
        "{\"inputs\":[1],\"outputs\":[]}",
        "{\"inputs\":[{\"tx_id\":\"00\",\"output_index\":0}],\"outputs\":[]}",
        "{\"inputs\":[],\"outputs\":[{\"amount\":-1,\"script_pubkey\":\"\"}]}",
        "{\"inputs\":[],\"outputs\":[{\"amount\":1e400,\"script_pubkey\":\"\"}]}",
        "{\"inputs\":[],\"outputs\":[{\"amount\":0.000000001,\"script_pubkey\":\"\"}]}",
        "{\"inputs\":[],\"outputs\":[{\"amount\":99999999999999999999,\"script_pubkey\":\"\"}]}",
        "{\"block\":7}",
        "{\"transactions\":[]}",
        "{\"version\":1,\"transactions\":[],\"previous_hash\":\"x\"}"
      })
  void posts_ofBadBodies_areCallersMistake(String body) {
    for (String path : POSTS) {
      assertMistake(api.post(path, body), path + " " + body);
    }
  }

  @Test
  void posts_ofDeepOrLongBodies_areCallersMistake() {
    String deep = "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);
    String longNumber = "{\"difficulty\":" + "9".repeat(10_000) + "}";
    String longName = "{\"" + "n".repeat(10_000) + "\":1}";

    for (String body : List.of(deep, longNumber, longName)) {
      for (String path : POSTS) {
        assertMistake(api.post(path, body), path);
      }
    }
    assertThat(api.post("/addpeer", " ".repeat(20_000)).status()).isEqualTo(413);
  }

  @Test
  void submitBlock_ofMillionsOfEmptyLists_isRefusedBeforeTheyCostMemory() {
    String body = "{\"transactions\":[" + "[],".repeat(3_000_000) + "[]]}";

    assertMistake(api.post("/submit_block", body), "lists");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../etc/passwd",
        "/%2e%2e/status",
        "/status/",
        "//status",
        "/STATUS",
        "/balance",
        "/balance/",
        "/balance/a/b",
        "/balance/%",
        "/balance/%zz",
        "/balance/%ff%fe",
        "/balance/%00",
        "/balance/..%2f..%2fetc",
        "/explain/xyz",
        "/explain/ABCDEF",
        "/proof/0",
        "/blockchain?start=-1",
        "/blockchain?start=abc",
        "/blockchain?start=99999999999999999999",
        "/blockchain?start=1&start=2",
        "/blockchain?limit=0",
        "/blockchain?start=%",
        "/blocks/range?start=5&end=x",
        "/events?from=-1",
        "/events?from=x"
      })
  void gets_ofBadUris_areCallersMistake(String uri) {
    assertMistake(api.get(uri), uri);
  }

  @Test
  void gets_ofManyParameters_areRefused() {
    StringBuilder query = new StringBuilder("/status?a0=1");
    for (int i = 1; i < 100; i++) {
      query.append("&a").append(i).append("=1");
    }

    assertMistake(api.get(query.toString()), "query");
  }

  @Test
  void everyRoute_ofRandomBytes_neverFails() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 3_000; i++) {
      StringBuilder body = new StringBuilder();
      String letters = "{}[]:,\"hexinputsamount0123456789.eE-+ntrue \\";
      int length = random.nextInt(60);
      for (int c = 0; c < length; c++) {
        body.append(letters.charAt(random.nextInt(letters.length())));
      }
      ApiResponse response = api.post(POSTS.get(random.nextInt(POSTS.size())), body.toString());
      assertThat(response.status()).as(body.toString()).isNotEqualTo(500);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:5000",
        "127.0.0.1.evil.example",
        "8.8.8.8",
        "",
        "localhost:5000:5",
        "[::1",
        "127.0.0.1:notaport"
      })
  void anyRequest_withForeignHost_isForbidden(String host) {
    ApiRequest request = new ApiRequest("GET", "/status", Map.of("Host", host), Bytes.EMPTY, "x");

    assertThat(api.ask(request).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1:1", "file://", "x y"})
  void anyRequest_withForeignOrigin_isForbidden(String origin) {
    assertThat(api.ask(api.request("GET", "/status", "", "Origin", origin)).status())
        .isEqualTo(403);
    assertThat(api.ask(api.request("POST", "/submit_block", "{}", "Origin", origin)).status())
        .isEqualTo(403);
  }

  @Test
  void anyRequest_withOwnOriginOrHost_isAnswered() {
    assertThat(
            api.ask(api.request("GET", "/status", "", "Origin", "http://127.0.0.1:5000")).status())
        .isEqualTo(200);
    for (String host : List.of("localhost", "LOCALHOST:80", "[::1]:5000", "127.0.0.1")) {
      assertThat(api.ask(api.request("GET", "/status", "", "Host", host)).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Bearer ", "Bearer wrong", "Basic 0123456789abcdef-token", "x"})
  void writes_withoutToken_are401WhateverTheBody(String shown) {
    for (Route route : api.handler().router().routes()) {
      if (route.access() == Access.WRITE) {
        ApiRequest request = api.request("POST", route.template(), "{", "Authorization", shown);
        ApiResponse response = api.ask(request);
        assertThat(response.status()).as(route.template()).isEqualTo(401);
        assertThat(response.headers()).containsKey("WWW-Authenticate");
      }
    }
  }

  @Test
  void submissions_withoutToken_areJudged() {
    for (String path : List.of("/submit_block", "/add_transaction")) {
      assertThat(api.ask(api.request("POST", path, "{}")).status()).isEqualTo(400);
    }
  }

  @Test
  void token_atFirstStart_isMadeForOwnerOnlyAndKept(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("api-token");

    ApiToken made = ApiToken.at(file);
    ApiToken read = ApiToken.at(file);

    assertThat(made.text()).matches("[0-9a-f]{64}").isEqualTo(read.text());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    ApiToken.at(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(made.matches(read.text())).isTrue();
    assertThat(made.matches(ApiToken.random().text())).isFalse();
    assertThat(made.toString()).doesNotContain(made.text());
  }

  @Test
  void token_ofEmptyOrLinkedFile_isRefused(@TempDir Path directory) throws Exception {
    Path empty = Files.createFile(directory.resolve("empty"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), empty);

    for (Path file : List.of(empty, link)) {
      assertThatThrownBy(() -> ApiToken.at(file)).isInstanceOf(IOException.class);
    }
  }
}
