package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SyncDriverTest {
  /** A node over an in-memory transport, and what it told. */
  private record Node(SyncDriver driver, BlockingQueue<SyncEvent> events) {
    static Node start(MemoryNetwork network, int number) {
      BlockingQueue<SyncEvent> events = new LinkedBlockingQueue<>();
      TestNode node = TestNode.on(ChainFixture.begin(), number);
      DriverSetup.Host host = new DriverSetup.Host(node::nowMillis, events::add, null);
      return new Node(
          SyncDriver.start(
              new DriverSetup(
                  node.setup(),
                  network.transportAt(Conversation.addressOf(number)),
                  LockRegistry.create(),
                  host)),
          events);
    }

    <E extends SyncEvent> E await(Class<E> kind) throws InterruptedException {
      while (true) {
        SyncEvent event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event before the time is over").isNotNull();
        if (kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
    }
  }

  @Test
  void connect_twoNodes_greetEachOtherAndPartWhenOneCloses() throws InterruptedException {
    MemoryNetwork network = MemoryNetwork.immediate();
    Node a = Node.start(network, 1);
    Node b = Node.start(network, 2);

    a.driver.connect(Conversation.addressOf(2));
    assertThat(a.await(SyncEvent.PeerReady.class).userAgent()).startsWith("/chaincore");
    b.await(SyncEvent.PeerReady.class);

    assertThat(b.driver.close(Duration.ofSeconds(10))).isTrue();
    a.await(SyncEvent.PeerGone.class);
    assertThat(a.driver.connections()).isZero();
    assertThat(a.driver.close(Duration.ofSeconds(10))).isTrue();
  }
}
