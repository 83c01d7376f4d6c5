package org.chaincore.sync.driver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.jspecify.annotations.Nullable;

/**
 * Runs the protocol of one node over a transport: all that happens is handed to it one after the
 * other, and what it wants is done in order. This is the only place that sends.
 *
 * <p>The protocol runs in one thread at a time: the driver's own, or one that the host lends. Bytes
 * are decoded there too, a piece of each connection in turn. The engine may be used by other
 * threads meanwhile: its events wake the driver.
 *
 * <p>When the protocol throws, which only a bug makes it do, the connection that brought this about
 * ends and the node goes on. A store that fails is no peer's doing: it is logged and told by {@link
 * SyncEvent.StoreFailed}, and no connection ends.
 *
 * <p>What the node waits for it waits for by the machine's stopwatch, so the host's clock may be
 * set while it runs: that changes dates, as of bans, and no deadline.
 *
 * <p><b>Wishes.</b> What the host wants is done in the driver's thread, in the order in which it
 * was asked for, and no method waits for it. Where something can be refused or has a result, there
 * is a receipt: it is cancelled if the driver is closed before that, and what is chained to it runs
 * in the driver's thread and must not block. All of these throw {@link IllegalStateException} when
 * {@value Inbox#MAX_WISHES} wishes wait, and do nothing once the driver is closed.
 *
 * <p>Thread-safe.
 */
public final class SyncDriver implements AutoCloseable {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  private final DriverSetup setup;
  private final Loop loop;
  private final EventReader.Subscription engineEvents;
  private volatile boolean isClosed;

  private SyncDriver(DriverSetup setup, LongSupplier nanos) {
    this.setup = setup;
    this.loop = new Loop(setup, nanos);
    this.engineEvents = setup.protocol().engine().events().subscribe(loop::wake);
  }

  /**
   * Starts a node's protocol and its transport. If the transport cannot be started nothing is left
   * of it but what that threw.
   */
  public static SyncDriver start(DriverSetup setup) {
    return start(setup, System::nanoTime);
  }

  /**
   * Starts a node whose waiting is measured otherwise, for tests.
   *
   * @param nanos what only ever goes forward; alarms of the executor go by it
   */
  static SyncDriver start(DriverSetup setup, LongSupplier nanos) {
    SyncDriver driver = new SyncDriver(setup, nanos);
    try {
      setup.transport().start(driver.loop.door());
    } catch (RuntimeException broken) {
      // Nothing has begun in threads that are lent, so there is nothing to wait for.
      driver.close(setup.host().executor() == null ? CLOSE_TIME : Duration.ZERO);
      throw broken;
    }
    driver.loop.wake();
    return driver;
  }

  /**
   * Connects to an address, whatever the address book says, and again whenever the connection is
   * lost, until it is disconnected or banned. What cannot be done is told by {@link
   * SyncEvent.ConnectionRefused}: an address of our own, one that is banned, or too many of these.
   */
  public void connect(NetworkAddress address) {
    wish(new Input.ConnectRequested(address));
  }

  /** Ends a connection; nothing happens if it has ended. */
  public void disconnect(PeerId peer) {
    wish(new Input.DisconnectRequested(peer));
  }

  /**
   * Wants no connection with whoever owns an address, in either direction; who is there goes.
   *
   * @param untilSeconds when the ban ends, Unix seconds; one that is over ends an earlier ban
   */
  public void ban(NetworkAddress address, long untilSeconds) {
    wish(new Input.BanRequested(address, untilSeconds));
  }

  /** Forgets all that is held against the owner of an address, bans too. */
  public void forgive(NetworkAddress address) {
    wish(new Input.ForgiveRequested(address));
  }

  /**
   * Says how fast the host mines, for the statistics of the network. To be called when that
   * changes.
   *
   * @param hashesPerSecond 0 when it does not mine
   * @throws IllegalArgumentException if it is below 0
   */
  public void mines(long hashesPerSecond) {
    wish(new Input.OwnHashRate(hashesPerSecond));
  }

  /** The settings in force: the host's own, and over them those of the document. */
  public OperationalSettings settings() {
    return loop.settings();
  }

  /**
   * Changes the host's own settings, under the document in force.
   *
   * @param own all of them
   * @return refused if the document is not in range beside them
   */
  public CompletableFuture<SettingsAnswer> useOwn(OperationalSettings own) {
    return ask(new Input.OwnSettings(own), this::settingsAnswer);
  }

