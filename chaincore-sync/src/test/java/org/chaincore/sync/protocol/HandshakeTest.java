package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.message.SendAddressesV2;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the node says to strangers, as transcripts. */
final class HandshakeTest {
  private static final Duration A_MINUTE = Duration.ofMillis(Handshake.TIMEOUT_MILLIS);

  private final TestNode node = TestNode.begin();
  private final Conversation conversation = node.converse();

  /** The transcript without what other machines say when a handshake is done. */
  private static String handshakesOf(Conversation conversation) {
    StringBuilder text = new StringBuilder();
    boolean isDone = false;
    for (String line : conversation.transcript().lines().toList()) {
      isDone &= line.contains(" < ");
      if (!isDone) {
        text.append(line).append('\n');
      }
      isDone |= line.endsWith("PeerReady");
    }
    return text.toString();
  }

  @Test
  void connected_inbound_waitsForVersionAndAnswersWithAllItsOptions() {
    PeerId alice = conversation.connects("alice", ConnectionKind.INBOUND);
    conversation.says(alice, Greeting.full().version(0, 7));
    conversation.says(alice, new Verack());

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 alice connects inbound
                 0.000 alice > version 70017
                 0.000 alice < version 70017
                 0.000 alice < wtxidrelay
                 0.000 alice < sendaddrv2
                 0.000 alice < feature chaincore/params/1
                 0.000 alice < feature chaincore/mempoolsync/1
                 0.000 alice < feature chaincore/netstats/1
                 0.000 alice < feature chaincore/netconfig/1
                 0.000 alice < verack
                 0.000 alice > verack
                 0.000 . PeerReady
            """);
  }

  @Test
  void connected_outbound_speaksFirstAndKeepsOptionsForAPeerWhoseVersionItKnows() {
    PeerId bob = conversation.connects("bob", ConnectionKind.OUTBOUND);
    conversation.says(bob, Greeting.full().version(0, 7));
    conversation.says(bob, new Verack());

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 bob connects outbound
                 0.000 bob < version 70017
                 0.000 bob > version 70017
                 0.000 bob < wtxidrelay
                 0.000 bob < sendaddrv2
                 0.000 bob < feature chaincore/params/1
                 0.000 bob < feature chaincore/mempoolsync/1
                 0.000 bob < feature chaincore/netstats/1
                 0.000 bob < feature chaincore/netconfig/1
                 0.000 bob < verack
                 0.000 bob > verack
                 0.000 . PeerReady
            """);
  }

  @Test
  void connected_forBlocksOnly_offersNothingElse() {
    PeerId bob = conversation.connects("bob", ConnectionKind.BLOCK_RELAY);
    assertThat(conversation.heardBy(bob, Version.class))
        .singleElement()
        .matches(version -> !version.relay());
    conversation.says(bob, Greeting.full().version(0, 7));

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 bob connects block_relay
                 0.000 bob < version 70017
                 0.000 bob > version 70017
                 0.000 bob < wtxidrelay
                 0.000 bob < sendaddrv2
                 0.000 bob < feature chaincore/params/1
                 0.000 bob < verack
            """);
  }

  @Test
  void version_always_tellsWhoWeAre() {
    node.chain().mine(3);
    PeerId bob = conversation.connects("bob", ConnectionKind.OUTBOUND);

    assertThat(conversation.heardBy(bob, Version.class))
        .singleElement()
        .satisfies(
            version -> {
              assertThat(version.node()).isEqualTo(node.setup().self().description());
              assertThat(version.timeSeconds()).isEqualTo(node.chain().now());
              assertThat(version.receiver()).isEqualTo(Conversation.addressOf(1));
              assertThat(version.startHeight()).isEqualTo(3);
              assertThat(version.relay()).isTrue();
            });
  }

  @Test
  void version_toAPeerWithoutAnOldAddress_namesNoAddress() {
    NetworkAddress onion =
        new NetworkAddress(AddressNetwork.TOR_V3, Bytes.of(new byte[32]), 17_333);
    PeerId bob = conversation.connects("bob", onion, ConnectionKind.OUTBOUND);

    assertThat(conversation.heardBy(bob, Version.class))
        .singleElement()
        .returns(Version.NO_ADDRESS, Version::receiver);
  }

  @Test
  void greeting_ofBitcoinj_hearsNothingThatItDoesNotKnow() {
    PeerId client = conversation.connects("bitcoinj", ConnectionKind.INBOUND);
    conversation.says(client, Greeting.bitcoinj().version(0, 7));
    conversation.says(client, new SendAddressesV2());
    conversation.says(client, new Verack());

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 bitcoinj connects inbound
                 0.000 bitcoinj > version 70013
                 0.000 bitcoinj < version 70017
                 0.000 bitcoinj < verack
                 0.000 bitcoinj > sendaddrv2
                 0.000 bitcoinj > verack
                 0.000 . PeerReady
            """);
  }

  @Test
  void greeting_of70016_isAnsweredWithTheAddressOptionOnly() {
    PeerId client = conversation.connects("newer", ConnectionKind.INBOUND);
    conversation.says(client, Greeting.bitcoinj().withVersion(70_016).version(0, 7));
    conversation.says(client, new SendAddressesV2());
    conversation.says(client, new Verack());

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 newer connects inbound
                 0.000 newer > version 70016
                 0.000 newer < version 70017
                 0.000 newer < sendaddrv2
                 0.000 newer < verack
                 0.000 newer > sendaddrv2
                 0.000 newer > verack
                 0.000 . PeerReady
            """);
  }

  @ParameterizedTest
  @EnumSource
  void greeting_ofANodeWithOneExtension_announcesThatOne(Extension only) {
    Conversation degraded = node.withExtensions(EnumSet.of(only)).converse();
    PeerId alice = degraded.connects("alice", ConnectionKind.INBOUND);
    degraded.says(alice, Greeting.full().version(0, 7));

    assertThat(handshakesOf(degraded))
        .containsOnlyOnce("feature")
        .contains("feature " + only.featureId() + "\n");
  }

  @Test
  void greeting_ofANodeWithoutExtensions_announcesNone() {
    Conversation degraded = node.withExtensions(Set.of()).converse();
    degraded.connects("bob", ConnectionKind.OUTBOUND);
    PeerId alice = degraded.connects("alice", ConnectionKind.INBOUND);
    degraded.says(alice, Greeting.full().version(0, 7));

    assertThat(handshakesOf(degraded)).doesNotContain("feature");
  }

  @Test
  void greeting_ofANodeThatSpeaksAnOldVersion_isOld() {
    NodeDescription old = new NodeDescription(70_013, Services.NETWORK, "/old:1.0/");
    LocalNode self = node.setup().self();
    Conversation degraded = node.with(new LocalNode(self.key(), old, self.extensions())).converse();
    PeerId alice = degraded.connects("alice", ConnectionKind.INBOUND);
    degraded.says(alice, Greeting.full().version(0, 7));

    assertThat(handshakesOf(degraded))
        .isEqualTo(
            """
                 0.000 alice connects inbound
                 0.000 alice > version 70017
                 0.000 alice < version 70013
                 0.000 alice < verack
            """);
  }

  @Test
  void greetings_ofManyKinds_areJudgedByKind() {
    Greeting poor = Greeting.plain().withServices(Services.NETWORK);
    conversation.greets("alice", ConnectionKind.INBOUND);
    conversation.greets("bob", ConnectionKind.OUTBOUND, Greeting.plain());
    conversation.greets("carol", ConnectionKind.FEELER);
    conversation.greets("dave", ConnectionKind.INBOUND, Greeting.bitcoinj());
    conversation.greets("erin", ConnectionKind.OUTBOUND, poor);
    conversation.greets("frank", ConnectionKind.BLOCK_RELAY, poor);
    conversation.greets("grace", ConnectionKind.FEELER, poor);

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 alice greets inbound
                 0.000 . PeerReady
                 0.000 bob greets outbound
                 0.000 . PeerReady
                 0.000 carol greets feeler
                 0.000 . PeerReady
                 0.000 carol cut FEELER_DONE
                 0.000 dave greets inbound
                 0.000 . PeerReady
                 0.000 erin greets outbound
                 0.000 erin cut UNSUITABLE (services 1)
                 0.000 frank greets block_relay
                 0.000 frank cut UNSUITABLE (services 1)
                 0.000 grace greets feeler
                 0.000 grace cut UNSUITABLE (services 1)
            """);
  }

  @Test
  void version_tooOld_isRefusedAndTheOldestIsNot() {
    conversation.greets("old", ConnectionKind.INBOUND, Greeting.plain().withVersion(70_000));
    conversation.greets("oldest", ConnectionKind.INBOUND, Greeting.plain().withVersion(70_001));

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 old greets inbound
                 0.000 old cut UNSUITABLE (protocol version 70000)
                 0.000 oldest greets inbound
                 0.000 . PeerReady
            """);
  }

  @Test
  void version_withOurOwnNonce_endsBothEnds() {
    PeerId out = conversation.connects("out", ConnectionKind.OUTBOUND);
    Version ours = conversation.heardBy(out, Version.class).get(0);
    PeerId in = conversation.connects("in", ConnectionKind.INBOUND);
    conversation.says(in, ours);

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 out connects outbound
                 0.000 out < version 70017
                 0.000 in connects inbound
                 0.000 in > version 70017
                 0.000 in cut SELF
                 0.000 out cut SELF
            """);
  }

  @Test
  void version_withTheNonceOfAConnectionThatIsOver_isAStranger() {
    PeerId out = conversation.connects("out", ConnectionKind.OUTBOUND);
    Version ours = conversation.heardBy(out, Version.class).get(0);
    conversation.leaves(out);
    PeerId in = conversation.connects("in", ConnectionKind.INBOUND);
    conversation.says(in, ours);

    assertThat(handshakesOf(conversation)).doesNotContain("SELF").contains("in < verack");
  }

  @Test
  void connected_toTheSameAddressTwice_endsTheSecond() {
    NetworkAddress address = Conversation.addressOf(9);
    conversation.connects("in", address, ConnectionKind.INBOUND);
    PeerId first = conversation.connects("first", address, ConnectionKind.OUTBOUND);
    PeerId second = conversation.connects("second", address, ConnectionKind.BLOCK_RELAY);
    conversation.leaves(second);
    conversation.leaves(first);
    conversation.connects("third", address, ConnectionKind.OUTBOUND);

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                 0.000 in connects inbound
                 0.000 first connects outbound
                 0.000 first < version 70017
                 0.000 second connects block_relay
                 0.000 second cut DUPLICATE
                 0.000 second leaves
                 0.000 . PeerGone
                 0.000 first leaves
                 0.000 . PeerGone
                 0.000 third connects outbound
                 0.000 third < version 70017
            """);
  }

  @Test
  void silence_whereverItBegins_endsAtTheDeadline() {
    conversation.connects("mute", ConnectionKind.INBOUND);
    conversation.connects("gone", ConnectionKind.FEELER);
    PeerId half = conversation.connects("half", ConnectionKind.OUTBOUND);
    conversation.says(half, Greeting.plain().version(0, 7));
    handshakesOf(conversation);
    conversation.pass(A_MINUTE);

    assertThat(handshakesOf(conversation))
        .isEqualTo(
            """
                10.000 gone cut TIMEOUT (handshake)
                60.000 mute cut TIMEOUT (handshake)
                60.000 half cut TIMEOUT (handshake)
            """);
  }

  @Test
  void deadline_afterTheHandshake_isOff() {
    conversation.greets("alice", ConnectionKind.INBOUND);
    conversation.greets("bob", ConnectionKind.OUTBOUND, Greeting.plain());
    conversation.pass(A_MINUTE);

    assertThat(handshakesOf(conversation)).doesNotContain("cut");
  }
}
