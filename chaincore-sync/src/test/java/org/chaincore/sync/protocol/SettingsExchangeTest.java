package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.FeeFilter;
import org.chaincore.sync.message.GetNetworkConfig;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NetworkConfig;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.settings.RefusalReason;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsDraft;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.sim.LinkConditions;
import org.chaincore.sync.sim.SimulatedNode;
import org.chaincore.sync.sim.Simulation;
import org.junit.jupiter.api.Test;

/** Signed settings go from node to node and take effect while the nodes run. */
final class SettingsExchangeTest {
  private static final Signatures SIGNATURES = Signatures.ed25519();
  private static final NodeKey SIGNER = key(77);
  private static final NodeKey COLLEAGUE = key(78);
  private static final String INTERVAL = "sync.mempool.interval_seconds";

  private static final String CONSENSUS = "time.target_block_seconds";

  private final ChainFixture chain = ChainFixture.begin();
  private final SettingsState state = state(chain);
  private final Conversation conversation = node(chain, 1, state).converse();

  private static NodeKey key(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return NodeKey.ofSeed(seed);
  }

  private static SettingsState state(ChainFixture chain) {
    return SettingsState.of(
        chain.engine().params().fingerprint(),
        OperationalSettings.DEFAULT.withMinFeePerKilobyte(0),
        TrustedSigners.of(List.of(SIGNER.id())),
        SIGNATURES);
  }

  private static TestNode node(ChainFixture chain, int seed, SettingsState state) {
    TestNode node = TestNode.on(chain, seed);
    return new TestNode(chain, new ProtocolSetup(chain.engine(), node.setup().self(), state, seed));
  }

  private SettingsDraft draft(long version, Map<String, String> settings) {
    long now = chain.now();
    Hash256 network = chain.engine().params().fingerprint();
    return new SettingsDraft(network, version, now - 60, now + 3_600, new TreeMap<>(settings));
  }

  private SettingsDocument document(long version, String name, String value) {
    return draft(version, Map.of(name, value)).sign(SIGNATURES, SIGNER);
  }

  private SettingsDocument interval(long version, int seconds) {
    return document(version, INTERVAL, Integer.toString(seconds));
  }

  private int intervalNow() {
    return state.current().interval(SyncTask.MEMPOOL);
  }

  private List<SyncEvent> events() {
    List<SyncEvent> events = new ArrayList<>();
    for (Output output : conversation.others()) {
      if (output instanceof Output.Emit emit) {
        events.add(emit.event());
      }
    }
    return events;
  }

  private List<Message> told(PeerId peer) {
    return conversation.heardBy(peer).stream()
        .filter(message -> message instanceof NetworkConfig || message instanceof GetNetworkConfig)
        .toList();
  }

