package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.EventReader;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.chaincore.sync.statistics.NetworkStatistics;

/**
 * The whole protocol as one machine: {@link #handle} takes what happened and returns what is to be
 * done. It has no thread, clock, randomness or I/O of its own: the same inputs at the same times
 * give the same outputs, over sockets and under the simulator.
 *
 * <p>This class only sequences. Each sub-protocol is a machine of its own, which is given its
 * messages and timers and puts its effects into the outbox. After every input the complaints that
 * came up are judged, the machines hear what happened to the chain, and blocks that may be asked
 * for are asked for. Who has to go is let go of between two of these steps: all machines hear of it
 * there and then, so that what the peer was asked for is asked of others in the same input.
 *
 * <p><b>Time.</b> Each input says when it came, in protocol time. That is Unix milliseconds when
 * the node starts, and goes on from there as a stopwatch does: nobody sets it. Timers, deadlines
 * and budgets go by it, so a wall clock that is set forward cuts no peer for being late, and one
 * that is set back makes nothing wait for longer. What has a date goes by the wall clock: blocks,
 * bans, documents, addresses, epochs of statistics. When that is set, {@link Input.ClockSet} says
 * how far it is from protocol time now. A caller whose protocol time goes back all the same makes
 * all that is timed late by so much, and does no other harm.
 *
 * <p>Not thread-safe; to be used by one thread at a time, which is also the one in which blocks and
 * transactions of peers are judged. The engine may be changed by others meanwhile; then the
 * protocol is to be woken.
 */
public final class SyncProtocol {
  /**
   * When more than this waits to be sent to a peer, it is not served on until less waits: otherwise
   * a peer that asks and does not read makes us keep the chain in memory once more for it.
   */
  public static final long SEND_QUEUE_BYTES = 64 * 1024;

  /** So many events are read at a time; the rest follows in the same input. */
  private static final int EVENTS_A_PAGE = 1_000;

  private static final Input NOTHING = new Input.Woken();

  private static final long NEVER = TimerTable.NEVER;

  private final MachineContext context;
  private final Machines machines;
  private final MessageTraffic traffic = new MessageTraffic();

  // The steps that every input takes, made once: each message would leave them behind.
  private final LongConsumer takeCurrent;
  private final LongConsumer fetchBlocks;
  private final LongConsumer followSettings;
  private final LongConsumer followSchedule;

  private Input current = NOTHING;
  private long engineCursor;

  /** What the last {@link Output.WakeAt} said, if it was not used up. */
  private long wakeAtMillis = NEVER;

  /** A protocol whose machines somebody else looks at too. */
  SyncProtocol(MachineContext context, Machines machines) {
    this.context = context;
    this.machines = machines;
    this.takeCurrent = now -> take(current, now);
    this.fetchBlocks = machines.blockFetch::fetch;
    this.followSettings = machines.settingsExchange::follow;
    this.followSchedule = machines.schedule::follow;
    this.engineCursor = context.engine().events().cursor();
  }

  /** A protocol without connections. What is to be done first comes from the first input. */
  public static SyncProtocol of(ProtocolSetup setup) {
    MachineContext context = new MachineContext(setup);
    return new SyncProtocol(context, new Machines(context));
  }

  /** The machines, for tests that see how much they keep. */
  Machines machines() {
    return machines;
  }

  /** What the machines share, for the same. */
  MachineContext context() {
    return context;
  }

  /**
   * Something happened.
   *
   * @param input what
   * @param nowMillis protocol time
   * @return what is to be done, in order
   * @throws IllegalArgumentException if the input cannot happen, as a connection whose name was
   *     used before. Whatever else is thrown is a bug; what had been decided until then is returned
   *     next time. For a store that fails nothing is thrown, see {@link SyncEvent.StoreFailed}
   */
  public List<Output> handle(Input input, long nowMillis) {
    StoreWatch watch = machines.storeWatch;
    machines.followSettings(nowMillis);
    machines.letGo(nowMillis);
    current = input;
    watch.take(takeCurrent, nowMillis);
    current = NOTHING; // Or a node that hears no more would keep the last block that it heard.
    machines.letGo(nowMillis);
    fireTimers(nowMillis);
    judgeComplaints(nowMillis);
    do {
      followEngine(nowMillis);
      if (!watch.isPaused()) {
        watch.take(fetchBlocks, nowMillis);
      }
    } while (judgeComplaints(nowMillis)); // What they were asked for is asked of others at once.
    watch.take(followSettings, nowMillis);
    watch.take(followSchedule, nowMillis);
    tellWhenToWake();
    return context.out().take();
  }

