package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.transport.Receiver;
import org.junit.jupiter.api.Test;

/** Connections come in, and those that were asked for may never. */
final class DoorTest {
  private static final NetworkAddress DIALLED = Conversation.addressOf(5);

  private final FakeTransport transport = new FakeTransport();
  private final FakeTransport.Line line = new FakeTransport.Line();
  private final TestNode node = TestNode.on(ChainFixture.begin(), 1);
  private final LockRegistry locks = LockRegistry.create();
  private final Inbox inbox = new Inbox(locks, () -> {});
  private final Door door =
      new Door(
          new DriverSetup(
              node.setup(), transport, locks, DriverSetup.Host.withClock(node::nowMillis)),
          inbox);

  private long dial(long nowMillis) {
    door.dial(new Output.Connect(DIALLED, ConnectionKind.FEELER), nowMillis);
    return Objects.requireNonNull(transport.attempts.poll()).number();
  }

  @Test
  void connected_toAnotherEndThanWasDialled_isKnownByTheAddressThatWasAskedFor() {
    door.connected(line, dial(0));

    assertThat(line.remote()).isNotEqualTo(DIALLED);
    assertThat(Objects.requireNonNull(inbox.takeTurn()).who())
        .extracting(Input.Connected::address, Input.Connected::kind)
        .containsExactly(DIALLED, ConnectionKind.FEELER);
  }

  @Test
  void connected_whenNobodyWaitsForItAnyMore_isNotLetIn() {
    long attempt = dial(0);
    dial(Door.ATTEMPT_MILLIS);
    Receiver receiver = door.connected(line, attempt);
    receiver.received(new byte[24]);
    receiver.drained();
    receiver.closed();

    assertThat(line.done).containsExactly("close");
    assertThat(door.connections()).isZero();
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void connectFailed_isToldOnceAndToNobodyWhoHasGivenUp() {
    long first = dial(0);
    door.connectFailed(first);
    door.connectFailed(first);
    assertThat(Objects.requireNonNull(inbox.takeWish()).input())
        .isEqualTo(new Input.ConnectFailed(DIALLED, ConnectionKind.FEELER));
    assertThat(inbox.takeWish()).isNull();
  }

  @Test
  void dial_ofATransportThatNeverAnswers_isForgottenAfterAWhile() {
    for (int i = 0; i < 10_000; i++) {
      dial(i * 1_000L);
      assertThat(door.attempts()).isLessThanOrEqualTo(60);
    }
  }

  @Test
  void dial_moreAtOnceThanAnyProtocolDoes_forgetsTheOldest() {
    long first = dial(0);
    for (int i = 0; i < 10_000; i++) {
      dial(0);
    }
    assertThat(door.attempts()).isEqualTo(Door.MAX_ATTEMPTS);

    door.connectFailed(first);
    assertThat(inbox.isEmpty()).isTrue();
  }
}
