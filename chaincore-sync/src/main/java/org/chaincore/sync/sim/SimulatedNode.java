package org.chaincore.sync.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.protocol.SyncProtocol;
import org.jspecify.annotations.Nullable;

/**
 * An honest node: the real engine and the real protocol, driven by virtual time. It can crash and
 * start again; what it remembers then is what its plan says.
 *
 * <p>Not thread-safe; confined to its simulation.
 */
public final class SimulatedNode implements Participant {
  /** A frame has this many bytes beside its payload. */
  private static final int FRAME_BYTES = 24;

  private final Simulation simulation;
  private final NetworkAddress address;
  private final Supplier<ProtocolSetup> plan;
  private final Map<PeerId, Wire> wires = new LinkedHashMap<>();
  private final Map<Wire, PeerId> peers = new LinkedHashMap<>();
  private final Map<NetworkAddress, ConnectionKind> attempts = new LinkedHashMap<>();
  private final List<SyncEvent> events = new ArrayList<>();
  private ToIntFunction<Message> frameBytes = message -> FRAME_BYTES;
  private UnaryOperator<Message> tampering = UnaryOperator.identity();
  private @Nullable Running running;
  private long nextPeer = 1;
  private long skewMillis;

  /** When the protocol wants to be woken, on the node's clock. */
  private long wakeAtMillis = Long.MAX_VALUE;

  /** The earliest wake-up that is planned, on the network's clock. */
  private long plannedWakeMillis = Long.MAX_VALUE;

  /** What is gone after a crash. */
  private record Running(SyncProtocol protocol, ChainEngine engine) {}

  private SimulatedNode(
      Simulation simulation, NetworkAddress address, Supplier<ProtocolSetup> plan) {
    this.simulation = simulation;
    this.address = address;
    this.plan = plan;
  }

  /**
   * A node that takes part from now on; it is started by {@link #start()}.
   *
   * @param plan makes what the node runs on, anew at each start: what it shares between starts,
   *     such as a store, outlives a crash
   */
  public static SimulatedNode join(
      Simulation simulation, NetworkAddress address, Supplier<ProtocolSetup> plan) {
    SimulatedNode node = new SimulatedNode(simulation, address, plan);
    simulation.join(node);
    return node;
  }

  @Override
  public NetworkAddress address() {
    return address;
  }

  @Override
  public boolean isReachable() {
    return running != null;
  }

  /** Starts the node, unless it runs. */
  public void start() {
    if (running == null) {
      simulation.note("start " + address);
      ProtocolSetup setup = plan.get();
      running = new Running(SyncProtocol.of(setup), setup.engine());
      handle(new Input.Woken());
    }
  }

  /** The node is gone in an instant, and with it all that it did not store. */
  public void crash() {
    simulation.note("crash " + address);
    running = null;
    wakeAtMillis = Long.MAX_VALUE;
    attempts.clear();
    for (Wire wire : List.copyOf(peers.keySet())) {
      wire.close();
    }
    wires.clear();
    peers.clear();
  }

  /** Sets how far the node's clock is ahead of the network's. */
  public void skewClock(long millis) {
    simulation.note("clock of " + address + " is ahead by " + millis);
    skewMillis = millis;
    planWake();
  }

  /** From now on the node counts frames as these sizes; before, as if they were empty. */
  public void measureFrames(ToIntFunction<Message> bytes) {
    frameBytes = bytes;
  }

  /** From now on the node sends what this makes of what its protocol wants sent: it may lie. */
  public void tamper(UnaryOperator<Message> how) {
    tampering = how;
  }

  /** Unix milliseconds on the node's clock. */
  public long clockMillis() {
    return simulation.nowMillis() + skewMillis;
  }

  /** Unix seconds on the node's clock. */
  public long clockSeconds() {
    return Math.floorDiv(clockMillis(), 1_000L);
  }

  /**
   * The node's chain.
   *
   * @throws IllegalStateException while the node does not run
   */
  public ChainEngine engine() {
    return running().engine;
  }

  /** The node's protocol, for its status. */
  public SyncProtocol protocol() {
    return running().protocol;
  }

