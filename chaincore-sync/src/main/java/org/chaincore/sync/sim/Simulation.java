package org.chaincore.sync.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * A network in virtual time. Whatever happens, messages on their way, timers, faults, is an event
 * at a time; events happen one after the other in a total order, and all randomness comes from one
 * seed. So a run is repeated exactly by its seed, on any machine and any JDK; {@link #traceHash()}
 * says whether it was.
 *
 * <p>The nodes run the same {@link org.chaincore.sync.protocol.SyncProtocol} as over sockets.
 *
 * <p>Not thread-safe. Simulations do not share anything: many may run at once, each in a thread of
 * its own.
 */
public final class Simulation {
  private final VirtualTime time;
  private final SplittableRandom seeds;
  private final RandomGenerator chance;
  private final Trace trace = new Trace();
  private final Map<NetworkAddress, Participant> participants = new LinkedHashMap<>();
  private final List<BiPredicate<NetworkAddress, NetworkAddress>> cuts = new ArrayList<>();
  private LinkConditions conditions;
  private long nextWire = 1;

  private Simulation(long seed, long startMillis, LinkConditions conditions) {
    this.time = new VirtualTime(startMillis);
    this.seeds = new SplittableRandom(seed);
    this.chance = seeds.split();
    this.conditions = conditions;
  }

  /**
   * An empty network.
   *
   * @param seed where all chance comes from
   * @param startMillis Unix milliseconds at the beginning
   */
  public static Simulation of(long seed, long startMillis, LinkConditions conditions) {
    return new Simulation(seed, startMillis, conditions);
  }

  /** Unix milliseconds; the clock of a node may go differently. */
  public long nowMillis() {
    return time.nowMillis();
  }

  /** Chance of the caller's own, so that what it draws changes nothing elsewhere. */
  public SplittableRandom newRandom() {
    return seeds.split();
  }

  /** Lets somebody take part; in place of whoever had the address before. */
  public void join(Participant participant) {
    participants.put(participant.address(), participant);
  }

  /** Who takes part, in the order in which they came. */
  public Collection<Participant> participants() {
    return List.copyOf(participants.values());
  }

  /** From now on links are like this. What is on its way arrives as planned. */
  public void become(LinkConditions newConditions) {
    conditions = newConditions;
    note("links become " + newConditions);
  }

  /**
   * Cuts the network: what goes from the one to the other is lost as long as this holds. One way
   * only where the predicate says so.
   *
   * @param isCut from whom, to whom
   */
  public void cut(BiPredicate<NetworkAddress, NetworkAddress> isCut) {
    cuts.add(isCut);
    note("cut");
  }

  /** Ends all cuts. */
  public void heal() {
    cuts.clear();
    note("heal");
  }

  private boolean isCut(NetworkAddress from, NetworkAddress to) {
    for (BiPredicate<NetworkAddress, NetworkAddress> cut : cuts) {
      if (cut.test(from, to)) {
        return true;
      }
    }
    return false;
  }

  /** Plans something. */
  public void in(Duration delay, Runnable event) {
    time.in(delay.toMillis(), event);
  }

  /** Plans something for a time; at once if that is over. */
  void at(long atMillis, Runnable event) {
    time.at(atMillis, event);
  }

  /** Lets time go on. */
  public void run(Duration duration) {
    time.runUntil(time.nowMillis() + duration.toMillis());
  }

  /** Everything that happened so far, as one hash. */
  public Bytes traceHash() {
    return trace.hash();
  }

  /** How many events are planned: messages on their way, timers, and what was planned by hand. */
  public int planned() {
    return time.planned();
  }

  /** How many things have happened so far. */
  public long traceLines() {
    return trace.lines();
  }

  /** Has everything told that happens from now on, a line each. */
  public void readTrace(Consumer<String> reader) {
    trace.readBy(reader);
  }

  /** Puts something into the trace. */
  void note(String what) {
    trace.add(time.nowMillis(), "", what);
  }

  /** Makes a connection; both are told when it stands. */
  public void connect(Participant from, NetworkAddress to) {
    note("connect " + from.address() + " " + to);
    time.in(latency(), () -> connectNow(from, to));
  }

  private void connectNow(Participant from, NetworkAddress to) {
    @Nullable Participant other = participants.get(to);
    boolean isCut = isCut(from.address(), to) || isCut(to, from.address());
    if (other == null || !other.isReachable() || !from.isReachable() || isCut) {
      time.in(latency(), () -> from.failed(to));
      return;
    }
    Wire near = new Wire(this, from, to, nextWire++);
    Wire far = new Wire(this, other, from.address(), nextWire++);
    Wire.join(near, far);
    note("connected " + from.address() + " " + to);
    other.opened(far, true);
    from.opened(near, false);
  }

  /** Takes a message from one end to the other, as well as the links are. */
  void carry(Wire from, Wire to, Message message) {
    int copies = chance.nextInt(1_000) < conditions.duplicationPerMille() ? 2 : 1;
    if (chance.nextInt(1_000) < conditions.lossPerMille()) {
      copies = 0;
    }
    for (int copy = 0; copy < copies; copy++) {
      long arrival = time.nowMillis() + latency();
      boolean overtakes = chance.nextInt(1_000) < conditions.reorderingPerMille();
      time.at(
          overtakes ? arrival : to.arrivalInOrder(arrival),
          () -> {
            if (!isCut(from.owner().address(), to.owner().address())) {
              trace.add(time.nowMillis(), from.direction(), message.command());
              to.receive(message);
            }
          });
    }
  }

  /** Takes bytes that are no message to the other end: behind what was sent before them. */
  void carryGarbage(Wire from, Wire to, String reason) {
    time.at(
        to.arrivalInOrder(time.nowMillis() + latency()),
        () -> {
          if (!isCut(from.owner().address(), to.owner().address())) {
            trace.add(time.nowMillis(), from.direction(), "garbage");
            to.receiveGarbage(reason);
          }
        });
  }

  /**
   * Takes the end of a connection to the other side, behind what was sent before it. Where the
   * network is cut the other side does not hear of it, and is left with half a connection.
   */
  void carryEnd(Wire from, Wire to) {
    note("close " + from.owner().address() + " " + to.owner().address());
    time.at(
        to.arrivalInOrder(time.nowMillis() + latency()),
        () -> {
          if (!isCut(from.owner().address(), to.owner().address())) {
            to.end();
          }
        });
  }

  private long latency() {
    long least = conditions.minLatencyMillis();
    return chance.nextLong(least, conditions.maxLatencyMillis() + 1L);
  }
}
