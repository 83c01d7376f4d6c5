package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** The handshake as transcripts, and what the node knows of a peer after it. */
final class HandshakeTest {
  private final Conversation conversation = TestNode.begin().converse();

  @Test
  void inbound_ofAFullPeer_isEstablished() {
    PeerId alice = conversation.connects("alice", ConnectionKind.INBOUND);
    conversation.says(alice, Greeting.full().version(0, 7));
    conversation.says(alice, new Verack());

    assertThat(conversation.transcript())
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
  void greetings_ofManyKinds_areAnsweredByKind() {
    conversation.greets("alice", ConnectionKind.INBOUND);
    conversation.greets("bob", ConnectionKind.OUTBOUND);
    conversation.greets("carol", ConnectionKind.FEELER);
    conversation.greets("dave", ConnectionKind.INBOUND, Greeting.bitcoinj());
    conversation.greets("eve", ConnectionKind.OUTBOUND, Greeting.bitcoinj());

    assertThat(conversation.transcript())
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
                 0.000 eve greets outbound
                 0.000 eve cut UNSUITABLE (services 0)
            """);
  }
}
