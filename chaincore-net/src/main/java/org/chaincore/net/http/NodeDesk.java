package org.chaincore.net.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.net.journal.ChainJournal;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SyncTask;

/**
 * What all endpoints share: the node, and what the interface itself remembers of it. Thread-safe.
 */
final class NodeDesk implements AutoCloseable {
  /** Clients cannot have the driver look more often than this. */
  private static final long FRESH_NANOS = 100_000_000L;

  private final ApiSources sources;
  private final ChainJournal journal;
  private final boolean isOwnJournal;
  private final BlockJson writer;
  private final BlockBody reader;
  private final AtomicLong askedNanos = new AtomicLong(System.nanoTime() - FRESH_NANOS);
  private final LongAdder calls = new LongAdder();
  private final long startedNanos = System.nanoTime();
  private final long startedMillis;

  NodeDesk(ApiSources sources) {
    this.sources = sources;
    ChainJournal given = sources.desks().journal();
    this.isOwnJournal = given == null;
    this.journal =
        given == null
            ? ChainJournal.of(sources.engine(), sources.locks(), sources::nowSeconds)
            : given;
    this.writer = new BlockJson(sources.engine().params().addresses());
    this.reader = new BlockBody(sources.engine().params().addresses());
    this.startedMillis = sources.nowMillis();
  }

  ApiSources sources() {
    return sources;
  }

  ChainEngine engine() {
    return sources.engine();
  }

  ChainParams params() {
    return sources.engine().params();
  }

  ChainView view() {
    return sources.engine().view();
  }

  /**
   * How the node and its peers are. A node that does little shows what it last took the trouble to
   * look at, so who asks has it look again, for whoever asks next.
   */
  SyncStatus status() {
    long now = System.nanoTime();
    long last = askedNanos.get();
    if (now - last > FRESH_NANOS && askedNanos.compareAndSet(last, now)) {
      var unused = sources.driver().currentStatus();
    }
    return sources.driver().status();
  }

  /** Has a task done now. */
  CompletableFuture<TaskFinished> request(SyncTask task) {
    try {
      return sources.driver().request(task);
    } catch (IllegalStateException tooMuch) {
      throw ApiFault.busy("too much waits to be done already", 1);
    }
  }

  /** Has the node connect to an address from now on. */
  void connect(NetworkAddress address) {
    try {
      sources.driver().connect(address);
    } catch (IllegalStateException tooMuch) {
      throw ApiFault.busy("too much waits to be done already", 1);
    }
  }

  /** Publishes settings that somebody signed for the network. */
  CompletableFuture<SettingsAnswer> publish(SettingsDocument document) {
    try {
      return sources.driver().publish(document);
    } catch (IllegalStateException tooMuch) {
      throw ApiFault.busy("too much waits to be done already", 1);
    }
  }

  ChainJournal journal() {
    return journal;
  }

  BlockJson writer() {
    return writer;
  }

  BlockBody reader() {
    return reader;
  }

  String nodeId() {
    return sources.self().nodeId();
  }

  /** A request has come. */
  void called() {
    calls.increment();
  }

  long calls() {
    return calls.sum();
  }

  /** Since the interface began; setting the clock does not change it. */
  long uptimeMillis() {
    return (System.nanoTime() - startedNanos) / 1_000_000;
  }

  /** Unix milliseconds, by which clients tell one run of the node from another. */
  long startedMillis() {
    return startedMillis;
  }

  @Override
  public void close() {
    if (isOwnJournal) {
      journal.close();
    }
  }
}
