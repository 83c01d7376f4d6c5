package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.OfferOutcome;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.settings.RefusalReason;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsDraft;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five running nodes whose settings are changed through their drivers, in virtual time. */
final class DriverSettingsTest {
  private static final Signatures SIGNATURES = Signatures.ed25519();
  private static final NodeKey SIGNER = key(77);
  private static final NodeKey COLLEAGUE = key(78);

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryNetwork network = MemoryNetwork.immediate();
  private final List<VirtualNode> nodes = new ArrayList<>();
  private final ChainFixture chain = ChainFixture.begin();

  private static NodeKey key(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return NodeKey.ofSeed(seed);
  }

  private SettingsState state() {
    return SettingsState.of(
        chain.engine().params().fingerprint(),
        OperationalSettings.DEFAULT.withMinFeePerKilobyte(0),
        TrustedSigners.of(List.of(SIGNER.id())),
        SIGNATURES);
  }

  @BeforeEach
  void startFiveNodesInALine() {
    for (int i = 0; i < 5; i++) {
      TestNode plain = TestNode.on(i == 0 ? chain : ChainFixture.begin(), i + 1);
      ProtocolSetup setup = plain.setup();
      TestNode node =
          new TestNode(
              plain.chain(),
              new ProtocolSetup(
                  setup.engine(), setup.self(), state(), setup.memory(), setup.seed()));
      nodes.add(
          VirtualNode.start(node, network.transportAt(Conversation.addressOf(i + 1)), executor));
      if (i > 0) {
        nodes.get(i).driver().connect(Conversation.addressOf(i));
      }
    }
    executor.pass(Duration.ofSeconds(1));
    assertThat(nodes.get(2).driver().connections()).isEqualTo(2);
  }

  private SettingsDocument document(NodeKey signer, long version, String name, String value) {
    return new SettingsDraft(
            chain.engine().params().fingerprint(),
            version,
            chain.now() - 60,
            chain.now() + 3_600,
            new TreeMap<>(Map.of(name, value)))
        .sign(SIGNATURES, signer);
  }

  private SettingsDocument interval(long version, int seconds) {
    return document(SIGNER, version, "sync.mempool.interval_seconds", Integer.toString(seconds));
  }

  private List<Integer> intervals() {
    return nodes.stream().map(node -> node.driver().settings().interval(SyncTask.MEMPOOL)).toList();
  }

  private <T> T soon(CompletableFuture<T> receipt) {
    executor.run();
    assertThat(receipt).isCompleted();
    return receipt.join();
  }

  private SettingsAnswer publish(int node, SettingsDocument document) {
    return soon(nodes.get(node).driver().publish(document));
  }

  private static RefusalReason refusal(SettingsAnswer answer) {
    return ((SettingsAnswer.Refused) answer).reason();
  }

  private long mempoolRuns(int node) {
    var status = soon(nodes.get(node).driver().currentStatus());
    return Objects.requireNonNull(status.tasks().counters().get(SyncTask.MEMPOOL)).attempts();
  }

  @Test
  void publish_toOneOfFiveNodes_changesTheIntervalOfAllWithinASecond() {
    assertThat(intervals()).containsOnly(15);

    SettingsAnswer answer = publish(0, interval(1, 5));
    executor.pass(Duration.ofSeconds(1));

    assertThat(((SettingsAnswer.Applied) answer).inForce().interval(SyncTask.MEMPOOL)).isEqualTo(5);
    assertThat(intervals()).hasSize(5).containsOnly(5);
    assertThat(nodes)
        .allMatch(
            node ->
                node.events(SyncEvent.SettingsChanged.class)
                    .equals(List.of(new SyncEvent.SettingsChanged(1))));
    for (int i = 0; i < 5; i++) {
      long before = mempoolRuns(i);
      executor.pass(Duration.ofMinutes(1));
      assertThat(mempoolRuns(i) - before).as("runs in a minute").isBetween(10L, 14L);
    }
  }

  @Test
  void publish_aReplayAndAConsensusKey_changesNobody() {
    publish(0, interval(1, 5));
    publish(0, interval(2, 20));
    executor.pass(Duration.ofSeconds(1));

    assertThat(refusal(publish(4, interval(1, 5)))).isEqualTo(RefusalReason.REPLAYED);
    assertThat(refusal(publish(2, document(SIGNER, 3, "time.target_block_seconds", "1"))))
        .isEqualTo(RefusalReason.CONSENSUS_KEY);
    executor.pass(Duration.ofMinutes(1));

    assertThat(intervals()).hasSize(5).containsOnly(20);
    assertThat(nodes.get(4).events(SyncEvent.SettingsRefused.class)).hasSize(1);
  }

