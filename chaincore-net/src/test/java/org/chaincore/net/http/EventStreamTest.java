package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.fixture.ChainFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventStreamTest {
  private final TestApi api = TestApi.begin();
  private HttpServer server = HttpServer.start(api.handler(), HttpOptions.onLoopback(0));

  @AfterEach
  void close() {
    assertThat(server.close(Duration.ofSeconds(20))).isTrue();
    api.close();
  }

  /** An event as a client sees it. */
  private record Event(String id, String name, JsonNode data) {}

  private static Event next(RawClient client) throws IOException {
    String id = "";
    String name = "";
    for (String line = client.line(); ; line = client.line()) {
      if (line == null) {
        throw new IOException("the stream has ended");
      }
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        return new Event(id, name, TestApi.json(line.substring(6)));
      }
    }
  }

  private RawClient follow(String uri, String... headers) throws IOException {
    RawClient client = RawClient.connect(server.address()).get(uri, headers);
    assertThat(next(client).name()).isEqualTo("hello");
    return client;
  }

  @Test
  void events_fromCursor_tellWhatHappenedAndWhatHappens() throws IOException {
    api.chain().mine(2);
    try (RawClient client = follow("/events?from=0")) {
      assertThat(next(client).data().get("connected").get(0).get("index").asInt()).isEqualTo(1);
      Event second = next(client);
      assertThat(second.name()).isEqualTo("tip_changed");
      api.chain().mine(1);
      Event third = next(client);

      assertThat(third.data().get("connected").get(0).get("index").asInt()).isEqualTo(3);
      assertThat(Long.parseLong(third.id())).isEqualTo(Long.parseLong(second.id()) + 1);
    }
  }

  @Test
  void events_resumedWithLastEventId_missNothingAndRepeatNothing() throws IOException {
    api.chain().mine(5);
    List<Integer> heights = new ArrayList<>();
    String last = "0";
    for (int i = 0; i < 5; i++) {
      try (RawClient client = follow("/events", "Last-Event-ID: " + last)) {
        Event event = next(client);
        heights.add(event.data().get("connected").get(0).get("index").asInt());
        last = event.id();
      }
    }

    assertThat(heights).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void events_withoutCursor_beginNow() throws IOException {
    api.chain().mine(3);
    try (RawClient client = follow("/events")) {
      api.chain().mine(1);

      assertThat(next(client).data().get("connected").get(0).get("index").asInt()).isEqualTo(4);
    }
  }

  @Test
  void events_ofReorganisation_areOne() throws IOException {
    ChainFixture.Fork fork = api.chain().fork(1, 2);
    api.chain().deliver(fork.left());
    try (RawClient client = follow("/events")) {
      api.chain().deliver(fork.right());

      assertThat(next(client).name()).isEqualTo("side_block");
      Event reorg = next(client);
      assertThat(reorg.name()).isEqualTo("reorganisation");
      assertThat(reorg.data().get("disconnected_count").asInt()).isEqualTo(1);
      assertThat(reorg.data().get("connected_count").asInt()).isEqualTo(2);
    }
  }

  @Test
  void events_fromUnknownCursor_sayLaggedAndGoOn() throws IOException {
    api.chain().mine(1);
    try (RawClient client = follow("/events?from=999999")) {
      assertThat(next(client).name()).isEqualTo("lagged");
    }
  }

  @Test
  void events_whenNothingHappens_beat() throws IOException {
    server.close(Duration.ofSeconds(20));
    HttpOptions.Times times = HttpOptions.Times.DEFAULT;
    server =
        HttpServer.start(
            api.handler(),
            HttpOptions.onLoopback(0)
                .withTimes(
                    new HttpOptions.Times(
                        times.request(),
                        times.idle(),
                        times.answer(),
                        times.reading(),
                        Duration.ofMillis(100))));
    try (RawClient client = follow("/events")) {
      String line = client.line();
      while (!line.startsWith(":")) {
        line = client.line();
      }

      assertThat(line).isEqualTo(": still here");
    }
  }

  @Test
  void events_forTooManyClients_are503() throws IOException {
    server.close(Duration.ofSeconds(20));
    server =
        HttpServer.start(
            api.handler(),
            HttpOptions.onLoopback(0).withLimits(new HttpOptions.Limits(1_024, 2, 2, 1L << 24)));
    try (RawClient first = follow("/events");
        RawClient second = follow("/events");
        RawClient third = RawClient.connect(server.address()).get("/events")) {
      assertThat(third.answer().status()).isEqualTo(503);
      api.chain().mine(1);
      assertThat(next(first).name()).isEqualTo("tip_changed");
      assertThat(next(second).name()).isEqualTo("tip_changed");
    }
  }

  @Test
  void events_toClientThatDoesNotRead_holdUpNobody() throws IOException {
    try (RawClient deaf = follow("/events");
        RawClient other = follow("/events")) {
      api.chain().mine(300);
      int seen = 0;
      while (seen < 300) {
        Event event = next(other);
        seen = event.data().get("connected").get(0).get("index").asInt();
      }

      assertThat(seen).isEqualTo(300);
      assertThat(next(deaf).data().get("connected").get(0).get("index").asInt()).isEqualTo(1);
    }
  }
}
