package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.junit.jupiter.api.Test;

/** What waits for the driver, and who is told to wait. */
final class InboxTest {
  private static final int HALF = (int) (Inbox.MAX_UNREAD_BYTES / 2);

  /** What a transport lets in by default, and what one of its reads brings. */
  private static final int CONNECTIONS = 256;

  private static final int PIECE = 64 * 1024;

  private final AtomicInteger wakes = new AtomicInteger();
  private final Inbox inbox = new Inbox(LockRegistry.create(), wakes::incrementAndGet);
  private final FakeTransport.Line line = new FakeTransport.Line();
  private final Session session = session(1, line);

  private Session session(long id, FakeTransport.Line connection) {
    return new Session(
        new Input.Connected(
            new PeerId(id), Conversation.addressOf((int) id), ConnectionKind.INBOUND),
        connection,
        inbox,
        ChainFixture.begin().engine().params());
  }

  private Session turn() {
    return Objects.requireNonNull(inbox.takeTurn());
  }

  @Test
  void sessions_takeTurnsAPieceAtATime() {
    Session other = session(2, new FakeTransport.Line());
    inbox.opened(session);
    session.received(new byte[3]);
    session.received(new byte[4]);
    other.received(new byte[5]);

    assertThat(turn()).isSameAs(session);
    assertThat(inbox.takeNews(session).bytes().remaining()).isEqualTo(3);
    assertThat(turn()).isSameAs(other);
    assertThat(inbox.takeNews(other).bytes().remaining()).isEqualTo(5);
    assertThat(turn()).isSameAs(session);
    assertThat(inbox.takeNews(session).bytes().remaining()).isEqualTo(4);
    assertThat(inbox.takeTurn()).isNull();
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(wakes).hasValue(4);
  }

  @Test
  void end_isTakenBehindAllThatCame() {
    session.received(new byte[1]);
    session.closed();
    session.drained();
    inbox.takeTurn();
    assertThat(inbox.takeNews(session))
        .returns(true, News::isClosed)
        .returns(true, News::isDrained);
    session.received(new byte[1]);
    session.received(new byte[1]);
    inbox.takeTurn();
    assertThat(inbox.takeNews(session)).returns(false, News::isClosed);
    assertThat(inbox.isEmpty()).isFalse();
    assertThat(inbox.takeNews(session)).returns(true, News::isClosed);
  }

  @Test
  void reading_stopsAtTheLimitAndGoesOnAtHalf() {
    session.received(new byte[HALF]);
    assertThat(line.done).isEmpty();
    session.received(new byte[HALF]);
    session.received(new byte[1]);
    assertThat(line.done).containsExactly("pause");

    inbox.takeNews(session);
    assertThat(line.done).as("a little more than half").containsExactly("pause");
    inbox.takeNews(session);
    assertThat(line.done).containsExactly("pause", "read");
  }

  @Test
  void reading_ofManySmallPieces_countsWhatTheyTake() {
    for (int i = 0; line.done.isEmpty(); i++) {
      assertThat(i).isLessThan(70_000);
      session.received(new byte[1]);
    }

    assertThat(line.done).containsExactly("pause");
  }

  @Test
  void reading_thatTheDriverResumesBeforeItIsStopped_goesOn() {
    line.atPause =
        () -> {
          line.atPause = null;
          inbox.takeNews(session);
          inbox.takeNews(session);
        };
    session.received(new byte[HALF]);
    session.received(new byte[HALF]);

    assertThat(line.done).containsExactly("read", "pause", "read");
  }

  private static void flood(Session flooding, FakeTransport.Line connection, int pieceBytes) {
    while (connection.done.isEmpty()) { // Until it is told to wait, and not a byte longer.
      flooding.received(new byte[pieceBytes]);
    }
  }

  private List<Session> floodFrom(int connections) {
    List<Session> flooding = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      FakeTransport.Line connection = new FakeTransport.Line();
      flooding.add(session(10 + i, connection));
      flood(flooding.get(i), connection, PIECE);
    }
    return flooding;
  }

  @Test
  void flood_ofManyConnections_staysWithinTheNodesBound() {
    floodFrom(CONNECTIONS);

    assertThat(inbox.waitingBytes())
        .isGreaterThan(Inbox.MAX_WAITING_BYTES)
        .isLessThan(
            Inbox.MAX_WAITING_BYTES
                + CONNECTIONS * (Inbox.GUARANTEED_BYTES + PIECE + 2L * Inbox.PIECE_OVERHEAD_BYTES));
  }

  @Test
  void flood_byOthers_leavesASessionItsGuaranteedPart() {
    floodFrom(CONNECTIONS);

    session.received(new byte[PIECE - Inbox.PIECE_OVERHEAD_BYTES]);
    assertThat(line.done).isEmpty();
    session.received(new byte[1]);
    assertThat(line.done).containsExactly("pause");
  }

  @Test
  void flood_thatIsWorkedOff_letsEverybodySpeakAgain() {
    List<Session> flooding = floodFrom(CONNECTIONS);

    for (Session next = inbox.takeTurn(); next != null; next = inbox.takeTurn()) {
      inbox.takeNews(next);
    }

    assertThat(inbox.waitingBytes()).isZero();
    for (Session flooded : flooding) {
      assertThat(((FakeTransport.Line) flooded.connection()).done).containsExactly("pause", "read");
    }
  }

  @Test
  void end_underAFlood_leavesNothingBehind() {
    floodFrom(CONNECTIONS);
    session.received(new byte[PIECE]);
    long before = inbox.waitingBytes();

    session.closed();

    assertThat(inbox.waitingBytes()).isEqualTo(before - PIECE - Inbox.PIECE_OVERHEAD_BYTES);
    assertThat(inbox.takeNews(session)).returns(true, News::isClosed);
  }

  @Test
  void wishes_aboveTheLimit_areRefusedButAnswersAreNot() {
    for (int i = 0; i < Inbox.MAX_WISHES; i++) {
      assertThat(inbox.wish(Wish.of(new Input.Woken()))).isTrue();
    }

    assertThat(inbox.wish(Wish.of(new Input.Woken()))).isFalse();
    inbox.answer(new Input.ConnectFailed(Conversation.addressOf(1), ConnectionKind.OUTBOUND));
    for (int i = 0; i < Inbox.MAX_WISHES; i++) {
      inbox.takeWish();
    }
    assertThat(inbox.isEmpty()).isFalse();
    assertThat(Objects.requireNonNull(inbox.takeWish()).input())
        .isInstanceOf(Input.ConnectFailed.class);
    assertThat(inbox.takeWish()).isNull();
  }
}
