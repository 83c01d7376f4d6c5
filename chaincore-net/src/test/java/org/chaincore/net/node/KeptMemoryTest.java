package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreHealth;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.node.NodeStartException.Reason;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsDraft;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node keeps beside its chain, when its store fails or what it kept is damaged. */
@Timeout(60)
final class KeptMemoryTest {
  private static final NodeKey SIGNER = NodeKey.ofSeed(new byte[NodeKey.SEED_BYTES]);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(20);

  private final DurableHeap heap = new DurableHeap();

  private NodeBuilder node() {
    return ChainNode.builder()
        .network(Networks.regtest())
        .store(heap.store())
        .trustConfigSigner(SIGNER.id());
  }

  private void startAndClose() {
    try (ChainNode node = node().start()) {
      assertThat(node.tip().height()).isZero();
      assertThat(node.close(CLOSE_TIME)).isEmpty();
    }
  }

  private static SettingsDocument interval(long version, int seconds) {
    long now = System.currentTimeMillis() / 1_000;
    return new SettingsDraft(
            Networks.regtest().fingerprint(),
            version,
            now - 60,
            now + 3_600,
            new TreeMap<>(Map.of("sync.mempool.interval_seconds", Integer.toString(seconds))))
        .sign(Signatures.ed25519(), SIGNER);
  }

  @Test
  void close_always_keepsPeersSettingsAndMempool() {
    startAndClose();

    assertThat(heap.sections.keySet())
        .contains(NodeKeeper.PEERS, NodeKeeper.SETTINGS, NodeKeeper.MEMPOOL);
  }

  @Test
  void settings_thatWereSigned_holdAgainAfterARestart() throws Exception {
    try (ChainNode node = node().start()) {
      assertThat(node.publishConfig(interval(1, 7)).get(30, TimeUnit.SECONDS))
          .isInstanceOf(SettingsAnswer.Applied.class);
    }
    try (ChainNode again = node().start()) {
      assertThat(again.sync().settings().interval(SyncTask.MEMPOOL)).isEqualTo(7);
      assertThat(again.publishConfig(interval(1, 9)).get(30, TimeUnit.SECONDS))
          .isInstanceOf(SettingsAnswer.Refused.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = StoreFault.class,
      names = {"CORRUPT", "MISSING_FILE"})
  void sections_thatAreDamaged_areLeftOut(StoreFault fault) {
    heap.readFault = fault;

    startAndClose();
  }

  @ParameterizedTest
  @EnumSource(
      value = StoreFault.class,
      names = {"IO", "CLOSED"})
  void sections_thatCannotBeRead_refuseTheStart(StoreFault fault) {
    heap.readFault = fault;

    assertThatThrownBy(() -> node().start())
        .isInstanceOfSatisfying(
            NodeStartException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.STORE));
  }

  @ParameterizedTest
  @CsvSource({"00", "ff", "ffffffffffffffffff", "0102030405060708090a0b0c0d0e0f"})
  void sections_ofSomethingElse_areLeftOut(String bytes) {
    for (String section :
        new String[] {NodeKeeper.PEERS, NodeKeeper.SETTINGS, NodeKeeper.MEMPOOL}) {
      heap.sections.put(section, Bytes.parse(bytes));
    }

    startAndClose();
  }

  @Test
  void close_whenNothingCanBeKept_closesAllTheSame() {
    heap.writeFault = StoreFault.DISK_FULL;

    startAndClose();

    assertThat(heap.sections).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "LOCKED,DIRECTORY_IN_USE",
    "WRONG_OWNER,DIRECTORY",
    "READ_ONLY_DIRECTORY,DIRECTORY",
    "NO_PROVIDER,DIRECTORY",
    "OTHER_NETWORK,OTHER_NETWORK",
    "FORMAT_VERSION,STORE",
    "CORRUPT,STORE",
  })
  void start_onAStoreThatRefuses_saysWhatKindOfRefusalItIs(StoreFault fault, Reason reason) {
    heap.openFault = fault;

    assertThatThrownBy(() -> node().start())
        .isInstanceOfSatisfying(
            NodeStartException.class, refused -> assertThat(refused.reason()).isEqualTo(reason))
        .hasMessageContaining("as it was told to");
  }

  @Test
  void store_thatIsFull_isToldOfAndAskedWhetherItCanGoOn() throws Exception {
    heap.health = new StoreHealth.ReadOnly(StoreFault.DISK_FULL, "no room");
    try (ChainNode node = node().start()) {
      assertThat(node.status().store()).isEqualTo(heap.health);
      assertThat(node.status().why()).contains("no room");
      assertThat(heap.resumed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
