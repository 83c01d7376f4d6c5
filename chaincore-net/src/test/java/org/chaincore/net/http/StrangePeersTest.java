package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of peers that do not greet, or have what they do not give. */
@Timeout(60)
final class StrangePeersTest {
  private final MemoryNetwork network = MemoryNetwork.immediate();
  private final TestApi api = TestApi.on(network, 1);

  @AfterEach
  void close() {
    api.close();
  }

  private void until(BooleanSupplier condition) throws Exception {
    while (!condition.getAsBoolean()) {
      api.driver().currentStatus().get(30, TimeUnit.SECONDS);
    }
  }

  private int connections() {
    return api.driver().status().connections().peers().size();
  }

  @Test
  void peers_thatSayNothing_areListedAsNotActive() throws Exception {
    try (RawPeer mute = RawPeer.mute(network, 9, api.chain().engine().params())) {
      mute.connectTo(1);
      mute.connectTo(1);
      until(() -> connections() == 2);

      JsonNode peers = api.getJson("/peers");
      assertThat(peers.get("peers")).hasSize(1);
      assertThat(peers.get("active_peers")).isEmpty();
      assertThat(peers.get("peer_count").asInt()).isZero();
      JsonNode details = peers.get("peer_details").get("10.9.0.1:8333");
      assertThat(details.get("chain_length").asInt()).isZero();
      assertThat(details.get("is_active").asBoolean()).isFalse();
      assertThat(details.has("user_agent")).isFalse();
      assertThat(api.getJson("/nodes").get("count").asInt()).isEqualTo(2);
      assertThat(api.getJson("/nodes/active").get("count").asInt()).isEqualTo(1);
      assertThat(api.getJson("/getpeers").get("count").asInt()).isZero();
      assertThat(api.getJson("/stats").get("peer_features")).isEmpty();
      assertThat(TestApi.text(api.get("/status/human"))).contains("greeting");
      assertThat(api.getJson("/health/ready").get("status").asText()).isEqualTo("ready");
    }
  }

  @Test
  void peer_thatShowsBlocksAndGivesNone_leavesTheNodeNotReady() throws Exception {
    ChainFixture longer = ChainFixture.begin();
    longer.mine(30);
    try (RawPeer miser = RawPeer.withChain(network, 9, longer)) {
      miser.connectTo(1);
      api.await(SyncEvent.PeerReady.class);
      var unused = api.driver().request(SyncTask.CHAIN); // Or it would look when it is time.
      until(() -> api.driver().status().chain().bestHeader().height() == 30);

      ApiResponse ready = api.get("/health/ready");

      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.headers()).containsEntry("Retry-After", "5");
      assertThat(TestApi.json(ready).get("status").asText()).isEqualTo("not_ready");
      assertThat(TestApi.text(api.get("/metrics"))).contains("\nchaincore_caught_up 0\n");
      until(() -> !api.getJson("/getpeers").get("peers").isEmpty());
      assertThat(api.getJson("/getpeers").get("peers").get(0).get("user_agent").asText())
          .isEqualTo("/full:1.0/");
    }
  }

  @Test
  void peers_ofOneAddress_areToldApartInTheirFeatures() throws Exception {
    try (RawPeer first = RawPeer.withChain(network, 9, ChainFixture.begin())) {
      first.connectTo(1);
      api.await(SyncEvent.PeerReady.class);
      first.connectTo(1);
      until(() -> connections() == 2);
      until(
          () ->
              api.driver().status().connections().peers().stream()
                  .allMatch(peer -> peer.isEstablished()));

      assertThat(TestApi.names(api.getJson("/stats").get("peer_features")))
          .hasSize(2)
          .contains("10.9.0.1:8333");
      assertThat(api.getJson("/peers").get("peer_count").asInt()).isEqualTo(1);
    }
  }

  @Test
  void syncNow_withAPeerThatHasNothingNew_saysWhatItHas() throws Exception {
    try (RawPeer equal = RawPeer.withChain(network, 9, ChainFixture.begin())) {
      equal.connectTo(1);
      api.await(SyncEvent.PeerReady.class);

      JsonNode answer = TestApi.json(api.post("/sync_now", ""));

      assertThat(answer.get("status").asText()).isEqualTo("no_sync_needed");
      assertThat(answer.get("peer_length").asInt()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.8.0.1:8333,10.8.0.1:8333",
    "http://10.8.0.1:8333,10.8.0.1:8333",
    "http://10.8.0.1:8333/,10.8.0.1:8333",
    "localhost:5000,127.0.0.1:5000",
  })
  void addPeer_inAnyNotation_isDialled(String url, String address) {
    ApiResponse answer = api.post("/addpeer", "{\"peer_url\":\"" + url + "\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(TestApi.json(answer).get("peer_url").asText()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.8.0.1",
        "10.8.0.1:0",
        "10.8.0.1:70000",
        "node.example:8333",
        "https://10.8.0.1:8333",
        "10.8.0.1:8333/x",
        "LONG"
      })
  void addPeer_thatIsNoAddress_isTheCallersMistake(String url) {
    String text = url.replace("LONG", "[" + "0:".repeat(5_000) + "1]:8333");

    ApiResponse answer = api.post("/addpeer", "{\"peer_url\":\"" + text + "\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(TestApi.json(answer).get("error").asText()).startsWith("peer_url is not");
  }

  @Test
  void requests_toANodeThatStops_areAnsweredBusy() {
    api.driver().close();

    for (String path : new String[] {"/sync_mempool", "/sync_now", "/discover_peers"}) {
      ApiResponse answer = api.post(path, "");
      assertThat(answer.status()).as(path).isEqualTo(503);
      assertThat(answer.headers()).containsKey("Retry-After");
    }
  }
}