  /** How each task of the schedule went so far; empty before the first input. */
  public Map<SyncTask, TaskCounters> tasks() {
    return machines.schedule.counters();
  }

  /** What reconciling mempools came to so far. */
  public MempoolSyncCounters mempoolSync() {
    return machines.reconciliation.counters();
  }

  /** What the nodes of the network say of themselves; nothing before the first round. */
  public Optional<NetworkStatistics> networkStatistics() {
    return machines.statistics.statistics();
  }

  /** How the node is connected, now. */
  public PeerStats peerStats() {
    return machines.connections.stats(machines.peerExchange.rounds());
  }

  /**
   * All that a host may want to know, as it is now.
   *
   * @param nowMillis protocol time, of which all times of the status are
   */
  public SyncStatus status(long nowMillis) {
    ChainView view = context.engine().view();
    List<PeerStatus> peers = new ArrayList<>(context.peers().size());
    for (Peer peer : context.peers().all()) {
      peers.add(PeerStatus.of(peer));
    }
    return new SyncStatus(
        nowMillis,
        new SyncStatus.ChainProgress(
            place(view.tip()), place(view.heaviestHeader()), machines.state()),
        new SyncStatus.Connections(peers, peerStats()),
        new SyncStatus.Tasks(tasks(), mempoolSync(), networkStatistics().orElse(null)),
        traffic.counts());
  }

  private static BlockRef place(HeaderNode node) {
    return new BlockRef(node.height(), node.hash());
  }

  /**
   * What was to be sent has been encoded; for the counters of {@link #status} only.
   *
   * @param bytes of the whole frame
   */
  public void sent(Message message, int bytes) {
    traffic.sent(message, bytes);
  }

  private void take(Input input, long nowMillis) {
    if (input instanceof Input.Received received) {
      traffic.received(received.message(), received.bytes());
      Peer peer = context.peers().find(received.peer());
      if (peer != null) {
        peer.heard(received.bytes(), nowMillis);
        if (machines.safety.mayGoOn(peer, received.message(), received.bytes(), nowMillis)) {
          received(peer, received.message(), nowMillis);
        }
      }
    } else if (input instanceof Input.Connected connected) {
      connected(connected, nowMillis);
    } else if (input instanceof Input.Disconnected gone) {
      disconnected(gone.peer(), nowMillis);
    } else if (input instanceof Input.ConnectFailed failed) {
      machines.connections.connectFailed(failed.address(), failed.kind(), nowMillis);
    } else if (input instanceof Input.Malformed malformed) {
      malformed(malformed);
    } else if (input instanceof Input.Unknown unknown) {
      Peer peer = context.peers().find(unknown.peer());
      if (peer != null && !peer.isLeaving()) {
        peer.heard(unknown.bytes(), nowMillis);
        machines.safety.skipped(peer, unknown.command(), unknown.bytes(), nowMillis);
      }
    } else if (input instanceof Input.SendQueue queue) {
      queueChanged(queue, nowMillis);
    } else if (input instanceof Input.ConnectRequested wanted) {
      machines.connections.connectRequested(wanted.address(), nowMillis);
    } else if (input instanceof Input.TaskRequested wish) {
      machines.schedule.requested(wish.task(), wish.receipt(), nowMillis);
    } else if (input instanceof Input.SettingsPublished news) {
      machines.settingsExchange.published(news.document(), nowMillis);
    } else if (input instanceof Input.OwnSettings own) {
      machines.settingsExchange.useOwn(own.settings());
    } else if (input instanceof Input.OwnSettingsChanged some) {
      machines.settingsExchange.changeOwn(some.changes());
    } else if (input instanceof Input.SignersTrusted change) {
      machines.settingsExchange.trust(change.signers(), nowMillis);
    } else if (input instanceof Input.ClockSet clock) {
      context.setClockAhead(clock.aheadMillis());
    } else if (input instanceof Input.Woken) {
      wakeAtMillis = NEVER;
    } else {
      machines.requested(input, nowMillis);
    }
  }

