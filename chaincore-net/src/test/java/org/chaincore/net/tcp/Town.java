package org.chaincore.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.net.tls.Certificates;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.NetworkAddress;

/** Whole nodes in one process that speak TCP over loopback, and somebody who waits for them. */
final class Town implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;
  private static final TcpOptions PLAIN =
      TcpOptions.listeningAt(NetworkAddress.parse("127.0.0.1:0"));

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition somethingHappened = lock.newCondition();
  private final long startNanos = System.nanoTime();
  private final NetworkThreads threads = NetworkThreads.start(2);
  private final List<ChainFixture> chains = new ArrayList<>();
  private final List<TcpTransport> transports = new ArrayList<>();
  private final List<SyncDriver> drivers = new ArrayList<>();

  /** Nodes that anybody may speak to. */
  static Town plain(int nodes) {
    Town town = new Town();
    for (int i = 0; i < nodes; i++) {
      town.add(i, PLAIN);
    }
    return town;
  }

  /** Nodes that speak to each other alone. */
  static Town withinTls(int nodes) {
    Town town = new Town();
    for (int i = 0; i < nodes; i++) {
      town.add(
          i,
          PLAIN.withTls(
              MutualTls.ofNode(
                  Certificates.nodeKey(i + 1),
                  id -> {
                    for (int j = 1; j <= nodes; j++) {
                      if (Certificates.nodeKey(j).id().equals(id)) {
                        return true;
                      }
                    }
                    return false;
                  })));
    }
    return town;
  }

  private void add(int number, TcpOptions options) {
    ChainFixture chain = ChainFixture.begin();
    TestNode node = TestNode.on(chain, number + 1);
    TcpTransport transport = TcpTransport.of(options, threads);
    DriverSetup.Host host =
        new DriverSetup.Host(
            () -> node.nowMillis() + (System.nanoTime() - startNanos) / 1_000_000,
            event -> happened(),
            null);
    chain.engine().events().subscribe(this::happened);
    chains.add(chain);
    transports.add(transport);
    drivers.add(
        SyncDriver.start(new DriverSetup(node.setup(), transport, LockRegistry.create(), host)));
  }

  private void happened() {
    lock.lock();
    try {
      somethingHappened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  ChainFixture chain(int node) {
    return chains.get(node);
  }

  TcpTransport transport(int node) {
    return transports.get(node);
  }

  SyncDriver driver(int node) {
    return drivers.get(node);
  }

  void connect(int from, int to) {
    drivers.get(from).connect(transports.get(to).boundAddress());
  }

  void connect(int from, NetworkAddress to) {
    drivers.get(from).connect(to);
  }

  void await(BooleanSupplier condition) throws InterruptedException {
    long nanos = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        nanos = somethingHappened.awaitNanos(nanos);
        assertThat(nanos).as("time left").isPositive();
      }
    } finally {
      lock.unlock();
    }
  }

  void awaitOneTip() throws InterruptedException {
    await(
        () ->
            chains.stream().map(chain -> chain.engine().view().tip().hash()).distinct().count()
                == 1);
  }

  void awaitInAllMempools(Transaction transaction) throws InterruptedException {
    await(() -> chains.stream().allMatch(chain -> chain.mempool().contains(transaction.txid())));
  }

  @Override
  public void close() {
    for (SyncDriver driver : drivers) {
      assertThat(driver.close(Duration.ofSeconds(20))).isTrue();
    }
    for (TcpTransport transport : transports) {
      assertThat(transport.ended()).succeedsWithin(Duration.ofSeconds(20));
    }
    assertThat(threads.close(Duration.ofSeconds(10))).isTrue();
  }
}
