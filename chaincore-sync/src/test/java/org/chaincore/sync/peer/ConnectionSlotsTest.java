package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.chaincore.sync.peer.ConnectionKind.BLOCK_RELAY;
import static org.chaincore.sync.peer.ConnectionKind.FEELER;
import static org.chaincore.sync.peer.ConnectionKind.INBOUND;
import static org.chaincore.sync.peer.ConnectionKind.MANUAL;
import static org.chaincore.sync.peer.ConnectionKind.OUTBOUND;
import static org.chaincore.sync.peer.PeerFixture.at;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionSlotsTest {
  private final ConnectionSlots slots =
      ConnectionSlots.of(SlotLimits.DEFAULT, GroupingRule.BY_PREFIX);
  private long lastPeer;

  @ParameterizedTest
  @CsvSource({"INBOUND, 12", "OUTBOUND, 6", "BLOCK_RELAY, 2", "FEELER, 1", "MANUAL, 32"})
  void max_byDefault_leavesInboundWhatIsOverTheTarget(ConnectionKind kind, int most) {
    assertThat(SlotLimits.DEFAULT.max(kind)).isEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 8, 20, 2",
    "9, 8, 20, 2",
    "2, 21, 20, 2",
    "2, 8, 1001, 2",
    "2, 8, 20, 9",
    "2, 8, 20, -1"
  })
  void limits_thatContradictEachOther_areRefused(int min, int target, int max, int blocks) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SlotLimits(min, target, max, blocks))
        .withMessageContaining("outside");
  }

  @Test
  void wanted_asSlotsFill_isFullThenBlocksThenNothing() {
    for (int i = 0; i < 6; i++) {
      assertThat(slots.wanted()).contains(OUTBOUND);
      take(OUTBOUND, "20." + i + ".0.1:1");
    }
    for (int i = 0; i < 2; i++) {
      assertThat(slots.wanted()).contains(BLOCK_RELAY);
      take(BLOCK_RELAY, "21." + i + ".0.1:1");
    }
    assertThat(slots.wanted()).isEmpty();
  }

  @Test
  void hasRoom_inboundFull_isFalseForInboundOnly() {
    for (int i = 0; i < 12; i++) {
      assertThat(slots.hasRoom(INBOUND)).isTrue();
      take(INBOUND, "20.0.0.1:" + (i + 1));
    }

    assertThat(slots.hasRoom(INBOUND)).isFalse();
    assertThat(slots.hasRoom(OUTBOUND)).isTrue();
    assertThat(slots.count(INBOUND)).isEqualTo(12);
  }

  @Test
  void mayDial_groupOfAChosenPeer_isRefusedForChosenKinds() {
    take(OUTBOUND, "20.1.0.1:1");

    assertThat(slots.mayDial(at("20.1.9.9:1"), OUTBOUND)).isFalse();
    assertThat(slots.mayDial(at("20.1.9.9:1"), BLOCK_RELAY)).isFalse();
    assertThat(slots.mayDial(at("20.1.9.9:1"), FEELER)).isTrue();
    assertThat(slots.mayDial(at("20.1.9.9:1"), MANUAL)).isTrue();
    assertThat(slots.mayDial(at("20.2.9.9:1"), OUTBOUND)).isTrue();
  }

  @Test
  void mayDial_groupOfAManualPeer_isRefusedForChosenKinds() {
    take(MANUAL, "20.1.0.1:1");

    assertThat(slots.mayDial(at("20.1.9.9:1"), OUTBOUND)).isFalse();
  }

  @Test
  void mayDial_groupOfFeelersAndInboundPeers_doesNotCount() {
    take(FEELER, "20.1.0.1:1");
    take(INBOUND, "20.1.0.2:1");

    assertThat(slots.mayDial(at("20.1.9.9:1"), OUTBOUND)).isTrue();
  }

  @Test
  void mayDial_sameAddress_isRefusedForEveryKind() {
    take(BLOCK_RELAY, "20.1.0.1:1");

    assertThat(slots.mayDial(at("20.1.0.1:1"), MANUAL)).isFalse();
    assertThat(slots.mayDial(at("20.1.0.1:1"), FEELER)).isFalse();
  }

  @Test
  void mayDial_noSlot_isRefused() {
    take(FEELER, "20.1.0.1:1");

    assertThat(slots.mayDial(at("20.2.0.1:1"), FEELER)).isFalse();
  }

  @Test
  void mayDial_localByAddress_isOneGroupEach() {
    ConnectionSlots local = ConnectionSlots.of(SlotLimits.DEFAULT, GroupingRule.BY_ADDRESS);
    local.take(new PeerId(1), OUTBOUND, at("127.0.0.1:1"));

    assertThat(local.mayDial(at("127.0.0.1:2"), OUTBOUND)).isTrue();
    assertThat(local.mayDial(at("127.0.0.1:1"), OUTBOUND)).isFalse();
  }

  @Test
  void release_peer_freesItsSlotAndGroup() {
    PeerId peer = take(OUTBOUND, "20.1.0.1:1");
    slots.release(peer);
    slots.release(peer);

    assertThat(slots.count(OUTBOUND)).isZero();
    assertThat(slots.mayDial(at("20.1.9.9:1"), OUTBOUND)).isTrue();
  }

  @Test
  void take_samePeerTwice_isRefused() {
    PeerId peer = take(OUTBOUND, "20.1.0.1:1");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> slots.take(peer, OUTBOUND, at("20.2.0.1:1")))
        .withMessageContaining(peer.toString());
  }

  @Test
  void changeLimits_fewer_leavesWhatIsConnected() {
    for (int i = 0; i < 6; i++) {
      take(OUTBOUND, "20." + i + ".0.1:1");
    }
    slots.changeLimits(new SlotLimits(1, 2, 4, 0));

    assertThat(slots.count(OUTBOUND)).isEqualTo(6);
    assertThat(slots.hasRoom(OUTBOUND)).isFalse();
    assertThat(slots.limits().targetPeers()).isEqualTo(2);
  }

  @Test
  void anchors_connectionsForBlocks_areTheOldestTwo() {
    slots.changeLimits(new SlotLimits(1, 8, 20, 4));
    take(OUTBOUND, "20.1.0.1:1");
    take(BLOCK_RELAY, "20.2.0.1:1");
    take(BLOCK_RELAY, "20.3.0.1:1");
    take(BLOCK_RELAY, "20.4.0.1:1");

    assertThat(slots.anchors()).isEqualTo(new Anchors(List.of(at("20.2.0.1:1"), at("20.3.0.1:1"))));
  }

  private PeerId take(ConnectionKind kind, String address) {
    PeerId peer = new PeerId(++lastPeer);
    slots.take(peer, kind, at(address));
    return peer;
  }
}
