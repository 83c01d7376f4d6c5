package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.SyncTask;
import org.jspecify.annotations.Nullable;

/**
 * What every machine of the protocol has in common with the others. Machines do not know each other
 * but where one plainly serves the next.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MachineContext {
  private final ProtocolSetup setup;
  private final PeerTable peers = new PeerTable();
  private final Outbox out = new Outbox(peers);
  private final TimerTable timers = new TimerTable();

  /** Those whose leaving the machines have not heard of: each connection once. */
  private final Queue<Peer> leaving = new ArrayDeque<>();

  private final SplittableRandom seeds;
  private long clockAheadMillis;
  private boolean isCaughtUp;

  MachineContext(ProtocolSetup setup) {
    this.setup = setup;
    this.seeds = new SplittableRandom(setup.seed());
  }

  ChainEngine engine() {
    return setup.engine();
  }

  ProtocolSetup setup() {
    return setup;
  }

  /** What the node remembers of peers over a restart. */
  PeerMemory memory() {
    return setup.memory();
  }

  PeerTable peers() {
    return peers;
  }

  Outbox out() {
    return out;
  }

  TimerTable timers() {
    return timers;
  }

  SettingsState settingsState() {
    return setup.settings();
  }

  /** The settings as they are now; they may change between two inputs. */
  OperationalSettings settings() {
    return setup.settings().current();
  }

  /** What this node offers its peers now; see {@link LimitedService}. */
  long services() {
    return LimitedService.offered(setup.self().description().services(), setup.engine());
  }

  /** Whether the chain has been downloaded and is not far behind again. */
  boolean isCaughtUp() {
    return isCaughtUp;
  }

  void setCaughtUp(boolean newValue) {
    isCaughtUp = newValue;
  }

  /** Randomness of the caller's own. To be asked for once, when a machine is made. */
  SplittableRandom newRandom() {
    return seeds.split();
  }

  /**
   * Ends a connection: nothing more is sent to the peer or heard from it. The machines hear of it
   * when the one that wants this is done with its step, so that none finds its own tables changed
   * while it goes through them.
   */
  void disconnect(Peer peer, DisconnectReason reason) {
    if (!peer.isLeaving()) {
      peer.leave(reason);
      out.disconnect(peer.id(), reason);
      leaving.add(peer);
    }
  }

  /** A connection has ended without our doing. */
  void lost(Peer peer) {
    if (!peer.isLeaving()) {
      peer.leave();
      leaving.add(peer);
    }
  }

  /**
   * The next peer whose leaving the machines are to hear of, first come first; null if there is
   * none. From now on it is not found among the peers.
   */
  @Nullable Peer takeLeaving() {
    Peer next = leaving.poll();
    if (next != null) {
      peers.letGo(next.id());
    }
    return next;
  }

  /**
   * A task of the schedule is done, or can not be done.
   *
   * @param receipt what the host called it; 0 if the schedule wanted it
   * @param succeeded whether anything came of it
   */
  void taskFinished(SyncTask task, long receipt, TaskFigures figures, boolean succeeded) {
    out.finish(task, receipt, figures, succeeded);
    if (receipt != 0) {
      out.emit(new SyncEvent.TaskFinished(task, receipt, figures, succeeded));
    }
  }

  /**
   * The node's wall clock is so far ahead of protocol time from now on, see {@link SyncProtocol}.
   */
  void setClockAhead(long millis) {
    clockAheadMillis = millis;
  }

  /**
   * What the wall clock shows, in the unit that the engine reads. For what has a date: blocks,
   * bans, documents, addresses. Deadlines are of protocol time, which nobody sets.
   */
  long seconds(long nowMillis) {
    return Math.floorDiv(nowMillis + clockAheadMillis, 1_000L);
  }

  /** The protocol time at which the wall clock will show this, if nobody sets it. */
  long millisAt(long unixSeconds) {
    return unixSeconds * 1_000 - clockAheadMillis;
  }
}
