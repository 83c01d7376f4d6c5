package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Words;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.jspecify.annotations.Nullable;

/**
 * Header sync and block fetch of a node, among played peers that answer by themselves, each after a
 * time of its own, on a clock that jumps from one thing to the next. It stands in for the other
 * machines: peers are established at once, and a peer that does what no honest one does is cut. Not
 * thread-safe.
 */
final class Swarm {
  private record Due(long atMillis, long sequence, PeerId peer, @Nullable Message message) {}

  private record Guest(Peer peer, @Nullable PlayedPeer player, long delayMillis) {}

  final MachineContext context;
  final HeaderSync headerSync;
  final BlockFetch blockFetch;
  final List<SyncEvent> events = new ArrayList<>();
  final List<Misbehaviour> faults = new ArrayList<>();
  final List<DisconnectReason.Cause> cuts = new ArrayList<>();
  final List<Outbox.FinishedTask> finished = new ArrayList<>();
  final StringBuilder transcript = new StringBuilder();
  private final Map<PeerId, Guest> guests = new LinkedHashMap<>();
  private final Map<PeerId, List<Message>> heard = new LinkedHashMap<>();
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::atMillis).thenComparingLong(Due::sequence));
  private final long startMillis;
  private long sequence;
  private long nextPeer = 1;
  private long cursor;
  private long nextComparison = Long.MAX_VALUE;
  private boolean isTranscribed = true;
  long nowMillis;
  Runnable afterEachStep = () -> {};

  Swarm(ProtocolSetup setup, long nowMillis) {
    this.context = new MachineContext(setup);
    this.headerSync = new HeaderSync(context);
    this.blockFetch = new BlockFetch(context, headerSync, new BlockArrivals(context));
    this.cursor = setup.engine().events().cursor();
    this.nowMillis = nowMillis;
    this.startMillis = nowMillis;
  }

  /** Long runs would make long transcripts. */
  Swarm silently() {
    isTranscribed = false;
    return this;
  }

  /** Tips are compared every 30 s. */
  Swarm withSchedule() {
    nextComparison = nowMillis + 30_000;
    return this;
  }

  ChainView view() {
    return context.engine().view();
  }

  /** A peer that answers by itself. */
  Peer connect(PlayedPeer player, ConnectionKind kind, long delayMillis) {
    return connect(player, player.chain.size() - 1, kind, delayMillis);
  }

  /** A peer that the test speaks for. */
  Peer connect(int startHeight, ConnectionKind kind) {
    return connect(null, startHeight, kind, 0);
  }

  private Peer connect(
      @Nullable PlayedPeer player, int startHeight, ConnectionKind kind, long delayMillis) {
    PeerId id = new PeerId(nextPeer++);
    Peer peer = new Peer(id, Conversation.addressOf((int) id.value() % 200), kind, nowMillis);
    long services = Services.NETWORK | Services.WITNESS;
    PeerFacts.Options options = new PeerFacts.Options(true, true, true, new TreeMap<>(), null);
    peer.establish(new PeerFacts(70_017, services, "/played/", startHeight, options));
    context.peers().add(peer);
    guests.put(id, new Guest(peer, player, delayMillis));
    heard.put(id, new ArrayList<>());
    line(peer, "is there");
    headerSync.established(peer, nowMillis);
    blockFetch.established(peer, nowMillis);
    finishStep();
    return peer;
  }

  void leave(Peer peer) {
    if (guests.remove(peer.id()) != null) {
      line(peer, "leaves");
      context.lost(peer);
      letGo();
      context.peers().remove(peer.id());
      finishStep();
    }
  }

  private boolean letGo() {
    boolean areAny = false;
    for (Peer peer = context.takeLeaving(); peer != null; peer = context.takeLeaving()) {
      areAny = true;
      headerSync.disconnected(peer, nowMillis);
      blockFetch.disconnected(peer, nowMillis);
      context.timers().cancelAll(peer.id());
    }
    return areAny;
  }

  void says(Peer peer, Message message) {
    if (!guests.containsKey(peer.id()) || peer.isLeaving()) {
      return;
    }
    line(peer, "> " + Words.of(message));
    if (message instanceof Headers headers) {
      headerSync.headers(peer, headers, nowMillis);
    } else if (message instanceof BlockMessage block) {
      blockFetch.received(peer, block.block(), nowMillis);
    } else if (message instanceof NotFound missing) {
      for (InventoryItem item : missing.items()) {
        blockFetch.notFound(peer, item.hash());
      }
    } else if (message instanceof Inventory inventory) {
      for (InventoryItem item : inventory.items()) {
        headerSync.announced(peer, item.hash(), nowMillis);
      }
    }
    finishStep();
  }

  /** The rest of an input, as the protocol does it. */
  void finishStep() {
    for (TimerTable.Due timer = context.timers().takeDue(nowMillis);
        timer != null;
        timer = context.timers().takeDue(nowMillis)) {
      fire(timer);
      letGo();
    }
    judge();
    do {
      followEngine();
      blockFetch.fetch(nowMillis);
    } while (judge());
    finished.addAll(context.out().takeFinishedTasks());
    context.out().take().forEach(this::take);
    afterEachStep.run();
  }

  private void fire(TimerTable.Due timer) {
    PeerId id = timer.peer();
    Guest guest = id == null ? null : guests.get(id);
    if (id == null) {
      headerSync.turnsDue(nowMillis);
    } else if (guest != null && !guest.peer.isLeaving()) {
      switch (timer.timer()) {
        case HEADERS -> headerSync.headersMissing(guest.peer, nowMillis);
        case CHAIN_BEHIND -> headerSync.behindDue(guest.peer, nowMillis);
        case BLOCK -> blockFetch.blockMissing(guest.peer, nowMillis);
        case BLOCK_STALL -> blockFetch.stalled(guest.peer, nowMillis);
        default -> throw new IllegalStateException("no timer of these machines: " + timer);
      }
    }
  }

  private boolean judge() {
    boolean hasCut = false;
    for (Outbox.Complaint complaint : context.out().takeComplaints()) {
      faults.add(complaint.misbehaviour());
      Guest guest = guests.get(complaint.peer());
      if (guest != null) {
        line(guest.peer, "blamed " + complaint.misbehaviour());
        if (complaint.misbehaviour() != Misbehaviour.NON_CONNECTING_HEADERS) {
          context.disconnect(guest.peer, DisconnectReason.of(DisconnectReason.Cause.MISBEHAVING));
          hasCut |= letGo();
        }
      }
    }
    return hasCut;
  }

  private void followEngine() {
    if (cursor < context.engine().events().cursor()) {
      EventReader.Page page = context.engine().events().read(cursor, Integer.MAX_VALUE);
      cursor = context.engine().events().cursor();
      if (page instanceof EventReader.Page.Events told) {
        for (ChainEvent event : told.events()) {
          if (event instanceof ChainEvent.BlockRejected rejected) {
            blockFetch.rejected(rejected);
          } else if (event instanceof ChainEvent.OrphanRecovered recovered) {
            blockFetch.orphanRecovered(recovered);
          } else if (event instanceof ChainEvent.ReorgRefused refused) {
            blockFetch.reorgRefused(refused);
          }
        }
      }
    }
  }

  private void take(Output output) {
    if (output instanceof Output.Send send) {
      Guest guest = guests.get(send.peer());
      if (guest != null) {
        line(guest.peer, "< " + Words.of(send.message()));
        if (guest.player == null) {
          heard.computeIfAbsent(send.peer(), id -> new ArrayList<>()).add(send.message());
        } else {
          answer(guest, send.message());
        }
      }
    } else if (output instanceof Output.Disconnect end) {
      cuts.add(end.reason().cause());
      Guest guest = guests.get(end.peer());
      if (guest != null) {
        line(guest.peer, "cut " + end.reason());
      }
      due.add(new Due(nowMillis, sequence++, end.peer(), null));
    } else if (output instanceof Output.Emit emit) {
      events.add(emit.event());
      line(null, emit.event().getClass().getSimpleName());
    }
  }

  private void answer(Guest guest, Message message) {
    PlayedPeer player = guest.player;
    if (player != null) {
      long at = nowMillis + guest.delayMillis;
      for (Message answer : player.answer(message)) {
        at += player.manner == PlayedPeer.Manner.STALLING ? 300 : 0;
        due.add(new Due(at, sequence++, guest.peer.id(), answer));
      }
    }
  }

  /** Goes on until something holds, or the time is up. */
  boolean runUntil(BooleanSupplier isDone, long atMostMillis) {
    long until = nowMillis + atMostMillis;
    while (!isDone.getAsBoolean()) {
      Due next = due.peek();
      long wakeAt = Math.min(nextComparison, context.timers().nextMillis());
      long at = Math.min(wakeAt, next == null ? Long.MAX_VALUE : next.atMillis);
      if (at > until) {
        nowMillis = until;
        return isDone.getAsBoolean();
      }
      nowMillis = Math.max(nowMillis, at);
      if (next != null && next.atMillis <= wakeAt) {
        due.remove();
        Guest guest = guests.get(next.peer);
        if (guest != null && next.message == null) {
          leave(guest.peer);
        } else if (guest != null && next.message != null) {
          says(guest.peer, next.message);
        }
      } else {
        if (nowMillis >= nextComparison) {
          nextComparison += 30_000;
          headerSync.compareTips(0, nowMillis);
        }
        finishStep();
      }
    }
    return true;
  }

  void pass(long millis) {
    runUntil(() -> false, millis);
  }

  /** What was said to a peer that the test speaks for since it was asked last. */
  List<Message> heardBy(Peer peer) {
    List<Message> messages = heard.getOrDefault(peer.id(), List.of());
    heard.put(peer.id(), new ArrayList<>());
    return messages;
  }

  boolean isAt(PlayedPeer player) {
    return view().tip().hash().equals(player.tip().hash());
  }

  boolean isConnected(Peer peer) {
    return guests.containsKey(peer.id());
  }

  int connections() {
    return guests.size();
  }

  String takeTranscript() {
    String text = transcript.toString();
    transcript.setLength(0);
    return text;
  }

  private void line(@Nullable Peer peer, String text) {
    if (isTranscribed) {
      long millis = nowMillis - startMillis;
      transcript.append(
          String.format(
              Locale.ROOT,
              "%d.%03d %s %s%n",
              millis / 1_000,
              millis % 1_000,
              peer == null ? "node" : peer.id(),
              text));
    }
  }
}