  private Running running() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("the node at " + address + " does not run");
    }
    return now;
  }

  /** The node's host does something to its chain: mines, or submits a transaction. */
  public void act(Consumer<ChainEngine> deed) {
    deed.accept(engine());
    handle(new Input.Woken());
  }

  /** The host wants a connection. */
  public void connect(NetworkAddress to) {
    handle(new Input.ConnectRequested(to));
  }

  /** Whether there is a connection with this address, whoever made it. */
  public boolean isConnectedTo(NetworkAddress other) {
    for (Wire wire : wires.values()) {
      if (wire.remote().equals(other)) {
        return true;
      }
    }
    return false;
  }

  /** How many connections there are. */
  public int connections() {
    return wires.size();
  }

  /** What the protocol told its host since this was asked last. */
  public List<SyncEvent> takeEvents() {
    List<SyncEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  /** Something happens to the protocol; nothing does while the node does not run. */
  public void handle(Input input) {
    Running now = running;
    if (now == null) {
      return;
    }
    for (Output output : now.protocol.handle(input, clockMillis())) {
      perform(output);
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      Wire wire = wires.get(send.peer());
      if (wire != null) {
        Message message = tampering.apply(send.message());
        wire.send(message);
        running().protocol.sent(message, frameBytes.applyAsInt(message));
      }
    } else if (output instanceof Output.Connect connect) {
      attempts.put(connect.address(), connect.kind());
      simulation.connect(this, connect.address());
    } else if (output instanceof Output.Disconnect end) {
      simulation.note(address + " cuts " + end.peer() + " " + end.reason());
      Wire wire = wires.get(end.peer());
      if (wire != null) {
        wire.close();
      }
    } else if (output instanceof Output.WakeAt wake) {
      wakeAtMillis = wake.atMillis();
      planWake();
    } else if (output instanceof Output.Emit emit) {
      events.add(emit.event());
    }
  }

  /** One wake-up is planned at a time; when it is early another is planned behind it. */
  private void planWake() {
    long at = Math.max(simulation.nowMillis(), wakeAtMillis - skewMillis);
    if (wakeAtMillis != Long.MAX_VALUE && at < plannedWakeMillis) {
      plannedWakeMillis = at;
      simulation.at(at, () -> wake(at));
    }
  }

  private void wake(long plannedMillis) {
    if (plannedMillis != plannedWakeMillis) {
      return; // An earlier one took its place.
    }
    plannedWakeMillis = Long.MAX_VALUE;
    if (running != null && clockMillis() >= wakeAtMillis) {
      wakeAtMillis = Long.MAX_VALUE;
      handle(new Input.Woken());
    }
    planWake();
  }

  @Override
  public void opened(Wire wire, boolean isInbound) {
    ConnectionKind asked = attempts.remove(wire.remote());
    ConnectionKind kind =
        isInbound ? ConnectionKind.INBOUND : asked == null ? ConnectionKind.OUTBOUND : asked;
    PeerId peer = new PeerId(nextPeer++);
    wires.put(peer, wire);
    peers.put(wire, peer);
    handle(new Input.Connected(peer, wire.remote(), kind));
  }

  @Override
  public void failed(NetworkAddress to) {
    ConnectionKind kind = attempts.remove(to);
    if (kind != null) {
      handle(new Input.ConnectFailed(to, kind));
    }
  }

  @Override
  public void received(Wire wire, Message message) {
    PeerId peer = peers.get(wire);
    if (peer != null) {
      handle(new Input.Received(peer, message, frameBytes.applyAsInt(message)));
    }
  }

  @Override
  public void receivedGarbage(Wire wire, String reason) {
    PeerId peer = peers.get(wire);
    if (peer != null) {
      handle(new Input.Malformed(peer, Input.Malformed.Reason.NO_FRAME, reason));
    }
  }

  @Override
  public void closed(Wire wire) {
    PeerId peer = peers.remove(wire);
    if (peer != null) {
      wires.remove(peer);
      handle(new Input.Disconnected(peer));
    }
  }
}