  /** Whoever has spoken our network's language before has not lost its way here. */
  private void malformed(Input.Malformed input) {
    Peer peer = context.peers().find(input.peer());
    boolean hasSpoken = peer != null && peer.hasSpoken();
    Misbehaviour fault =
        switch (input.reason()) {
          case OTHER_NETWORK ->
              hasSpoken ? Misbehaviour.MALFORMED_FRAME : Misbehaviour.WRONG_NETWORK;
          case NO_FRAME -> Misbehaviour.MALFORMED_FRAME;
          case OVERSIZE -> Misbehaviour.OVERSIZE;
          case NO_MESSAGE -> Misbehaviour.MALFORMED_MESSAGE;
        };
    context.out().complain(input.peer(), fault, input.detail());
  }

  private void connected(Input.Connected input, long nowMillis) {
    Peer peer = new Peer(input.peer(), input.address(), input.kind(), nowMillis);
    context.peers().add(peer);
    machines.connections.connected(peer);
    if (machines.safety.admits(peer, nowMillis)) {
      machines.handshake.connected(peer, nowMillis);
    }
  }

  private void disconnected(PeerId id, long nowMillis) {
    Peer peer = context.peers().find(id);
    if (peer != null) {
      context.lost(peer);
      machines.letGo(nowMillis);
    }
    if (context.peers().remove(id)) {
      context.out().emit(new SyncEvent.PeerGone(id));
    }
  }

  private void received(Peer peer, Message message, long nowMillis) {
    if (peer.isEstablished()) {
      machines.dispatch(peer, message, nowMillis);
    } else if (machines.handshake.received(peer, message, nowMillis)) {
      String userAgent = peer.facts().userAgent();
      context.out().emit(new SyncEvent.PeerReady(peer.id(), peer.address(), userAgent));
      machines.established(peer, nowMillis);
    }
  }

  private void queueChanged(Input.SendQueue queue, long nowMillis) {
    Peer peer = context.peers().find(queue.peer());
    if (peer != null) {
      peer.setQueuedBytes(queue.bytes());
      if (queue.bytes() <= SEND_QUEUE_BYTES) {
        machines.chainServer.serve(peer, nowMillis);
      }
    }
  }

  private void fireTimers(long nowMillis) {
    TimerTable timers = context.timers();
    for (TimerTable.Due due = timers.takeDue(nowMillis);
        due != null;
        due = timers.takeDue(nowMillis)) {
      TimerTable.Due next = due;
      machines.storeWatch.take(now -> fire(next, now), nowMillis);
      machines.letGo(nowMillis);
    }
  }

  private void fire(TimerTable.Due due, long nowMillis) {
    PeerId id = due.peer();
    Peer peer = id == null ? null : context.peers().find(id);
    if (id == null) {
      machines.fire(due.timer(), nowMillis);
    } else if (peer != null) {
      machines.fire(due.timer(), peer, nowMillis);
    }
  }

  /** Whether somebody had to go. */
  private boolean judgeComplaints(long nowMillis) {
    boolean hasCut = false;
    List<Outbox.Complaint> complaints = context.out().takeComplaints();
    if (complaints.isEmpty()) {
      return false;
    }
    for (Outbox.Complaint complaint : complaints) {
      Peer peer = context.peers().find(complaint.peer());
      if (peer != null) {
        machines.safety.complained(peer, complaint.misbehaviour(), complaint.detail(), nowMillis);
        hasCut |= machines.letGo(nowMillis);
      }
    }
    return hasCut;
  }

  private void followEngine(long nowMillis) {
    EventReader events = context.engine().events();
    while (engineCursor < events.cursor()) {
      EventReader.Page page = events.read(engineCursor, EVENTS_A_PAGE);
      if (page instanceof EventReader.Page.Events told) {
        for (ChainEvent event : told.events()) {
          engineCursor++; // Whatever comes of this one, the next is heard of.
          machines.storeWatch.take(now -> machines.followed(event, now), nowMillis);
        }
        engineCursor = told.cursor();
      } else if (page instanceof EventReader.Page.Lagged lagged) {
        engineCursor = lagged.oldest();
        machines.storeWatch.take(machines::lagged, nowMillis);
      }
    }
  }

  private void tellWhenToWake() {
    long next = context.timers().nextMillis();
    if (next != wakeAtMillis) {
      wakeAtMillis = next;
      if (next != NEVER) {
        context.out().wakeAt(next);
      }
    }
  }
}
