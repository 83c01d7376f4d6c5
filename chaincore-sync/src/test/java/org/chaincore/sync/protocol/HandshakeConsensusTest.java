package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.GetParams;
import org.chaincore.sync.message.Params;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** Peers that live by other rules learn which, and leave. */
final class HandshakeConsensusTest {
  private static final Bytes OTHER = Bytes.of(new byte[32]);

  private final TestNode node = TestNode.begin();
  private final Conversation conversation = node.converse();

  private PeerId stranger() {
    return greeted(conversation.connects("eve", ConnectionKind.INBOUND));
  }

  /** Says all of a handshake, and that it lives by other rules. */
  private PeerId greeted(PeerId stranger) {
    Greeting greeting = Greeting.full(Set.of()).withFeature(Extension.PARAMS, OTHER);
    conversation.says(stranger, greeting.version(0, 7));
    conversation.transcript();
    greeting
        .betweenVersionAndVerack(Bytes.EMPTY)
        .forEach(message -> conversation.says(stranger, message));
    conversation.says(stranger, new Verack());
    return stranger;
  }

  @Test
  void fingerprint_thatDiffers_makesBothAskAndTheAnswerNamesTheField() {
    PeerId eve = stranger();
    conversation.says(eve, new GetParams());
    TreeMap<String, String> fields =
        new TreeMap<>(node.setup().engine().params().consensusFields());
    fields.put("emission.coinbase_maturity", "100");
    conversation.says(eve, new Params(fields));

    assertThat(conversation.transcript())
        .isEqualTo(
            """
                 0.000 eve > wtxidrelay
                 0.000 eve > sendaddrv2
                 0.000 eve > feature chaincore/params/1
                 0.000 eve < getparams
                 0.000 eve > verack
                 0.000 eve > getparams
                 0.000 eve < params
                 0.000 eve > params
                 0.000 eve cut CONSENSUS_DIFFERS (emission.coinbase_maturity: ours 3, theirs 100)
            """);
  }

  @Test
  void fingerprint_thatDiffersWhereTheHostWantedToConnect_isToldToTheHost() {
    NetworkAddress address = NetworkAddress.parse("192.0.2.1:17333");
    conversation.happens(new Input.ConnectRequested(address));
    PeerId eve = greeted(conversation.connects("eve", address, ConnectionKind.MANUAL));
    conversation.others();
    conversation.says(eve, new Params(new TreeMap<>(Map.of("emission.coinbase_maturity", "100"))));

    assertThat(conversation.others())
        .filteredOn(Output.Emit.class::isInstance)
        .containsExactly(
            new Output.Emit(
                new SyncEvent.ConnectionRefused(
                    address,
                    new DisconnectReason(
                        DisconnectReason.Cause.CONSENSUS_DIFFERS,
                        "activations.check_lock_time: ours 1, theirs (none)"))));
  }

  @Test
  void paramsAsked_moreThanOnce_areToldOnce() {
    PeerId eve = stranger();
    conversation.heardBy(eve);
    conversation.says(eve, new GetParams());
    conversation.says(eve, new GetParams());
    conversation.says(eve, new Ping(1));

    assertThat(conversation.heardBy(eve)).hasOnlyElementsOfType(Params.class).hasSize(1);
  }

  @Test
  void params_thatNeverCome_endTheConnectionSoon() {
    stranger();
    conversation.transcript();
    conversation.pass(Duration.ofMillis(Handshake.PARAMS_TIMEOUT_MILLIS));

    assertThat(conversation.transcript())
        .isEqualTo(
            """
                10.000 eve cut CONSENSUS_DIFFERS (fingerprint)
            """);
  }

  @Test
  void params_thatAreOurs_belieTheFingerprint() {
    PeerId eve = stranger();
    conversation.says(eve, Params.of(node.setup().engine().params()).orElseThrow());

    assertThat(conversation.transcript()).endsWith("cut CONSENSUS_DIFFERS (fingerprint)\n");
  }

  @Test
  void nodes_ofDifferentNetworks_bothLearnTheField() {
    HandshakeSide here = side(TestHeaders.network().build(), ConnectionKind.OUTBOUND);
    HandshakeSide there =
        side(
            TestHeaders.network().emission(Amount.of(7), 1_000, 3).build(), ConnectionKind.INBOUND);
    HandshakeSide.connect(here, there);

    assertThat(here.cutText())
        .isEqualTo("CONSENSUS_DIFFERS (emission.coinbase_maturity: ours 100, theirs 3)");
    assertThat(there.cutText())
        .isEqualTo("CONSENSUS_DIFFERS (emission.coinbase_maturity: ours 3, theirs 100)");
  }

  @Test
  void nodes_ofTheSameNetwork_stay() {
    HandshakeSide here = side(Networks.regtest(), ConnectionKind.OUTBOUND);
    HandshakeSide there = side(Networks.regtest(), ConnectionKind.INBOUND);
    HandshakeSide.connect(here, there);

    assertThat(here.isDone()).isTrue();
    assertThat(there.isDone()).isTrue();
    assertThat(here.peer.has(Extension.PARAMS)).isTrue();
  }

  @Test
  void params_tooLongToTell_areNotToldAndTheConnectionEnds() {
    ChainParams.Builder many = TestHeaders.network();
    for (int height = 1; height <= 300; height++) {
      many.checkpoint(height, Hash256.ofWords(height, 0, 0, 0));
    }
    HandshakeSide here = side(many.build(), ConnectionKind.INBOUND);
    here.hears(Greeting.full().withFeature(Extension.PARAMS, OTHER));
    here.hears(new GetParams());
    assertThat(here.sent).noneMatch(Params.class::isInstance);
    here.pass(Handshake.PARAMS_TIMEOUT_MILLIS);

    assertThat(here.cutText()).isEqualTo("CONSENSUS_DIFFERS (fingerprint)");
  }

  @Test
  void difference_inAFieldThatOneSideLacks_saysSo() {
    TreeMap<String, String> ours = new TreeMap<>();
    ours.put("b", "1");
    TreeMap<String, String> theirs = new TreeMap<>(ours);
    theirs.put("a", "2");

    assertThat(ConsensusDifference.first(ours, theirs)).isEqualTo("a: ours (none), theirs 2");
    assertThat(ConsensusDifference.first(theirs, ours)).isEqualTo("a: ours 2, theirs (none)");
    assertThat(ConsensusDifference.first(ours, ours)).isEqualTo("fingerprint");
  }

  @Test
  void difference_inALongField_isShownInPart() {
    TreeMap<String, String> theirs = new TreeMap<>();
    theirs.put("n".repeat(5_000), "v".repeat(5_000));

    assertThat(ConsensusDifference.first(new TreeMap<>(), theirs))
        .isEqualTo("n".repeat(80) + "...: ours (none), theirs " + "v".repeat(80) + "...");
  }

  private static HandshakeSide side(ChainParams params, ConnectionKind kind) {
    ProtocolSetup setup = TestNode.on(ChainFixture.begin(), kind.isInbound() ? 1 : 2).setup();
    ChainEngine engine = ChainEngine.open(EngineSetup.inMemory(params));
    return new HandshakeSide(
        new ProtocolSetup(engine, setup.self(), setup.settings(), setup.seed()), kind);
  }
}