  /**
   * Changes some of the host's own settings, under the document in force; the others stay as they
   * are when it is done, whoever set them.
   *
   * @param changes values by names, see {@link OperationalSettings#with(Map)}; may be empty, and
   *     answered by what is in force
   * @return refused if one of them is refused, or the document is not in range beside them; nothing
   *     has changed then
   */
  public CompletableFuture<SettingsAnswer> changeOwn(Map<String, String> changes) {
    return ask(new Input.OwnSettingsChanged(changes), this::settingsAnswer);
  }

  /**
   * Publishes settings that the host, or somebody else, signed for the network: the node obeys them
   * and passes them on, or refuses them as it would refuse them from a peer.
   */
  public CompletableFuture<SettingsAnswer> publish(SettingsDocument document) {
    return ask(new Input.SettingsPublished(document), this::settingsAnswer);
  }

  /** Fetches blocks for the host, see {@link Input.BlocksWanted}. */
  public void wantBlocks(List<Hash256> blocks) {
    wish(new Input.BlocksWanted(blocks));
  }

  /** Changes whose settings the node obeys, see {@link Input.SignersTrusted}. */
  public void trust(TrustedSigners signers) {
    wish(new Input.SignersTrusted(signers));
  }

  /**
   * Has a task of the schedule done now.
   *
   * @return what came of it, once it is over
   */
  public CompletableFuture<TaskFinished> request(SyncTask task) {
    CompletableFuture<TaskFinished> receipt = loop.receipts().issue();
    submit(Wish.of(new Input.TaskRequested(task, loop.receipts().number(receipt))), receipt);
    return receipt;
  }

  /**
   * What the node remembers of peers: addresses, bans and anchors. A host keeps it when the node
   * stops, now and then before that, and soon after the start; see {@link PeerMemory#restore}.
   */
  public CompletableFuture<Bytes> peersToKeep() {
    return ask(
        new Input.PeersToKeepRequested(),
        done -> Wish.event(done, SyncEvent.PeersToKeep.class).orElseThrow().memory());
  }

  /**
   * What the node remembers of signed settings: the document in force, and the versions used up. To
   * be kept whenever {@link SyncEvent.SettingsChanged} tells of a document; see {@link
   * SettingsState#restore}.
   */
  public CompletableFuture<Bytes> settingsToKeep() {
    return ask(
        new Input.SettingsToKeepRequested(),
        done -> Wish.event(done, SyncEvent.SettingsToKeep.class).orElseThrow().state());
  }

  /**
   * What the node knew of itself and its network when this was taken last: some {@value
   * Loop#STATUS_MILLIS} ms ago while there is much to do, before the last thing happened while
   * there is little. Waits for nobody.
   */
  public SyncStatus status() {
    return loop.statusDesk().status();
  }

  /**
   * The same as it is now. To be waited for: the driver's thread takes it. What is chained to it
   * runs in that thread and must not block.
   *
   * @return cancelled if the driver is closed before that
   */
  public CompletableFuture<SyncStatus> currentStatus() {
    CompletableFuture<SyncStatus> status = loop.statusDesk().ask();
    loop.wake();
    return status;
  }

  /** How many connections there are. */
  public int connections() {
    return loop.door().connections();
  }

  private SettingsAnswer settingsAnswer(List<Output> done) {
    return Wish.event(done, SyncEvent.SettingsRefused.class)
        .<SettingsAnswer>map(no -> new SettingsAnswer.Refused(no.reason(), no.detail()))
        .orElseGet(() -> new SettingsAnswer.Applied(setup.protocol().settings().current()));
  }

  private void wish(Input input) {
    submit(Wish.of(input), null);
  }

  private <T> CompletableFuture<T> ask(Input input, Function<List<Output>, T> answer) {
    CompletableFuture<T> receipt = loop.receipts().issue();
    submit(
        new Wish(
            input, done -> receipt.complete(answer.apply(done)), receipt::completeExceptionally),
        receipt);
    return receipt;
  }

  private void submit(Wish wish, @Nullable CompletableFuture<?> receipt) {
    if (!isClosed && !loop.inbox().wish(wish)) {
      if (receipt != null) {
        receipt.cancel(false);
      }
      throw new IllegalStateException("too much waits to be done for " + wish.input());
    }
  }

  @Override
  public void close() {
    close(CLOSE_TIME);
  }

  /**
   * Ends all connections and stops.
   *
   * @return whether what was under way has ended within the time
   */
  public boolean close(Duration within) {
    engineEvents.close();
    isClosed = true;
    loop.door().close();
    boolean hasStopped = false;
    try {
      hasStopped = loop.stop(within.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    loop.statusDesk().close();
    setup.transport().close();
    loop.receipts().close();
    return hasStopped;
  }
}
