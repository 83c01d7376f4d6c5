package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.transport.Receiver;
import org.junit.jupiter.api.Test;

/** All connections that a transport lets in flood a node at once, in virtual time. */
final class DriverFloodTest {
  private static final int CONNECTIONS = 256;
  private static final int READ_BYTES = 64 * 1024;

  private final ManualExecutor executor = new ManualExecutor();
  private final FakeTransport transport = new FakeTransport();
  private final TestNode node = TestNode.on(ChainFixture.begin(), 1);
  private final VirtualNode running = VirtualNode.start(node, transport, executor);
  private final FrameEncoder encoder =
      FrameEncoder.of(node.chain().engine().params().identity().magic());

  /** Frames of a command that nobody knows, as many as one read brings. */
  private byte[] flood() {
    byte[] frame = encoder.encode(new Ping(1));
    frame[4] = 'x';
    byte[] flood = new byte[READ_BYTES];
    for (int at = 0; at + frame.length <= flood.length; at += frame.length) {
      System.arraycopy(frame, 0, flood, at, frame.length);
    }
    return flood;
  }

  private Receiver honestPeer(FakeTransport.Line line) {
    running.driver().connect(Conversation.addressOf(77));
    executor.run();
    long attempt = Objects.requireNonNull(transport.attempts.poll()).number();
    return transport.acceptor().connected(line, attempt);
  }

  @Test
  void peer_thatStopsWithinALargeFrame_isCut() {
    FakeTransport.Line line = new FakeTransport.Line();
    Receiver peer = transport.acceptor().accepted(line);
    peer.received(encoder.encode(Greeting.full().version(node.chain().now(), 7)));
    executor.run();
    peer.received(encoder.encode(new Verack()));
    executor.run();
    byte[] half = Arrays.copyOf(encoder.encode(new BlockMessage(node.chain().tip())), 400_000);
    LittleEndian.putInt(half, 16, 500_000);
    peer.received(half);
    executor.run();

    executor.pass(Duration.ofSeconds(15));
    assertThat(line.done).contains("send").doesNotContain("close");
    executor.pass(Duration.ofSeconds(15));
    assertThat(line.done).contains("close");
  }

  @Test
  void peer_amongManyThatFlood_isHeard() {
    FakeTransport.Line honestLine = new FakeTransport.Line();
    List<FakeTransport.Line> flooding = new ArrayList<>();
    byte[] flood = flood();
    long takenBytes = 0;
    Receiver honest = honestPeer(honestLine);
    for (int i = 0; i < CONNECTIONS; i++) {
      FakeTransport.Line line = new FakeTransport.Line();
      flooding.add(line);
      Receiver receiver = transport.acceptor().accepted(line);
      while (line.done.isEmpty()) {
        receiver.received(flood);
        takenBytes += flood.length;
      }
    }
    honest.received(encoder.encode(Greeting.full().version(node.chain().now(), 7)));

    assertThat(takenBytes)
        .isLessThan(
            Inbox.MAX_WAITING_BYTES + CONNECTIONS * (Inbox.GUARANTEED_BYTES + 2L * READ_BYTES));
    assertThat(flooding).allSatisfy(line -> assertThat(line.done).containsExactly("pause"));
    assertThat(honestLine.done).isEmpty();

    executor.run();
    assertThat(honestLine.done).as("its version and verack").contains("send").hasSizeGreaterThan(1);
    assertThat(honestLine.done).doesNotContain("pause", "close");
    assertThat(flooding).allSatisfy(line -> assertThat(line.done).hasSizeGreaterThan(1));
  }
}
