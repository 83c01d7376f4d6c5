package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsDraft;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings that come from the host, from clients of the interface, and from a signer. */
@Timeout(60)
final class SettingsDeskTest {
  private static final NodeKey SIGNER = NodeKey.ofSeed(new byte[NodeKey.SEED_BYTES]);

  private final TestApi api = TestApi.begin();

  @AfterEach
  void close() {
    api.close();
  }

  private String document(long version, Map<String, String> settings) {
    SettingsDocument signed =
        new SettingsDraft(
                api.chain().engine().params().fingerprint(),
                version,
                api.chain().now() - 60,
                api.chain().now() + 3_600,
                new TreeMap<>(settings))
            .sign(Signatures.ed25519(), SIGNER);
    ByteWriter out = ByteWriter.create();
    signed.write(out);
    return "{\"document\":\"" + Bytes.of(out.toArray()).toHex() + "\"}";
  }

  private ApiResponse refresh(String body) {
    return api.post("/config/refresh", body);
  }

  @Test
  void refresh_afterTheHostSetItsOwn_keepsWhatItDoesNotName() throws Exception {
    OperationalSettings hosts = OperationalSettings.DEFAULT.withInterval(SyncTask.CHAIN, 77);
    api.driver().useOwn(hosts).get(30, TimeUnit.SECONDS);

    assertThat(refresh("{\"max_peers\":30}").status()).isEqualTo(200);

    assertThat(api.driver().settings().interval(SyncTask.CHAIN)).isEqualTo(77);
    assertThat(api.driver().settings().peers().max()).isEqualTo(30);
    assertThat(refresh("").status()).isEqualTo(200);
    assertThat(api.driver().settings().interval(SyncTask.CHAIN)).isEqualTo(77);
  }

  @Test
  void change_besideOneThatTheDocumentRefuses_isNotBuiltOnIt() throws Exception {
    api.driver().trust(TrustedSigners.of(List.of(SIGNER.id())));
    assertThat(refresh(document(1, Map.of("peers.target", "4"))).status()).isEqualTo(200);
    SettingsDesk desk = SettingsDesk.of(api.driver());

    CompletableFuture<SettingsAnswer> unfit = desk.change(Map.of("peers.min", "6"));
    CompletableFuture<SettingsAnswer> good = desk.change(Map.of("peers.max", "30"));

    assertThat(unfit.get(30, TimeUnit.SECONDS)).isInstanceOf(SettingsAnswer.Refused.class);
    assertThat(good.get(30, TimeUnit.SECONDS)).isInstanceOf(SettingsAnswer.Applied.class);
    assertThat(api.driver().settings().peers().min()).isEqualTo(2);
  }

  @Test
  void refresh_aDocumentWhoseValueIsRefused_leavesTheOldOnesAndTheWayFree() {
    api.driver().trust(TrustedSigners.of(List.of(SIGNER.id())));
    refresh(document(1, Map.of("sync.mempool.interval_seconds", "5")));

    ApiResponse refused =
        refresh(document(2, Map.of("sync.mempool.interval_seconds", "6", "peers.max", "1")));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(TestApi.json(refused).get("error").asText())
        .startsWith("out_of_range")
        .contains("peers.max");
    assertThat(api.driver().settings().interval(SyncTask.MEMPOOL)).isEqualTo(5);
    ApiResponse next = refresh(document(2, Map.of("sync.mempool.interval_seconds", "7")));
    assertThat(next.status()).isEqualTo(200);
    assertThat(api.driver().settings().interval(SyncTask.MEMPOOL)).isEqualTo(7);
  }

  @Test
  void refresh_withoutABody_changesNothingAndTellsWhatIsInForce() {
    api.driver().trust(TrustedSigners.of(List.of(SIGNER.id())));
    refresh(document(1, Map.of("peers.target", "4")));
    OperationalSettings before = api.driver().settings();

    ApiResponse answer = refresh("");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(TestApi.json(answer).get("settings").get("peers.target").asText()).isEqualTo("4");
    assertThat(api.driver().settings()).isEqualTo(before);
    assertThat(api.getJson("/openapi.json").at("/paths/~1config~1refresh/post/summary").asText())
        .contains("Without a body it changes nothing");
  }

  @Test
  void refresh_ofAStrangersDocument_isRefusedByName() {
    ApiResponse refused = refresh(document(1, Map.of("peers.max", "30")));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(TestApi.json(refused).get("error").asText()).startsWith("untrusted_signer");
  }

  @Test
  void refresh_aDocumentOfConsensus_isAConflict() {
    api.driver().trust(TrustedSigners.of(List.of(SIGNER.id())));

    ApiResponse refused = refresh(document(1, Map.of("time.target_block_seconds", "1")));

    assertThat(refused.status()).isEqualTo(409);
  }

  @Test
  void change_ofANodeThatIsClosed_isGivenUp() {
    api.driver().close();

    CompletableFuture<SettingsAnswer> late =
        SettingsDesk.of(api.driver()).change(Map.of("peers.max", "30"));

    assertThat(late).isCompletedExceptionally();
  }
}
