package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Feature;
import org.chaincore.sync.message.GetAddresses;
import org.chaincore.sync.message.GetParams;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Params;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.SendAddressesV2;
import org.chaincore.sync.message.SendHeaders;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.WtxidRelay;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of a peer after the handshake, and what is held against it. */
final class HandshakeFactsTest {
  private final TestNode node = TestNode.begin();
  private final HandshakeSide side = HandshakeSide.of(node, ConnectionKind.INBOUND);

  @Test
  void facts_ofAFullPeer_areWhatItSaid() {
    side.hears(Greeting.full().withStartHeight(12));

    assertThat(side.isDone()).isTrue();
    assertThat(side.peer.isEstablished()).isTrue();
    assertThat(side.facts())
        .returns(70_017, PeerFacts::version)
        .returns("/full:1.0/", PeerFacts::userAgent)
        .returns(12, PeerFacts::startHeight)
        .returns(true, PeerFacts::servesBlocks)
        .returns(true, PeerFacts::servesWitness);
    assertThat(side.facts().options())
        .returns(true, PeerFacts.Options::wantsTransactions)
        .returns(true, PeerFacts.Options::namesByWtxid)
        .returns(true, PeerFacts.Options::takesAddressesV2);
    assertThat(side.facts().extensions().keySet()).isEqualTo(EnumSet.allOf(Extension.class));
    assertThat(side.complaints).isEmpty();
  }

  @Test
  void facts_ofAPlainPeer_haveNothingExtra() {
    side.hears(Greeting.plain().withRelay(false));

    assertThat(side.facts()).returns(70_015, PeerFacts::version);
    assertThat(side.facts().options())
        .returns(false, PeerFacts.Options::wantsTransactions)
        .returns(false, PeerFacts.Options::namesByWtxid)
        .returns(false, PeerFacts.Options::takesAddressesV2);
    assertThat(side.facts().extensions()).isEmpty();
    assertThat(side.facts().salts()).isEmpty();
  }

  @Test
  void facts_ofAPeerBeforeFeatures_ignoreWhatOnlyNewerOnesMaySay() {
    side.hears(Greeting.full().withVersion(70_016));

    assertThat(side.facts().options().namesByWtxid()).isFalse();
    assertThat(side.facts().options().takesAddressesV2()).isTrue();
    assertThat(side.facts().extensions()).isEmpty();
    assertThat(side.complaints).isEmpty();
  }

  @Test
  void facts_ofAConnectionForBlocks_wantNoTransactions() {
    HandshakeSide blocksOnly = HandshakeSide.of(node, ConnectionKind.BLOCK_RELAY);
    blocksOnly.hears(Greeting.full());

    assertThat(blocksOnly.facts().options().wantsTransactions()).isFalse();
    assertThat(blocksOnly.facts().extensions()).containsOnlyKeys(Extension.PARAMS);
  }

  @Test
  void salts_ofBothSides_areEachOthers() {
    HandshakeSide there =
        HandshakeSide.of(TestNode.on(ChainFixture.begin(), 2), ConnectionKind.OUTBOUND);
    HandshakeSide.connect(side, there);

    ReconciliationSalts here = side.facts().salts().orElseThrow();
    assertThat(there.facts().salts()).contains(new ReconciliationSalts(here.theirs(), here.ours()));
    assertThat(here.ours()).isNotEqualTo(here.theirs());
  }

  @Test
  void salt_onTheWire_isLittleEndian() {
    side.hears(Greeting.full());

    assertThat(side.facts().salts().orElseThrow().theirs()).isEqualTo(0x0807060504030201L);
  }

  static List<Set<Extension>> setsOfExtensions() {
    Extension[] all = Extension.values();
    return IntStream.range(0, 1 << all.length)
        .mapToObj(
            bits -> {
              Set<Extension> some = EnumSet.noneOf(Extension.class);
              Arrays.stream(all)
                  .filter(extension -> (bits & (1 << List.of(all).indexOf(extension))) != 0)
                  .forEach(some::add);
              return some;
            })
        .toList();
  }

  @ParameterizedTest
  @MethodSource("setsOfExtensions")
  void nodes_withAnyExtensions_shareThoseThatBothHave(Set<Extension> ours) {
    TestNode other = TestNode.on(ChainFixture.begin(), 2);
    for (Set<Extension> theirs : setsOfExtensions()) {
      HandshakeSide here = HandshakeSide.of(node.withExtensions(ours), ConnectionKind.OUTBOUND);
      HandshakeSide there = HandshakeSide.of(other.withExtensions(theirs), ConnectionKind.INBOUND);
      HandshakeSide.connect(here, there);

      Set<Extension> both = EnumSet.noneOf(Extension.class);
      both.addAll(ours);
      both.retainAll(theirs);
      assertThat(here.facts().extensions().keySet()).isEqualTo(both);
      assertThat(there.facts().extensions().keySet()).isEqualTo(both);
      assertThat(here.complaints).isEmpty();
      assertThat(there.complaints).isEmpty();
    }
  }

  @Test
  void message_beforeVersion_isHeldAgainstThePeerAndNotAnswered() {
    side.hears(new Verack());

    assertComplaint(Misbehaviour.OUT_OF_TURN, "verack before version");
    assertThat(side.sent).isEmpty();
    assertThat(side.isDone()).isFalse();
  }

