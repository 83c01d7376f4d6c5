package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.Receiver;
import org.junit.jupiter.api.Test;

/** What follows from bytes that are no message, in virtual time. */
final class DriverBytesTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final FakeTransport transport = new FakeTransport();
  private final FakeTransport.Line line = new FakeTransport.Line();
  private final TestNode node = TestNode.on(ChainFixture.begin(), 1);
  private final VirtualNode running = VirtualNode.start(node, transport, executor);
  private final int magic = node.chain().engine().params().identity().magic();
  private final Receiver receiver = transport.acceptor().accepted(line);

  private void receives(byte[] bytes) {
    receiver.received(bytes);
    executor.run();
  }

  private byte[] ping(int ofMagic) {
    return FrameEncoder.of(ofMagic).encode(new Ping(1));
  }

  private Misbehaviour fault() {
    return running.events(SyncEvent.PeerMisbehaved.class).get(0).misbehaviour();
  }

  private boolean isDiscouraged() {
    var kept = running.driver().peersToKeep();
    executor.run();
    long now = node.chain().now();
    return PeerMemory.restore(kept.join(), GroupingRule.BY_PREFIX, now)
        .bans()
        .isDiscouraged(Conversation.addressOf(77), now);
  }

  @Test
  void anotherNetwork_isCutAndMayComeAgain() {
    receives(ping(magic + 1));
    assertThat(fault()).isEqualTo(Misbehaviour.WRONG_NETWORK);
    assertThat(line.done).containsExactly("close");
    assertThat(isDiscouraged()).isFalse();
  }

  @Test
  void wrongChecksum_isCutAndRemembered() {
    byte[] frame = ping(magic);
    frame[30] ^= 1;
    receives(frame);
    assertThat(fault()).isEqualTo(Misbehaviour.MALFORMED_FRAME);
    assertThat(isDiscouraged()).isTrue();
  }

  @Test
  void tooLong_isOversize() {
    byte[] frame = ping(magic);
    frame[18] = 1;
    receives(frame);
    assertThat(fault()).isEqualTo(Misbehaviour.OVERSIZE);
    assertThat(running.events(SyncEvent.PeerMisbehaved.class).get(0).detail()).startsWith("ping: ");
  }

  @Test
  void unnamed_isNoFrame() {
    byte[] frame = ping(magic);
    frame[4] = 0;
    receives(frame);
    assertThat(fault()).isEqualTo(Misbehaviour.MALFORMED_FRAME);
  }

  @Test
  void payloadOfAnotherKind_isNoMessage() {
    byte[] frame = FrameEncoder.of(magic).encode(new Ping(1));
    byte[] badInv = frame.clone();
    System.arraycopy(new byte[] {'i', 'n', 'v', 0}, 0, badInv, 4, 4);
    receives(badInv);
    assertThat(fault()).isEqualTo(Misbehaviour.MALFORMED_MESSAGE);
    assertThat(Objects.requireNonNull(line.done.poll())).isEqualTo("close");
  }

  @Test
  void unknownMessages_withoutEnd_areAFlood() {
    byte[] unknown = ping(magic);
    unknown[4] = 'x';
    for (int i = 0; i < 5_000; i++) {
      receives(unknown);
    }
    assertThat(running.events(SyncEvent.PeerMisbehaved.class)).isEmpty();

    receives(unknown);
    assertThat(fault()).isEqualTo(Misbehaviour.FLOOD);
  }
}