  @Test
  void trust_anotherSigner_isObeyedWhereItIsTrusted() {
    SettingsDocument ofColleague = document(COLLEAGUE, 1, "sync.mempool.interval_seconds", "7");
    assertThat(refusal(publish(0, ofColleague))).isEqualTo(RefusalReason.UNTRUSTED_SIGNER);

    nodes.get(0).driver().trust(TrustedSigners.of(List.of(COLLEAGUE.id())));
    assertThat(publish(0, ofColleague)).isInstanceOf(SettingsAnswer.Applied.class);
    executor.pass(Duration.ofSeconds(1));

    assertThat(intervals()).containsExactly(7, 15, 15, 15, 15);
  }

  @Test
  void useOwn_besideADocument_holdsWhereTheDocumentSaysNothing() {
    publish(0, document(SIGNER, 1, "peers.target", "4"));
    executor.pass(Duration.ofSeconds(1));
    SyncDriver driver = nodes.get(3).driver();
    OperationalSettings own = OperationalSettings.DEFAULT.withInterval(SyncTask.MEMPOOL, 33);

    assertThat(soon(driver.useOwn(own))).isInstanceOf(SettingsAnswer.Applied.class);
    assertThat(driver.settings().interval(SyncTask.MEMPOOL)).isEqualTo(33);
    assertThat(driver.settings().peers().target()).isEqualTo(4);

    SettingsAnswer answer = soon(driver.useOwn(own.withPeers(new PeerLimits(6, 8, 20))));
    assertThat(refusal(answer)).isEqualTo(RefusalReason.OUT_OF_RANGE);
    assertThat(driver.settings().interval(SyncTask.MEMPOOL)).isEqualTo(33);
  }

  @Test
  void changeOwn_afterUseOwn_changesWhatItNamesAndNothingElse() {
    SyncDriver driver = nodes.get(3).driver();
    soon(driver.useOwn(OperationalSettings.DEFAULT.withInterval(SyncTask.MEMPOOL, 33)));

    SettingsAnswer answer = soon(driver.changeOwn(Map.of("peers.max", "30")));

    assertThat(((SettingsAnswer.Applied) answer).inForce().peers().max()).isEqualTo(30);
    assertThat(driver.settings().interval(SyncTask.MEMPOOL)).isEqualTo(33);
  }

  @Test
  void changeOwn_behindOneThatIsRefused_isAppliedWithoutIt() {
    publish(3, document(SIGNER, 1, "peers.target", "4"));
    SyncDriver driver = nodes.get(3).driver();

    CompletableFuture<SettingsAnswer> unfit = driver.changeOwn(Map.of("peers.min", "6"));
    CompletableFuture<SettingsAnswer> unknown = driver.changeOwn(Map.of("colour", "green"));
    CompletableFuture<SettingsAnswer> good =
        driver.changeOwn(Map.of("sync.mempool.interval_seconds", "33"));

    assertThat(soon(good)).isInstanceOf(SettingsAnswer.Applied.class);
    assertThat(refusal(soon(unfit))).isEqualTo(RefusalReason.OUT_OF_RANGE);
    assertThat(refusal(soon(unknown))).isEqualTo(RefusalReason.UNKNOWN_KEY);
    assertThat(driver.settings().interval(SyncTask.MEMPOOL)).isEqualTo(33);
    assertThat(driver.settings().peers().min()).isEqualTo(2);
  }

  @Test
  void settingsToKeep_afterADocument_refuseItsReplayAfterARestart() {
    publish(0, interval(2, 5));
    executor.pass(Duration.ofSeconds(1));
    Bytes kept = soon(nodes.get(4).driver().settingsToKeep());

    SettingsState again = state();
    again.restore(ByteReader.of(kept.toArray()), chain.now());

    assertThat(again.current().interval(SyncTask.MEMPOOL)).isEqualTo(5);
    assertThat(again.offer(interval(1, 20), chain.now())).isInstanceOf(OfferOutcome.Refused.class);
  }
}