  @Test
  void established_peerWithTheExtension_isToldOurVersion() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    assertThat(told(alice)).containsExactly(new GetNetworkConfig(0));
  }

  @Test
  void established_peerWithoutTheExtension_hearsNothing() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND, Greeting.full(Set.of()));
    conversation.happens(new Input.SettingsPublished(interval(1, 20)));
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void published_goodDocument_takesEffectAndGoesToAllPeersOnce() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    told(alice);
    told(bob);
    events();
    SettingsDocument document = interval(1, 20);

    conversation.happens(new Input.SettingsPublished(document));

    assertThat(told(alice)).containsExactly(new NetworkConfig(document));
    assertThat(told(bob)).containsExactly(new NetworkConfig(document));
    assertThat(intervalNow()).isEqualTo(20);
    assertThat(events()).containsExactly(new SyncEvent.SettingsChanged(1));

    conversation.happens(new Input.SettingsPublished(document));
    assertThat(told(alice)).isEmpty();
    assertThat(events())
        .hasSize(1)
        .first()
        .isInstanceOfSatisfying(
            SyncEvent.SettingsRefused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.REPLAYED));
  }

  @Test
  void received_goodDocument_isPassedOnToAllButItsSender() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    told(alice);
    told(bob);

    conversation.says(alice, new NetworkConfig(interval(3, 40)));

    assertThat(told(alice)).isEmpty();
    assertThat(told(bob)).containsExactly(new NetworkConfig(interval(3, 40)));
    assertThat(intervalNow()).isEqualTo(40);
  }

  @Test
  void requested_byAPeerWithAnOlderVersion_isAnsweredWithTheDocument() {
    conversation.happens(new Input.SettingsPublished(interval(3, 40)));
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    assertThat(told(alice)).containsExactly(new GetNetworkConfig(3));

    conversation.says(alice, new GetNetworkConfig(2));
    assertThat(told(alice)).containsExactly(new NetworkConfig(interval(3, 40)));
    conversation.says(alice, new GetNetworkConfig(3));
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void requested_withoutEnd_isAnsweredAFewTimes() {
    conversation.happens(new Input.SettingsPublished(interval(3, 40)));
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    told(alice);
    for (int i = 0; i < 100; i++) {
      conversation.says(alice, new GetNetworkConfig(0));
    }
    assertThat(told(alice)).hasSize(SettingsExchange.QUESTIONS_AT_ONCE);
  }

  @Test
  void received_badSignature_isRefusedAndNotPassedOn() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    told(bob);
    NodeSignature other = interval(5, 41).signature();
    SettingsDocument forged =
        new SettingsDocument(draft(4, Map.of(INTERVAL, "40")), SIGNER.id(), other);

    conversation.says(alice, new NetworkConfig(forged));

    assertThat(told(bob)).isEmpty();
    assertThat(intervalNow()).isEqualTo(15);
    assertThat(state.counts().refused(RefusalReason.BAD_SIGNATURE)).isOne();
  }

  @Test
  void received_consensusKey_isRefusedAndNotPassedOn() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    told(bob);
    SettingsDraft draft = draft(4, Map.of(INTERVAL, "40", CONSENSUS, "1"));
    conversation.says(alice, new NetworkConfig(draft.sign(SIGNATURES, SIGNER)));
    assertThat(told(bob)).isEmpty();
    assertThat(intervalNow()).isEqualTo(15);
    assertThat(state.counts().refused(RefusalReason.CONSENSUS_KEY)).isOne();
  }

  @Test
  void received_documentsWithoutEnd_areNotLookedAt() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    for (int i = 0; i < 100; i++) {
      conversation.says(alice, new NetworkConfig(interval(1, 40)));
    }
    assertThat(state.counts().refused(RefusalReason.REPLAYED))
        .isEqualTo(SettingsExchange.DOCUMENTS_AT_ONCE - 1);
  }

  @Test
  void received_feeFloor_reachesTheMempoolAndThePeers() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    conversation.heardBy(alice);

    conversation.says(alice, new NetworkConfig(document(1, "policy.min_fee_per_kvb", "5000")));

    assertThat(chain.engine().mempoolLimits().minFeePerKilobyte()).isEqualTo(5_000);
    assertThat(conversation.heardBy(alice)).containsExactly(new FeeFilter(5_000));
  }

  @Test
  void received_anyOtherSetting_leavesTheMempoolAsItIs() {
    long room = chain.engine().mempoolLimits().maxVirtualBytes();
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    conversation.says(alice, new NetworkConfig(interval(1, 20)));
    assertThat(chain.engine().mempoolLimits().maxVirtualBytes()).isEqualTo(room);
  }

  @Test
  void pass_documentExpires_hostsOwnSettingsHoldAgain() {
    conversation.happens(new Input.SettingsPublished(interval(1, 20)));
    events();
    conversation.pass(Duration.ofSeconds(3_599));
    assertThat(intervalNow()).isEqualTo(20);
    conversation.pass(Duration.ofSeconds(1));
    assertThat(intervalNow()).isEqualTo(15);
    assertThat(events()).contains(new SyncEvent.SettingsChanged(0));
    assertThat(state.counts().expired()).isOne();
  }

  @Test
  void clockSet_pastTheEndOfADocument_hostsOwnSettingsHoldAgain() {
    conversation.happens(new Input.SettingsPublished(interval(1, 20)));
    conversation.happens(new Input.ClockSet(-3_600_000));
    conversation.pass(Duration.ofHours(1));
    assertThat(intervalNow()).as("it has an hour again").isEqualTo(20);
    conversation.happens(new Input.ClockSet(0));
    conversation.pass(Duration.ofMillis(1));
    assertThat(intervalNow()).isEqualTo(15);
  }

  @Test
  void pass_fiveMinutes_asksPeersAgain() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    told(alice);
    for (long passed = 0; passed < SettingsExchange.ASK_MILLIS; passed += 50_000) {
      conversation.says(alice, new Ping(passed));
      conversation.pass(Duration.ofSeconds(50));
    }
    assertThat(told(alice)).containsExactly(new GetNetworkConfig(0));
  }

  @Test
  void useOwn_settingsOfTheHost_takeEffect() {
    conversation.happens(new Input.OwnSettings(state.own().withInterval(SyncTask.MEMPOOL, 33)));
    assertThat(intervalNow()).isEqualTo(33);
    assertThat(events()).contains(new SyncEvent.SettingsChanged(0));
  }

  @Test
  void useOwn_besideADocumentThatDoesNotFit_isRefused() {
    conversation.happens(new Input.SettingsPublished(document(1, "peers.target", "4")));
    OperationalSettings own = state.own();
    conversation.happens(new Input.OwnSettings(own.withPeers(new PeerLimits(6, 8, 20))));
    assertThat(state.own()).isEqualTo(own);
    assertThat(events()).anyMatch(SyncEvent.SettingsRefused.class::isInstance);
  }

  private SettingsDocument ofColleague(long version, int seconds) {
    return draft(version, Map.of(INTERVAL, Integer.toString(seconds))).sign(SIGNATURES, COLLEAGUE);
  }

  private void trusts(NodeKey... signers) {
    List<NodeId> ids = Arrays.stream(signers).map(NodeKey::id).toList();
    conversation.happens(new Input.SignersTrusted(TrustedSigners.of(ids)));
  }

  @Test
  void trust_signerDropped_itsDocumentIsNeitherObeyedNorPassedOn() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    conversation.says(alice, new NetworkConfig(interval(3, 40)));
    told(alice);
    told(bob);
    events();

    trusts();

    assertThat(intervalNow()).isEqualTo(15);
    assertThat(events()).containsExactly(new SyncEvent.SettingsChanged(0));
    conversation.says(bob, new GetNetworkConfig(0));
    assertThat(told(bob)).isEmpty();
    conversation.says(alice, new NetworkConfig(interval(4, 41)));
    assertThat(intervalNow()).isEqualTo(15);
    assertThat(told(bob)).isEmpty();
    assertThat(state.counts().refused(RefusalReason.UNTRUSTED_SIGNER)).isOne();
  }

  @Test
  void trust_signerDroppedAndTrustedAgain_itsNextDocumentHolds() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    conversation.says(alice, new NetworkConfig(interval(3, 40)));
    trusts();
    trusts(SIGNER);

    conversation.says(alice, new NetworkConfig(interval(3, 40)));
    assertThat(intervalNow()).isEqualTo(15);
    conversation.says(alice, new NetworkConfig(interval(4, 41)));
    assertThat(intervalNow()).isEqualTo(41);
  }

  @Test
  void trust_newSigner_peersAreAskedForItsDocument() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    conversation.says(alice, new NetworkConfig(ofColleague(2, 50)));
    assertThat(intervalNow()).isEqualTo(15);
    told(alice);
    told(bob);

    trusts(SIGNER, COLLEAGUE);

    assertThat(told(alice)).containsExactly(new GetNetworkConfig(0));
    assertThat(told(bob)).containsExactly(new GetNetworkConfig(0));
    conversation.says(alice, new NetworkConfig(ofColleague(2, 50)));
    assertThat(intervalNow()).isEqualTo(50);
    assertThat(told(bob)).containsExactly(new NetworkConfig(ofColleague(2, 50)));
  }

  @Test
  void trust_otherSignerInstead_itsLowerVersionIsTakenAndPassedOn() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    PeerId bob = conversation.greets("bob", ConnectionKind.OUTBOUND);
    conversation.happens(new Input.SettingsPublished(interval(7, 40)));
    told(alice);
    told(bob);

    trusts(COLLEAGUE);
    assertThat(told(alice)).containsExactly(new GetNetworkConfig(0));
    told(bob);
    conversation.says(alice, new NetworkConfig(ofColleague(2, 50)));

    assertThat(intervalNow()).isEqualTo(50);
    assertThat(told(bob)).containsExactly(new NetworkConfig(ofColleague(2, 50)));
  }

  @Test
  void trust_sameSignersOrNobody_asksNoPeer() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    told(alice);
    trusts(SIGNER);
    trusts();
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void trust_changedAllTheTime_asksAFewTimesAndOnceMoreLater() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    told(alice);
    for (int i = 0; i < 20; i++) {
      trusts(i % 2 == 0 ? COLLEAGUE : SIGNER);
    }
    assertThat(told(alice)).hasSize(SettingsExchange.CHANGES_AT_ONCE);
    conversation.pass(Duration.ofMillis(SettingsExchange.GAP_MILLIS));
    assertThat(told(alice)).containsExactly(new GetNetworkConfig(0));
  }

  @Test
  void disconnected_peer_isForgotten() {
    PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);
    told(alice);
    conversation.leaves(alice);
    conversation.happens(new Input.SettingsPublished(interval(1, 20)));
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void network_ofFiveNodes_followsADocumentAndRefusesItsReplayAndConsensus() {
    Simulation simulation = Simulation.of(1, chain.now() * 1_000, LinkConditions.GOOD);
    List<SettingsState> states = new ArrayList<>();
    List<SimulatedNode> nodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ChainFixture own = ChainFixture.begin();
      SettingsState mine = state(own);
      states.add(mine);
      int seed = i + 1;
      nodes.add(
          SimulatedNode.join(
              simulation, Conversation.addressOf(seed), () -> node(own, seed, mine).setup()));
      nodes.get(i).start();
    }
    for (int i = 1; i < 5; i++) {
      simulation.connect(nodes.get(i), nodes.get(i - 1).address());
    }
    simulation.run(Duration.ofMinutes(2));
    assertThat(states).allMatch(one -> one.current().interval(SyncTask.MEMPOOL) == 15);
    List<Long> before = attempts(nodes);

    nodes.get(0).handle(new Input.SettingsPublished(interval(1, 5)));
    simulation.run(Duration.ofMinutes(2));
    assertThat(states).allMatch(one -> one.current().interval(SyncTask.MEMPOOL) == 5);
    List<Long> after = attempts(nodes);
    for (int i = 0; i < 5; i++) {
      assertThat(before.get(i)).isBetween(7L, 9L);
      assertThat(after.get(i) - before.get(i)).as("runs of 2 minutes").isBetween(22L, 27L);
    }

    nodes.get(0).handle(new Input.SettingsPublished(interval(2, 20)));
    simulation.run(Duration.ofSeconds(10));
    nodes.get(4).handle(new Input.SettingsPublished(interval(1, 5)));
    nodes.get(2).handle(new Input.SettingsPublished(document(3, CONSENSUS, "1")));
    simulation.run(Duration.ofMinutes(1));
    assertThat(states).allMatch(one -> one.current().interval(SyncTask.MEMPOOL) == 20);
    assertThat(states.get(4).counts().refused(RefusalReason.REPLAYED)).isOne();
    assertThat(states.get(2).counts().refused(RefusalReason.CONSENSUS_KEY)).isOne();
    assertThat(states).allMatch(one -> one.version() == 2);
  }

  private static List<Long> attempts(List<SimulatedNode> nodes) {
    List<Long> attempts = new ArrayList<>();
    for (SimulatedNode node : nodes) {
      attempts.add(
          Objects.requireNonNull(node.protocol().tasks().get(SyncTask.MEMPOOL)).attempts());
    }
    return attempts;
  }
}
