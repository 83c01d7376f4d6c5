package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.tcp.NetworkThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class HttpServerTest {
  /** With those who are slow or do not read. Whoever only pauses is let be. */
  private static final HttpOptions.Times IMPATIENT =
      new HttpOptions.Times(
          Duration.ofMillis(300),
          Duration.ofSeconds(40),
          Duration.ofSeconds(40),
          Duration.ofSeconds(2),
          Duration.ofMillis(300));

  /** With those who say nothing. */
  private static final HttpOptions.Times RESTLESS =
      new HttpOptions.Times(
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  private final TestApi api = TestApi.begin();
  private HttpServer server = HttpServer.start(api.handler(), HttpOptions.onLoopback(0));

  @AfterEach
  void close() {
    assertThat(server.close(Duration.ofSeconds(20))).isTrue();
    api.close();
  }

  private RawClient client() throws IOException {
    return RawClient.connect(server.address());
  }

  private void restart(HttpOptions options) {
    assertThat(server.close(Duration.ofSeconds(20))).isTrue();
    server = HttpServer.start(api.handler(), options);
  }

  @Test
  void get_byJdkClient_isAnswered() throws IOException {
    HttpURLConnection client =
        (HttpURLConnection)
            new URL("http://localhost:" + server.address().getPort() + "/status").openConnection();

    try (InputStream body = client.getInputStream()) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);

      assertThat(client.getResponseCode()).isEqualTo(200);
      assertThat(TestApi.json(text).get("thread_safe").asBoolean()).isTrue();
      assertThat(client.getHeaderField("X-Content-Type-Options")).isEqualTo("nosniff");
    }
  }

  @Test
  void requests_onOneConnection_areAnsweredInOrder() throws IOException {
    try (RawClient client = client()) {
      for (int i = 0; i < 50; i++) {
        client.get("/health/live").get("/explain/" + "12".repeat(32)).get("/chain/info");
      }
      for (int i = 0; i < 50; i++) {
        assertThat(client.answer().body()).contains("live");
        assertThat(client.answer().status()).isEqualTo(404);
        assertThat(client.answer().body()).contains("chain_info");
      }
    }
  }

  @Test
  void head_ofAnyRead_hasLengthAndNoBody() throws IOException {
    try (RawClient client = client()) {
      client.send("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      RawClient.Answer head = client.answer(false);
      client.get("/health/live");

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers().get("content-length"))
          .isEqualTo(Integer.toString(client.answer().body().length()));
    }
  }

  @Test
  void post_inChunks_isReadAsOneBody() throws IOException {
    Block block = api.chain().branch(api.chain().tip(), 1).get(0);
    String body = TestApi.hex(block);
    try (RawClient client = client()) {
      client.send(
          "POST /submit_block HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int at = 0; at < body.length(); at += 40) {
        String part = body.substring(at, Math.min(body.length(), at + 40));
        client.send(Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
      }
      client.send("0\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(200);
      client.get("/health/live");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void post_expectingContinue_isToldToGoOn() throws IOException {
    try (RawClient client = client()) {
      client.send(
          String.join(
              "\r\n",
              "POST /add_transaction HTTP/1.1",
              "Host: localhost",
              "Content-Length: 2",
              "Expect: 100-continue",
              "",
              ""));
      assertThat(client.answer().status()).isEqualTo(100);
      client.send("{}");
      assertThat(client.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void write_withoutToken_is401BeforeBodyIsSent() throws IOException {
    try (RawClient client = client()) {
      client.send(
          String.join(
              "\r\n",
              "POST /sync_now HTTP/1.1",
              "Host: localhost",
              "Content-Length: 5000",
              "Expect: 100-continue",
              "",
              ""));
      RawClient.Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void write_withToken_isDone() throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST /sync_mempool HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
              + "Authorization: Bearer "
              + api.token()
              + "\r\n\r\n");

      assertThat(client.answer().body()).contains("sync_triggered");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | GET /status HTTP/1.1~~",
        "400 | GET /status HTTP/1.1~Host: localhost~Host: localhost~~",
        "400 | GET status HTTP/1.1~Host: localhost~~",
        "400 | GET http://localhost/status HTTP/1.1~Host: localhost~~",
        "403 | GET /status HTTP/1.1~Host: evil.example~~",
        "400 | garbage~~",
        "400 | POST /add_transaction HTTP/1.1~Host: localhost~Content-Length: 2~Content-Length: 3~~{}x",
        "400 | POST /add_transaction HTTP/1.1~Host: localhost~Content-Length: -1~~",
        "400 | POST /add_transaction HTTP/1.1~Host: localhost~Content-Length: 4~Transfer-Encoding: chunked~~0~~",
        "400 | POST /add_transaction HTTP/1.1~Host: localhost~Transfer-Encoding: xchunked~~0~~",
        "400 | POST /add_transaction HTTP/1.1~Host: localhost~Transfer-Encoding: gzip, chunked~~0~~",
        "400 | POST /add_transaction HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~zz~~",
        "400 | GET /status HTTP/1.1~Host: localhost~Bad Header: x~~",
        "413 | POST /add_transaction HTTP/1.1~Host: localhost~Content-Length: 99999999~~",
        "417 | POST /add_transaction HTTP/1.1~Host: localhost~Content-Length: 2~Expect: tea~~",
        "404 | GET /nothing HTTP/1.1~Host: localhost~~",
        "405 | DELETE /status HTTP/1.1~Host: localhost~~",
        "405 | OPTIONS /status HTTP/1.1~Host: localhost~~"
      })
  void request_thatIsWrong_isAnsweredWithItsMistake(int status, String request) throws IOException {
    try (RawClient client = client()) {
      client.send(request.replace("~", "\r\n"));

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(TestApi.json(answer.body()).get("status").asText()).isEqualTo("error");
    }
  }

  @Test
  void uriOrHeaders_tooLong_are414And431() throws IOException {
    try (RawClient uri = client();
        RawClient header = client()) {
      uri.get("/" + "x".repeat(10_000));
      header.get("/status", "X-Long: " + "x".repeat(40_000));

      assertThat(uri.answer().status()).isEqualTo(414);
      assertThat(header.answer().status()).isEqualTo(431);
    }
  }

  @Test
  void chunkedBody_longerThanAllowed_is413() throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST /mine_block HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
              + "Authorization: Bearer "
              + api.token()
              + "\r\n\r\n");
      client.send("5000\r\n" + " ".repeat(0x5000) + "\r\n");

      assertThat(client.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void connections_moreThanFit_loseTheIdlestAndNeverTheNewcomer() throws IOException {
    restart(HttpOptions.onLoopback(0).withLimits(new HttpOptions.Limits(1_024, 16, 2, 1L << 24)));
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1_200; i++) {
        clients.add(client());
      }
      RawClient newcomer = clients.get(1_199);
      newcomer.get("/health/live");

      assertThat(newcomer.answer().status()).isEqualTo(200);
      assertThat(server.connections()).isLessThanOrEqualTo(1_024);
      assertThat(clients.get(0).isEnded()).isTrue();
      clients.get(700).get("/health/live");
      assertThat(clients.get(700).answer().status()).isEqualTo(200);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void slowClients_byHundreds_costOthersNothingAndAreCutOff() throws IOException {
    restart(HttpOptions.onLoopback(0).withTimes(IMPATIENT));
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        slow.add(client().send("GET /status HTTP/1.1\r\nHost: loc"));
      }
      long begun = System.nanoTime();
      try (RawClient honest = client()) {
        for (int i = 0; i < 20; i++) {
          honest.get("/status");
          assertThat(honest.answer().status()).isEqualTo(200);
        }
      }
      // One after the other the slow ones would take the server 150 seconds.
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
      for (RawClient client : slow) {
        assertThat(client.answer().status()).isEqualTo(408);
        assertThat(client.isEnded()).isTrue();
      }
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void idleConnection_afterItsTime_isClosed() throws IOException {
    restart(HttpOptions.onLoopback(0).withTimes(RESTLESS));
    try (RawClient used = client().get("/health/live");
        RawClient silent = client()) {
      assertThat(used.answer().status()).isEqualTo(200);

      assertThat(silent.isEnded()).isTrue();
      assertThat(used.isEnded()).isTrue();
    }
  }

  @Test
  void clientThatDoesNotRead_ofLongAnswers_isCutOff() throws IOException {
    restart(HttpOptions.onLoopback(0).withTimes(IMPATIENT));
    api.chain().mine(400);
    try (RawClient greedy = client();
        RawClient honest = client()) {
      for (int i = 0; i < 400; i++) {
        greedy.get("/blockchain?start=" + i);
      }
      honest.get("/status");
      assertThat(honest.answer().status()).isEqualTo(200);
      int answers = 0;
      try {
        while (answers < 400) {
          if (greedy.line() == null) {
            break;
          }
          answers++;
        }
      } catch (IOException cut) {
        answers++;
      }
      assertThat(answers).isPositive();
    }
  }

  @Test
  void http10_withAndWithoutKeepAlive_isAnswered() throws IOException {
    try (RawClient kept = client();
        RawClient once = client()) {
      kept.send("GET /health/live HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
      assertThat(kept.answer().headers()).containsEntry("connection", "keep-alive");
      kept.send("GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n");
      assertThat(kept.answer().status()).isEqualTo(200);
      once.send("GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n");
      assertThat(once.answer().status()).isEqualTo(200);
      assertThat(once.isEnded()).isTrue();
    }
  }

  @Test
  void start_onTakenPort_saysSoAndLeavesNothing() {
    assertThatThrownBy(
            () ->
                HttpServer.start(api.handler(), HttpOptions.onLoopback(server.address().getPort())))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(Integer.toString(server.address().getPort()));
  }

  @Test
  void start_atANameThatIsNotLookedUp_saysSoAndLeavesNothing() {
    HttpOptions unresolved =
        new HttpOptions(
            InetSocketAddress.createUnresolved("node.example", 0),
            HttpOptions.Limits.DEFAULT,
            HttpOptions.Times.DEFAULT);

    assertThatThrownBy(() -> HttpServer.start(api.handler(), unresolved))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void start_atAllAddresses_trustsAnyAddressAndNoName() throws IOException {
    assertThat(server.close(Duration.ofSeconds(20))).isTrue();
    server =
        HttpServer.start(
            api.handler(),
            new HttpOptions(
                new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 0),
                HttpOptions.Limits.DEFAULT,
                HttpOptions.Times.DEFAULT));
    InetSocketAddress here =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort());
    try (RawClient byAddress = RawClient.connect(here);
        RawClient byName = RawClient.connect(here)) {
      byAddress.send("GET /health/live HTTP/1.1\r\nHost: 192.0.2.7:80\r\n\r\n");
      byName.send("GET /health/live HTTP/1.1\r\nHost: node.example\r\n\r\n");

      assertThat(byAddress.answer().status()).isEqualTo(200);
      assertThat(byName.answer().status()).isEqualTo(403);
    }
  }

  @Test
  void start_withinANetworkThread_isRefusedInsteadOfWaitingForItself() throws Exception {
    try (NetworkThreads lent = NetworkThreads.start(1)) {
      assertThat(
              lent.executor()
                  .submit(
                      () ->
                          assertThatThrownBy(
                                  () ->
                                      HttpServer.start(
                                          api.handler(), HttpOptions.onLoopback(0), lent))
                              .isInstanceOf(IllegalStateException.class)))
          .succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void start_onTakenPortWithThreadsThatAreLent_leavesThemAsTheyAre() {
    try (NetworkThreads lent = NetworkThreads.start(1)) {
      int taken = server.address().getPort();
      assertThatThrownBy(() -> HttpServer.start(api.handler(), HttpOptions.onLoopback(taken), lent))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(lent.executor().isShutdown()).isFalse();
    }
  }

  @Test
  void close_twiceAndWithClients_leavesNoThread() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (RawClient client = client()) {
      client.get("/health/live");
      assertThat(client.answer().status()).isEqualTo(200);

      assertThat(server.close(Duration.ofSeconds(20))).isTrue();
      assertThat(server.close(Duration.ofSeconds(20))).isTrue();

      assertThat(client.isEnded()).isTrue();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("chaincore-http") && !before.contains(thread)) {
          assertThat(thread.isAlive()).isFalse();
        }
      }
    }
  }

  @Test
  void options_outOfRange_areRefusedByName() {
    assertThatThrownBy(() -> new HttpOptions.Limits(1_023, 1, 1, 1L << 20))
        .hasMessageContaining("maxConnections")
        .hasMessageContaining("1023");
    assertThatThrownBy(
            () ->
                new HttpOptions.Times(
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)))
        .hasMessageContaining("request");
  }

  @Test
  void block_ofMegabytes_isTaken() throws IOException {
    String junk = Bytes.of(new byte[3_000_000]).toHex();
    try (RawClient client = client()) {
      String body = "{\"hex\":\"" + junk + "\"}";
      client.send(
          "POST /submit_block HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("hex");
    }
  }
}
