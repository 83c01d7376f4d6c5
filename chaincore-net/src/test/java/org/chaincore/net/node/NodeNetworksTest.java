package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.pow.LwmaRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Target;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes of all kinds of networks, and what their interfaces say of them. */
@Timeout(60)
final class NodeNetworksTest {
  private static final KeyPair MINER = KeyPair.ofSeed(new byte[32]);
  private static final Target EASIEST = Target.ofBits(0x200fffff);
  private static final TargetRange RANGE = new TargetRange(Target.ofBits(0x1b00ffff), EASIEST);

  private static ChainParams own(DifficultyRule rule) {
    return ChainParams.builder("harbour", 0xd4c3b2a1)
        .genesis("Harbour", 1_600_000_000L, 0x200fffff)
        .work(EASIEST, rule)
        .build();
  }

  private static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(Networks.regtest(), false, 0, 0),
        Arguments.of(Networks.chaincore(), true, 10, 4),
        Arguments.of(own(new AsertRule(600, 10, RANGE)), true, 1, 1),
        Arguments.of(own(new LwmaRule(60, 10, RANGE)), true, 1, 1),
        Arguments.of(own(new BitcoinRetarget(100, 10, EASIEST, false)), true, 10, 1));
  }

  private static JsonNode get(ChainNode node, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + node.httpAddress().orElseThrow().getPort() + path);
    HttpURLConnection client = (HttpURLConnection) uri.toURL().openConnection();
    return new ObjectMapper().readTree(client.getInputStream());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void networkConfig_ofEachDifficultyRule_saysHowItAdjusts(
      ChainParams params, boolean isAdjusted, int interval, int change) throws Exception {
    try (ChainNode node = ChainNode.builder().network(params).http("127.0.0.1:0").start()) {
      JsonNode config = get(node, "/network_config");

      assertThat(config.get("network").asText()).isEqualTo(params.name());
      assertThat(config.get("difficulty_adjustment_enabled").asBoolean()).isEqualTo(isAdjusted);
      assertThat(config.get("difficulty_adjustment_interval").asInt()).isEqualTo(interval);
      assertThat(config.get("max_difficulty_change").asInt()).isEqualTo(change);
      assertThat(config.get("min_difficulty").asInt())
          .isLessThanOrEqualTo(config.get("max_difficulty").asInt());
      assertThat(get(node, "/stats").get("difficulty").get("rule").asText())
          .isEqualTo(params.work().difficulty().canonical());
      assertThat(get(node, "/status/detailed").get("config_in_sync").asBoolean()).isTrue();
    }
  }

  @Test
  void difficulty_thatHasChanged_isToldWithTheHeightWhereItDid() throws Exception {
    // Not so hard that a machine with more to do would take long.
    TargetRange easy = new TargetRange(Target.ofBits(0x1f0fffff), EASIEST);
    ChainParams params = own(new LwmaRule(2, 10, easy));
    try (ChainNode node =
        ChainNode.builder()
            .network(params)
            .http("127.0.0.1:0")
            .mineTo(MINER.payToWitnessPubkeyHash())
            .start()) {
      node.whenHeight(12).get(40, TimeUnit.SECONDS);

      JsonNode stats = get(node, "/stats");

      assertThat(stats.get("difficulty").get("last_adjustment_height").asInt()).isPositive();
      assertThat(stats.get("network_wide_stats").has("total_hash_rate")).isTrue();
    }
  }

  @Test
  void clock_beforeTheChain_makesTheMinerWait() throws Exception {
    try (ChainNode node =
        ChainNode.builder()
            .network(Networks.regtest())
            .clock(() -> 0L)
            .http("127.0.0.1:0")
            .mineTo(MINER.payToWitnessPubkeyHash())
            .start()) {
      HttpURLConnection client =
          (HttpURLConnection)
              URI.create(
                      "http://127.0.0.1:"
                          + node.httpAddress().orElseThrow().getPort()
                          + "/mine_block")
                  .toURL()
                  .openConnection();
      client.setRequestMethod("POST");
      client.setRequestProperty(
          "Authorization", "Bearer " + Files.readString(node.apiTokenFile().orElseThrow()).strip());
      client.setDoOutput(true);
      client
          .getOutputStream()
          .write(
              ("{\"miner_address\":\""
                      + new Address(node.params().addresses(), MINER.payToWitnessPubkeyHash())
                      + "\"}")
                  .getBytes(StandardCharsets.UTF_8));

      assertThat(client.getResponseCode()).isEqualTo(503);
      assertThat(client.getHeaderField("Retry-After")).isNotNull();
      assertThat(node.tip().height()).isZero();
    }
  }

  @Test
  void transport_ofTheHosts_isStartedAndClosedAndHasNoTcpAddress() throws Exception {
    MemoryNetwork network = MemoryNetwork.immediate();
    NetworkAddress one = NetworkAddress.parse("203.0.113.1:18444");
    NetworkAddress two = NetworkAddress.parse("203.0.113.2:18444");
    try (ChainNode first =
            ChainNode.builder()
                .network(Networks.regtest())
                .transport(network.transportAt(one))
                .mineTo(MINER.payToWitnessPubkeyHash())
                .blockInterval(1)
                .start();
        ChainNode second =
            ChainNode.builder()
                .network(Networks.regtest())
                .transport(network.transportAt(two))
                .connectTo(one)
                .start()) {
      assertThat(first.p2pAddress()).isEmpty();
      second.whenHeight(1).get(40, TimeUnit.SECONDS);
      assertThat(second.close(Duration.ofSeconds(20))).isEmpty();
    }
  }

  @Test
  void submit_ofABlockThatIsRefused_isRememberedAsTheHosts() throws Exception {
    try (ChainNode node =
        ChainNode.builder()
            .network(Networks.regtest())
            .mineTo(MINER.payToWitnessPubkeyHash())
            .blockInterval(3_600)
            .start()) {
      node.whenHeight(1).get(40, TimeUnit.SECONDS);
      Block good = node.engine().block(node.tip().hash()).orElseThrow();
      List<Transaction> twice = new ArrayList<>(good.transactions());
      twice.addAll(good.transactions());
      // Whether its hash is good is a matter of chance; its body never is.
      Block bad = new Block(good.header().withTime(good.header().time() + 1), twice);

      assertThat(node.submit(bad)).isInstanceOf(BlockOutcome.Rejected.class);

      assertThat(node.explain(bad.hash())).isPresent();
    }
  }
}
