package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.transport.MemoryNetwork;
import org.chaincore.sync.transport.Transport;
import org.junit.jupiter.api.Test;

/** Nodes whose host sets its clock while they run, in virtual time. */
final class DriverClockTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualExecutor executor = new ManualExecutor();
  private final List<SyncEvent> events = new ArrayList<>();
  private long aheadMillis;

  private SyncDriver start(int number, Transport transport) {
    TestNode node = TestNode.on(ChainFixture.begin(), number);
    DriverSetup.Host host =
        new DriverSetup.Host(
            () -> node.nowMillis() + executor.nanos() / 1_000_000 + aheadMillis,
            events::add,
            executor);
    SyncDriver driver =
        SyncDriver.start(
            new DriverSetup(node.setup(), transport, LockRegistry.create(), host), executor::nanos);
    executor.run();
    return driver;
  }

  private void setClock(Duration by) {
    aheadMillis += by.toMillis();
  }

  private static FakeTransport.Attempt dialled(FakeTransport transport) {
    return Objects.requireNonNull(transport.attempts.poll(), "nobody was dialled");
  }

  private FakeTransport withoutPeers() {
    FakeTransport transport = new FakeTransport();
    start(1, transport).connect(Conversation.addressOf(77));
    executor.run();
    transport.acceptor().connectFailed(dialled(transport).number());
    executor.run();
    return transport;
  }

  @Test
  void clockSetBack_ofANodeWithoutPeers_dialsOnAsBefore() {
    FakeTransport transport = withoutPeers();

    setClock(HOUR.negated());
    executor.pass(Duration.ofSeconds(6));

    assertThat(transport.attempts).hasSize(1);
  }

  @Test
  void clockSetForward_ofANodeWithoutPeers_dialsOnAsBefore() {
    FakeTransport transport = withoutPeers();

    setClock(HOUR);
    executor.pass(Duration.ofSeconds(4));
    assertThat(transport.attempts).isEmpty();

    executor.pass(Duration.ofSeconds(2));
    assertThat(transport.attempts).hasSize(1);
  }

  @Test
  void clockSetForward_whileAPeerIsToAnswer_doesNotCutIt() {
    FakeTransport transport = new FakeTransport();
    FakeTransport.Line line = new FakeTransport.Line();
    SyncDriver driver = start(1, transport);
    driver.connect(Conversation.addressOf(77));
    executor.run();
    transport.acceptor().connected(line, dialled(transport).number());
    executor.run();

    setClock(HOUR);
    driver.connect(Conversation.addressOf(78));
    executor.pass(Duration.ofSeconds(3));
    assertThat(line.done).containsExactly("send");

    executor.pass(Duration.ofMinutes(2));
    assertThat(line.done).as("it never answered").containsExactly("send", "close");
  }

  private long runs(SyncDriver driver, SyncTask task) {
    var status = driver.currentStatus();
    executor.run();
    return Objects.requireNonNull(status.join().tasks().counters().get(task)).attempts();
  }

  @Test
  void clockSetBackAndForward_ofConnectedNodes_keepsTheirPaceAndTheirConnection() {
    MemoryNetwork network = MemoryNetwork.immediate();
    SyncDriver a = start(1, network.transportAt(Conversation.addressOf(1)));
    SyncDriver b = start(2, network.transportAt(Conversation.addressOf(2)));
    a.connect(Conversation.addressOf(2));
    executor.pass(Duration.ofMinutes(5));
    long before = runs(a, SyncTask.CHAIN);

    for (Duration step : List.of(HOUR.negated(), HOUR, HOUR, HOUR.negated())) {
      setClock(step);
      executor.pass(Duration.ofMinutes(5));
    }

    assertThat(runs(a, SyncTask.CHAIN) - before).isBetween(37L, 43L);
    assertThat(b.connections()).isOne();
    assertThat(events).noneMatch(SyncEvent.PeerGone.class::isInstance);
  }

  @Test
  void takeChange_tellsOfSteps_andNotOfWhatClocksRunApartAnyway() {
    long start = 1_000_000;
    NodeClock clock =
        new NodeClock(() -> start + executor.nanos() / 1_000_000 + aheadMillis, executor::nanos);
    executor.pass(Duration.ofSeconds(3));
    aheadMillis = NodeClock.NEWS_MILLIS - 1;
    assertThat(clock.takeChange()).isEmpty();

    aheadMillis = -NodeClock.NEWS_MILLIS;
    assertThat(clock.takeChange()).isEqualTo(OptionalLong.of(-NodeClock.NEWS_MILLIS));
    assertThat(clock.takeChange()).isEmpty();
    assertThat(clock.nowMillis()).isEqualTo(start + 3_000);

    aheadMillis = 0;
    assertThat(clock.takeChange()).isEqualTo(OptionalLong.of(0));
  }
}
