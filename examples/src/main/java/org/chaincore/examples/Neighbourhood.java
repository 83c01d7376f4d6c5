package org.chaincore.examples;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.MemoryNetwork;

/**
 * Nodes of one process and the cables between them, and the patience to wait until something has
 * come about: the nodes run in threads of their own, and nobody tells them when to do what.
 *
 * <p>Confined to the one thread that tells the story.
 */
final class Neighbourhood implements AutoCloseable {
  private static final int PORT = 5_153;

  private final ChainParams params;
  private final Clock clock;
  private final Journal journal;
  private final Duration patience;
  private final MemoryNetwork network = MemoryNetwork.immediate();
  private final List<Cable> cables = new CopyOnWriteArrayList<>();
  private final List<DemoNode> nodes = new ArrayList<>();
  private final Semaphore bell = new Semaphore(0);

  /**
   * One without nodes.
   *
   * @param patience how long to wait for anything
   */
  Neighbourhood(ChainParams params, Clock clock, Journal journal, Duration patience) {
    this.params = params;
    this.clock = clock;
    this.journal = journal;
    this.patience = patience;
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  /** A node more, which knows nobody yet. */
  DemoNode moveIn(Wallet wallet, long seed) {
    byte[] host = {10, 0, 0, (byte) (nodes.size() + 1)};
    NetworkAddress address = NetworkAddress.ofIp(Bytes.of(host), PORT);
    CabledTransport transport = new CabledTransport(network.transportAt(address), address, cables);
    DemoNode node =
        DemoNode.start(
            wallet, params, new DemoNode.Place(address, transport, bell::release), clock, seed);
    nodes.add(node);
    return node;
  }

  /** Lays a cable, and has the first connect to the second. */
  void join(Cable cable, DemoNode caller, DemoNode called) throws InterruptedException {
    cables.add(cable);
    connect(caller, called);
  }

  /** Makes a cable whole again, and has the first connect to the second. */
  void mend(Cable cable, DemoNode caller, DemoNode called) throws InterruptedException {
    cable.mend();
    connect(caller, called);
  }

  private void connect(DemoNode caller, DemoNode called) throws InterruptedException {
    caller.driver().connect(called.address());
    await(
        "nodes-connect",
        () -> caller.isConnectedTo(called) && called.isConnectedTo(caller),
        () -> caller.name() + " does not reach " + called.name());
    journal.connected(caller, called);
  }

  /** Cuts a cable, and waits until both ends have noticed. */
  void cut(Cable cable) throws InterruptedException {
    cable.cut();
    await(
        "cut-is-noticed",
        () -> nodes.stream().allMatch(node -> hasNoCallThrough(cable, node)),
        () -> "somebody is still connected through a cable that is cut");
  }

  private boolean hasNoCallThrough(Cable cable, DemoNode node) {
    return nodes.stream()
        .noneMatch(
            other -> cable.joins(node.address(), other.address()) && node.isConnectedTo(other));
  }

  /** Waits until all that a node's words get to are where it is. */
  void awaitTipOf(DemoNode node, String invariant) throws InterruptedException {
    Hash256 tip = node.engine().view().tip().hash();
    Set<DemoNode> reached = reachableFrom(node);
    await(
        invariant,
        () -> reached.stream().allMatch(other -> other.engine().view().tip().hash().equals(tip)),
        () ->
            nodes.stream()
                .map(other -> other.name() + " is at " + other.engine().view())
                .collect(Collectors.joining(", ")));
  }

  /** A node, and all to which whole cables lead from it. */
  Set<DemoNode> reachableFrom(DemoNode start) {
    Set<DemoNode> reached = new LinkedHashSet<>(Set.of(start));
    Queue<DemoNode> toVisit = new ArrayDeque<>(reached);
    while (!toVisit.isEmpty()) {
      NetworkAddress here = toVisit.remove().address();
      for (DemoNode other : nodes) {
        boolean isJoined =
            cables.stream()
                .anyMatch(cable -> cable.isWhole() && cable.joins(here, other.address()));
        if (isJoined && reached.add(other)) {
          toVisit.add(other);
        }
      }
    }
    return reached;
  }

  /**
   * Reads the nodes' news until something has come about.
   *
   * @param invariant that it does
   * @param holds whether it has
   * @param otherwise what there is in its place
   * @throws BrokenInvariant if it takes too long
   */
  void await(String invariant, BooleanSupplier holds, Supplier<String> otherwise)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    readNews();
    while (!holds.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new BrokenInvariant(invariant, otherwise.get());
      }
      if (bell.tryAcquire(left, TimeUnit.NANOSECONDS)) {
        // All that rang so far is read now.
        bell.drainPermits();
      }
      readNews();
    }
  }

  /** Lets the journal know what the nodes have told since it was asked last. */
  void readNews() {
    nodes.forEach(node -> node.readNews(journal));
  }

  /** Stops all nodes. */
  @Override
  public void close() {
    nodes.forEach(DemoNode::close);
  }
}
