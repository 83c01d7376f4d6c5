package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.MempoolRequest;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.protocol.SyncProtocol;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a host sees of a node that runs. */
@Timeout(60)
final class DriverStatusTest {
  private final MemoryNetwork network = MemoryNetwork.immediate();

  private SyncDriver start(int number) {
    TestNode node = TestNode.on(ChainFixture.begin(), number);
    return SyncDriver.start(
        new DriverSetup(
            node.setup(),
            network.transportAt(Conversation.addressOf(number)),
            LockRegistry.create(),
            DriverSetup.Host.withClock(node::nowMillis)));
  }

  @Test
  void currentStatus_ofConnectedNodes_showsThePeerAndItsFrames() throws Exception {
    try (SyncDriver a = start(1);
        SyncDriver b = start(2)) {
      assertThat(a.status().connections().peers()).isEmpty();
      a.connect(Conversation.addressOf(2));
      SyncStatus status = a.currentStatus().get(30, TimeUnit.SECONDS);
      while (status.connections().stats().connected() == 0) {
        status = a.currentStatus().get(30, TimeUnit.SECONDS);
      }

      assertThat(status.connections().peers()).hasSize(1);
      // It may have gone on since.
      assertThat(a.status().atMillis()).isGreaterThanOrEqualTo(status.atMillis());
      assertThat(status.messages(Version.COMMAND).sent()).isOne();
      assertThat(status.messages(Version.COMMAND).receivedBytes()).isGreaterThan(100);
      assertThat(status.messages(Version.COMMAND).sentBytes()).isGreaterThan(100);
      assertThat(status.messages(Verack.COMMAND).sentBytes()).isEqualTo(24);
      assertThat(status.messages(MempoolRequest.COMMAND).sent()).isZero();
      SyncStatus other = b.currentStatus().get(30, TimeUnit.SECONDS);
      assertThat(other.messages(Version.COMMAND).received()).isOne();
    }
  }

  @Test
  void currentStatus_ofAClosedDriver_isCancelled() {
    SyncDriver driver = start(1);
    driver.close();

    assertThat(driver.currentStatus()).isCancelled();
    assertThat(driver.status().why()).isEqualTo("no peers: nothing to sync from");
  }

  /** A desk whose statuses are counted. */
  private static final class Desk {
    final SyncProtocol protocol = SyncProtocol.of(TestNode.on(ChainFixture.begin(), 1).setup());
    final StatusDesk desk = new StatusDesk(100, protocol.status(1_000));
    final AtomicLong taken = new AtomicLong();

    void turn(long nowMillis) {
      desk.turnEnded(
          nowMillis,
          now -> {
            taken.incrementAndGet();
            return protocol.status(now);
          });
    }
  }

  @Test
  void turnEnded_manyTimesASecond_takesTenStatuses() {
    Desk desk = new Desk();
    for (long now = 1_000; now < 2_000; now++) {
      desk.turn(now);
    }

    assertThat(desk.taken.get()).isEqualTo(9);
    assertThat(desk.desk.status().atMillis()).isEqualTo(1_900);
  }

  @Test
  void ask_moreThanOnce_isAnsweredByOneStatusAtTheNextTurn() {
    Desk desk = new Desk();
    List<CompletableFuture<SyncStatus>> asked = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      asked.add(desk.desk.ask());
    }
    desk.turn(1_001);

    assertThat(desk.taken.get()).isOne();
    assertThat(asked).allSatisfy(status -> assertThat(status.join().atMillis()).isEqualTo(1_001));
  }

  @Test
  void turnEnded_afterTheClockWentBack_takesAStatus() {
    Desk desk = new Desk();
    desk.turn(500);

    assertThat(desk.desk.status().atMillis()).isEqualTo(500);
  }

  @Test
  void turnEnded_whenTheStatusCannotBeTaken_failsThoseWhoAskedAndNothingElse() {
    Desk desk = new Desk();
    CompletableFuture<SyncStatus> asked = desk.desk.ask();
    desk.desk.turnEnded(
        2_000,
        now -> {
          throw new IllegalStateException("broken");
        });

    assertThat(asked).isCompletedExceptionally();
    assertThat(desk.desk.status().atMillis()).isEqualTo(1_000);
    desk.turn(2_100);
    assertThat(desk.desk.status().atMillis()).isEqualTo(2_100);
  }

  @Test
  void close_whileSomebodyWaits_cancelsThat() {
    Desk desk = new Desk();
    CompletableFuture<SyncStatus> asked = desk.desk.ask();
    desk.desk.close();

    assertThat(asked).isCancelled();
    assertThat(desk.desk.ask()).isCancelled();
  }
}
