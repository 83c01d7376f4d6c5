package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.transport.Receiver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the driver does when transport, host or protocol are not as they should be. */
@Timeout(60)
final class DriverEdgesTest {
  private final FakeTransport transport = new FakeTransport();
  private final FakeTransport.Line line = new FakeTransport.Line();
  private final AtomicBoolean isClockBroken = new AtomicBoolean();
  private final BlockingQueue<SyncEvent> events = new LinkedBlockingQueue<>();
  private final TestNode node = TestNode.on(ChainFixture.begin(), 1);
  private final SyncDriver driver = SyncDriver.start(setup(transport));

  private DriverSetup setup(FakeTransport over) {
    DriverSetup.Host host =
        new DriverSetup.Host(
            () -> {
              if (isClockBroken.get()) {
                throw new IllegalStateException("a broken clock");
              }
              return node.nowMillis();
            },
            event -> {
              events.add(event);
              throw new IllegalStateException("a broken host");
            },
            null);
    return new DriverSetup(node.setup(), over, LockRegistry.create(), host);
  }

  @AfterEach
  void close() {
    assertThat(driver.close(Duration.ofSeconds(30))).isTrue();
  }

  private static String next(FakeTransport.Line of) throws InterruptedException {
    String next = of.done.poll(30, TimeUnit.SECONDS);
    assertThat(next).as("something done in time").isNotNull();
    return next;
  }

  private Receiver connected() throws InterruptedException {
    driver.connect(Conversation.addressOf(77));
    FakeTransport.Attempt attempt = transport.attempts.poll(30, TimeUnit.SECONDS);
    assertThat(attempt).isNotNull();
    return transport.acceptor().connected(line, attempt.number());
  }

  @Test
  void connect_opensWithAVersion() throws Exception {
    connected();

    assertThat(next(line)).isEqualTo("send");
    assertThat(driver.connections()).isEqualTo(1);
  }

  @Test
  void send_thatThrows_endsTheConnection() throws Exception {
    line.isBroken = true;
    Receiver receiver = connected();

    assertThat(next(line)).isEqualTo("close");
    receiver.closed();
  }

  @Test
  void send_toWhoDoesNotReadAtAll_endsTheConnection() throws Exception {
    line.queued = Sender.MAX_QUEUED_BYTES + 1;
    connected();

    assertThat(next(line)).isEqualTo("send");
    assertThat(next(line)).isEqualTo("close");
  }

  @Test
  void send_toWhoReadsSlowly_goesOnWhenItHasRead() throws Exception {
    line.queued = 100_000;
    Receiver receiver = connected();
    assertThat(next(line)).isEqualTo("send");

    receiver.drained();
    line.queued = 0;
    receiver.drained();
    receiver.received(new byte[24]);

    assertThat(next(line)).as("bytes of no network").isEqualTo("close");
  }

  @Test
  void protocol_thatThrows_endsTheConnectionThatBroughtItAbout() throws Exception {
    isClockBroken.set(true);
    transport.acceptor().accepted(line);

    assertThat(next(line)).isEqualTo("close");
    isClockBroken.set(false);
    FakeTransport.Line second = new FakeTransport.Line();
    driver.connect(Conversation.addressOf(78));
    FakeTransport.Attempt attempt = transport.attempts.poll(30, TimeUnit.SECONDS);
    assertThat(attempt).isNotNull();
    transport.acceptor().connected(second, attempt.number());
    assertThat(next(second)).isEqualTo("send");
  }

  @Test
  void connectFailed_isToldOnce() throws Exception {
    driver.connect(Conversation.addressOf(77));
    FakeTransport.Attempt attempt = transport.attempts.poll(30, TimeUnit.SECONDS);
    assertThat(attempt).isNotNull();

    transport.acceptor().connectFailed(attempt.number());
    transport.acceptor().connectFailed(attempt.number());

    assertThat(driver.connections()).isZero();
  }

  @Test
  void request_isAnsweredOrCancelled() {
    CompletableFuture<SyncEvent.TaskFinished> asked = driver.request(SyncTask.CHAIN);
    driver.close(Duration.ofSeconds(30));
    assertThat(asked).isDone();

    assertThat(driver.request(SyncTask.CHAIN)).isCancelled();
    driver.connect(Conversation.addressOf(1));
  }

  @Test
  void connection_thatComesWhenAllIsOver_isEnded() throws Exception {
    driver.close(Duration.ofSeconds(30));

    transport.acceptor().accepted(line);

    assertThat(next(line)).isEqualTo("close");
    assertThat(transport.calls).contains("close");
  }

  @Test
  void start_thatFails_leavesNothingBehind() {
    FakeTransport taken = new FakeTransport();
    taken.refusesToStart = true;

    assertThatThrownBy(() -> SyncDriver.start(setup(taken)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the port is taken");
    assertThat(taken.calls).containsExactly("close");
  }
}