  @Test
  void version_said_twice_isHeldAgainstThePeerAndChangesNothing() {
    side.hears(Greeting.full().version(0, 7));
    int said = side.sent.size();
    side.hears(Greeting.plain().version(0, 8));
    side.hears(new Verack());

    assertComplaint(Misbehaviour.OUT_OF_TURN, "a second version");
    assertThat(side.sent).hasSize(said);
    assertThat(side.facts().version()).isEqualTo(70_017);
  }

  @Test
  void message_thatBelongsAfterVerack_isHeldAgainstThePeer() {
    side.hears(Greeting.full().version(0, 7));
    side.hears(new Ping(5));
    side.hears(new Verack());

    assertComplaint(Misbehaviour.UNEXPECTED_MESSAGE, "ping before verack");
    assertThat(side.isDone()).isTrue();
  }

  @Test
  void paramsAsked_withoutADifference_areNotTold() {
    side.hears(Greeting.full().version(0, 7));
    side.hears(new GetParams());

    assertComplaint(Misbehaviour.UNEXPECTED_MESSAGE, "getparams before verack");
    assertThat(side.sent).noneMatch(Params.class::isInstance);
  }

  @Test
  void feature_unknown_isIgnored() {
    side.hears(Greeting.full().version(0, 7));
    side.hears(new Feature("BIP9999", Bytes.of(new byte[512])));
    side.hears(new Verack());

    assertThat(side.complaints).isEmpty();
    assertThat(side.facts().extensions()).isEmpty();
  }

  @Test
  void feature_saidTwice_countsOnceAndIsHeldAgainstThePeer() {
    side.hears(Greeting.full().version(0, 7));
    side.hears(new Feature(Extension.MEMPOOL_SYNC.featureId(), Greeting.SALT));
    side.hears(new Feature(Extension.MEMPOOL_SYNC.featureId(), Bytes.of(new byte[8])));
    side.hears(new Verack());

    assertComplaint(Misbehaviour.OUT_OF_TURN, "chaincore/mempoolsync/1 twice");
    assertThat(side.facts().extensions()).containsEntry(Extension.MEMPOOL_SYNC, Greeting.SALT);
  }

  @ParameterizedTest
  @EnumSource(names = {"PARAMS", "MEMPOOL_SYNC"})
  void feature_withDataOfAnotherLength_isNotHad(Extension extension) {
    side.hears(Greeting.full().version(0, 7));
    side.hears(new Feature(extension.featureId(), Bytes.of(new byte[9])));
    side.hears(new Verack());

    assertComplaint(Misbehaviour.OUT_OF_TURN, extension.featureId() + " with 9 bytes");
    assertThat(side.facts().extensions()).isEmpty();
    assertThat(side.isDone()).isTrue();
  }

  @Test
  void options_withoutEnd_endTheConnection() {
    side.hears(Greeting.full().version(0, 7));
    for (int i = 1; i < Handshake.MAX_MESSAGES; i++) {
      side.hears(new SendAddressesV2());
    }
    assertThat(side.cut).isNull();
    side.hears(new SendAddressesV2());

    assertThat(side.cutText()).isEqualTo("MISBEHAVING (endless handshake)");
  }

  @Test
  void messages_ofAConnectionThatNobodyBegan_doNothing() {
    side.handshake.disconnected(side.peer, HandshakeSide.NOW_MILLIS);
    side.hears(Greeting.full());

    assertThat(side.sent).isEmpty();
    assertThat(side.isDone()).isFalse();
  }

  @Test
  void messages_inAnyOrder_areBoundedInTheirEffects() {
    SeededRun.of(400, Handshake.MAX_MESSAGES + 20)
        .check(
            (random, size) -> {
              ConnectionKind[] kinds = ConnectionKind.values();
              HandshakeSide any = HandshakeSide.of(node, kinds[random.nextInt(kinds.length)]);
              List<Message> words = words(any);
              for (int i = 0; i < size; i++) {
                any.hears(words.get(random.nextInt(words.size())));
              }

              assertThat(any.sent).hasSizeLessThanOrEqualTo(11);
              assertThat(any.complaints).hasSizeLessThanOrEqualTo(Handshake.MAX_MESSAGES);
              any.pass(Handshake.TIMEOUT_MILLIS);
              assertThat(any.isDone() ^ any.cut != null).isTrue();
              any.handshake.disconnected(any.peer, HandshakeSide.NOW_MILLIS);
            });
  }

  /** Every kind of message with a meaning before verack, right and wrong, and some without. */
  private static List<Message> words(HandshakeSide side) {
    Bytes other = Bytes.of(new byte[32]);
    String params = Extension.PARAMS.featureId();
    return List.of(
        Greeting.full().version(0, 7),
        Greeting.full().version(0, 7),
        Greeting.plain().version(0, 7),
        Greeting.bitcoinj().version(0, 7),
        new WtxidRelay(),
        new SendAddressesV2(),
        new Feature(params, side.fingerprint()),
        new Feature(params, other),
        new Feature(params, Bytes.EMPTY),
        new Feature(Extension.MEMPOOL_SYNC.featureId(), Greeting.SALT),
        new Feature(Extension.NETWORK_CONFIG.featureId(), other),
        new Feature("BIP9999", other),
        new GetParams(),
        Params.of(side.context.engine().params()).orElseThrow(),
        new Verack(),
        new Ping(1),
        new GetAddresses(),
        new SendHeaders());
  }

  private void assertComplaint(Misbehaviour misbehaviour, String detail) {
    assertThat(side.complaints)
        .containsExactly(new Outbox.Complaint(side.peer.id(), misbehaviour, detail));
  }
}
