package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.FrameLimits;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.junit.jupiter.api.Test;

/** Large frames of which a part has come, and then no more, or little. */
final class HalfFramesTest {
  private static final int READ_BYTES = 64 * 1024;
  private static final int LENGTH = FrameLimits.MAX_PAYLOAD_BYTES;
  private static final int PEERS = 20;

  private final ChainFixture chain = ChainFixture.begin();
  private final FrameEncoder encoder = FrameEncoder.of(chain.engine().params().identity().magic());
  private final Inbox inbox = new Inbox(LockRegistry.create(), () -> {});
  private final HalfFrames frames = new HalfFrames(inbox);
  private final List<Peer> peers = new ArrayList<>();
  private long nowMillis = 1_000_000;

  /** One that has greeted, and is heard by what a driver does. */
  private final class Peer {
    final FakeTransport.Line line = new FakeTransport.Line();
    final Session session =
        new Session(
            new Input.Connected(
                new PeerId(peers.size() + 1),
                Conversation.addressOf(peers.size() + 1),
                ConnectionKind.INBOUND),
            line,
            inbox,
            chain.engine().params());
    private int sent;

    Peer() {
      peers.add(this);
      session.received(encoder.encode(new Verack()));
      listen();
      byte[] head = encoder.encode(new BlockMessage(chain.tip()));
      LittleEndian.putInt(head, 16, LENGTH);
      session.received(Arrays.copyOf(head, 24));
      listen();
    }

    boolean isPaused() {
      boolean isPaused = false;
      for (String done : line.done) {
        isPaused = done.equals("pause");
      }
      return isPaused;
    }

    /** Sends a piece, unless it is not read. */
    boolean send(int bytes) {
      if (isPaused() || sent + bytes > LENGTH) {
        return false;
      }
      sent += bytes;
      session.received(new byte[bytes]);
      listen();
      return true;
    }

    void sendAllBut(int bytes) {
      while (send(READ_BYTES) && sent < LENGTH - bytes - READ_BYTES) {
        assertThat(sent).isLessThan(LENGTH);
      }
    }

    private void listen() {
      for (Session next = inbox.takeTurn(); next != null; next = inbox.takeTurn()) {
        News news = inbox.takeNews(next);
        ByteBuffer bytes = news.bytes();
        boolean hasEnded =
            !next.decoder().feed(bytes.array(), bytes.arrayOffset(), bytes.limit()).isEmpty();
        frames.fed(next, bytes.limit(), hasEnded, nowMillis);
        if (news.isClosed()) {
          frames.ended(next);
        }
      }
    }
  }

  /** Time goes by; who is cut, and in which second. */
  private List<Session> pass(int seconds) {
    List<Session> cut = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      nowMillis += 1_000;
      cut.addAll(frames.takeSlow(nowMillis));
    }
    return cut;
  }

  private static long mostBytes() {
    return Inbox.MAX_WAITING_BYTES + PEERS * (2 * Inbox.GUARANTEED_BYTES + READ_BYTES) + LENGTH;
  }

  @Test
  void halfFrames_ofManyPeers_stayWithinTheNodesBound() {
    for (int i = 0; i < PEERS; i++) {
      new Peer();
    }
    for (Peer peer : peers) {
      peer.sendAllBut(100);
    }

    assertThat(inbox.isCrowded()).isTrue();
    assertThat(inbox.waitingBytes()).isLessThan(mostBytes());
    assertThat(peers).filteredOn(Peer::isPaused).hasSizeGreaterThan(PEERS / 2);
    assertThat(peers.get(0).isPaused()).as("the oldest goes on").isFalse();
  }

  @Test
  void halfFrame_thatBecomesWhole_letsTheNextGoOn() {
    for (int i = 0; i < PEERS; i++) {
      new Peer().sendAllBut(100);
    }
    int pausedBefore = (int) peers.stream().filter(Peer::isPaused).count();

    for (Peer peer : peers) {
      // The oldest of those that are left is always read, so that all become whole in the end.
      assertThat(peer.isPaused()).isFalse();
      while (peer.sent < LENGTH) {
        assertThat(peer.send(Math.min(READ_BYTES, LENGTH - peer.sent))).isTrue();
      }
    }

    assertThat(pausedBefore).isPositive();
    assertThat(inbox.waitingBytes()).isZero();
    assertThat(frames.lookAtMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void halfFrame_whosePeerIsGone_givesItsRoomToOthers() {
    for (int i = 0; i < PEERS; i++) {
      new Peer().sendAllBut(100);
    }
    Peer waiting = peers.get(PEERS - 1);
    assertThat(waiting.isPaused()).isTrue();

    for (int i = 0; i < PEERS - 1; i++) {
      peers.get(i).session.closed();
      peers.get(i).listen();
    }

    assertThat(waiting.isPaused()).isFalse();
    assertThat(inbox.isCrowded()).isFalse();
  }

  @Test
  void halfFrame_thatStandsStill_isCutAfterAWhile() {
    Peer peer = new Peer();
    peer.sendAllBut(100);

    // What came counts for the first time.
    assertThat(pass(20)).isEmpty();
    assertThat(pass(1)).containsExactly(peer.session);
    assertThat(pass(60)).isEmpty();
  }

  @Test
  void halfFrame_dropByDrop_isCutLikeOneThatStandsStill() {
    Peer peer = new Peer();
    peer.sendAllBut(READ_BYTES);
    List<Session> cut = new ArrayList<>();
    for (int second = 0; second < 30 && cut.isEmpty(); second++) {
      peer.send(1);
      cut.addAll(pass(1));
    }

    assertThat(cut).containsExactly(peer.session);
  }

  @Test
  void halfFrame_ofWhichAByteIsUnreadAtEachLook_isCutToo() {
    Peer peer = new Peer();
    peer.sendAllBut(READ_BYTES);
    List<Session> cut = new ArrayList<>();
    for (int second = 0; second < 30 && cut.isEmpty(); second++) {
      peer.session.received(new byte[1]);
      cut.addAll(pass(1));
      peer.listen();
    }

    assertThat(cut).containsExactly(peer.session);
  }

  @Test
  void halfFrame_atAFairPace_isNotCut() {
    Peer peer = new Peer();
    List<Session> cut = new ArrayList<>();
    while (peer.send(16 * 1024)) {
      cut.addAll(pass(1));
    }

    assertThat(peer.sent).isGreaterThan(LENGTH - READ_BYTES);
    assertThat(cut).isEmpty();
  }

  @Test
  void halfFrame_whileOthersWait_isCutSooner() {
    for (int i = 0; i < PEERS; i++) {
      new Peer().sendAllBut(100);
    }

    List<Session> cut = pass(6);

    assertThat(cut).contains(peers.get(0).session);
    assertThat(cut).as("who waits for others is not slow").doesNotContain(peers.get(19).session);
  }

  @Test
  void halfFrame_thatIsSmall_isNotWatched() {
    Peer peer = new Peer();
    peer.send(10_000);

    assertThat(pass(600)).isEmpty();
    assertThat(frames.lookAtMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void halfFrame_whileTheDriverIsBusy_isNotHeldAgainstThePeer() {
    Peer peer = new Peer();
    peer.sendAllBut(100);
    pass(2);

    nowMillis += 3_600_000;

    assertThat(frames.takeSlow(nowMillis)).isEmpty();
  }
}
