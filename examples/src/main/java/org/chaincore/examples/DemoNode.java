package org.chaincore.examples;

import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.protocol.LocalNode;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.transport.Transport;

/**
 * A full node and its host: an engine, a driver that keeps it in step with its peers in a thread of
 * its own, and a wallet. The host offers the engine what is its own, and reads what both tell.
 *
 * <p>Confined to the one thread that tells the story; only engine and driver may be used by others.
 */
final class DemoNode implements AutoCloseable {
  private static final int EVENTS_AT_ONCE = 100;

  /** What the driver told and nobody has read; a story that stands still costs no memory. */
  private static final int MOST_UNREAD = 1_000;

  private final Wallet wallet;
  private final Place place;
  private final Clock clock;
  private final ChainEngine engine;
  private final SyncDriver driver;
  private final EventReader.Subscription subscription;
  private final Queue<SyncEvent> unread = new LinkedBlockingQueue<>(MOST_UNREAD);
  private final Map<PeerId, NetworkAddress> peers = new LinkedHashMap<>();
  private long cursor;

  private DemoNode(Wallet wallet, ChainParams params, Place place, Clock clock, long seed) {
    this.wallet = wallet;
    this.place = place;
    this.clock = clock;
    EngineSetup chain = EngineSetup.inMemory(params);
    this.engine = ChainEngine.open(chain);
    this.subscription = engine.events().subscribe(place.bell());
    this.driver =
        SyncDriver.start(
            new DriverSetup(
                protocol(engine, wallet.owner(), seed),
                place.transport(),
                chain.locks(),
                new DriverSetup.Host(clock::millis, this::hear, null)));
  }

  /**
   * Where a node is.
   *
   * @param address where others find it
   * @param transport what carries its bytes
   * @param bell rung, from any thread, when the node has something to tell
   */
  record Place(NetworkAddress address, Transport transport, Runnable bell) {}

  /**
   * A running node with an empty chain on the heap.
   *
   * @param seed its key and its chance; a real one takes what nobody can guess
   */
  static DemoNode start(Wallet wallet, ChainParams params, Place place, Clock clock, long seed) {
    return new DemoNode(wallet, params, place, clock, seed);
  }

  private static ProtocolSetup protocol(ChainEngine engine, String owner, long seed) {
    byte[] secret = new byte[NodeKey.SEED_BYTES];
    new Random(seed).nextBytes(secret);
    NodeDescription description =
        new NodeDescription(
            NodeDescription.PROTOCOL_VERSION,
            Services.NETWORK | Services.WITNESS,
            "/quickstart:" + owner + "/");
    LocalNode self =
        new LocalNode(NodeKey.ofSeed(secret), description, EnumSet.allOf(Extension.class));
    SettingsState settings =
        SettingsState.of(
            engine.params().fingerprint(),
            OperationalSettings.DEFAULT,
            TrustedSigners.NONE,
            Signatures.ed25519());
    return new ProtocolSetup(engine, self, settings, seed);
  }

  String name() {
    return wallet.owner();
  }

  Wallet wallet() {
    return wallet;
  }

  NetworkAddress address() {
    return place.address();
  }

  ChainEngine engine() {
    return engine;
  }

  SyncDriver driver() {
    return driver;
  }

  /** The host's own block: the engine judges it like any other, and the driver passes it on. */
  BlockOutcome submit(Block block) {
    return engine.accept(block, 0, now());
  }

  /** The host's own transaction. */
  MempoolOutcome submit(Transaction transaction) {
    return engine.accept(transaction, 0, now());
  }

  /** Called by the driver. */
  private void hear(SyncEvent event) {
    unread.offer(event);
    place.bell().run();
  }

  /** Reads on what driver and engine have told, and tells the journal. */
  void readNews(Journal journal) {
    for (SyncEvent event = unread.poll(); event != null; event = unread.poll()) {
      if (event instanceof SyncEvent.PeerReady ready) {
        peers.put(ready.peer(), ready.address());
      } else if (event instanceof SyncEvent.PeerGone gone) {
        peers.remove(gone.peer());
      } else if (event instanceof SyncEvent.PeerMisbehaved wrong) {
        journal.complained(name(), wrong);
      }
    }
    while (cursor < engine.events().cursor()) {
      EventReader.Page page = engine.events().read(cursor, EVENTS_AT_ONCE);
      if (page instanceof EventReader.Page.Events read) {
        for (ChainEvent event : read.events()) {
          journal.saw(name(), event);
        }
        cursor = read.cursor();
      } else if (page instanceof EventReader.Page.Lagged lagged) {
        cursor = lagged.oldest();
      }
    }
  }

  /** Whether, as far as its news were read, the handshake with that node is done. */
  boolean isConnectedTo(DemoNode other) {
    return peers.containsValue(other.address());
  }

  /** The blocks of the chain without genesis, lowest first. */
  List<HeaderNode> chain() {
    HeaderNode genesis = engine.view().at(0).orElseThrow();
    return engine.view().above(genesis, Integer.MAX_VALUE);
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  /** Leaves the network; the chain can still be looked at. */
  @Override
  public void close() {
    subscription.close();
    driver.close();
  }
}
