package org.chaincore.sync.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.chaincore.sync.peer.NetworkAddress;

/** What goes wrong with nodes and links that mean well: planned all at once, over some time. */
final class Faults {
  private final Simulation simulation;
  private final SplittableRandom random;
  private final List<Member> members;
  private final List<String> schedule = new ArrayList<>();
  private final long startMillis;

  Faults(Simulation simulation, List<Member> members) {
    this.simulation = simulation;
    this.random = simulation.newRandom();
    this.members = members;
    this.startMillis = simulation.nowMillis();
  }

  /** Plans so many faults, none later than this. */
  void plan(int count, int withinSeconds) {
    for (int i = 0; i < count; i++) {
      int second = random.nextInt(Math.max(1, withinSeconds));
      int kind = random.nextInt(8);
      simulation.in(Duration.ofSeconds(second), () -> happen(kind));
    }
  }

  private void happen(int kind) {
    switch (kind) {
      case 0, 1 -> links();
      case 2 -> partition(false);
      case 3 -> partition(true);
      case 4, 5 -> crash();
      case 6 -> clock(random.nextInt(-20_000, 20_001));
      default -> clock(random.nextInt(-120_000, 120_001));
    }
  }

  private void links() {
    int most = LinkConditions.GOOD.maxLatencyMillis() + random.nextInt(1_000);
    LinkConditions conditions =
        new LinkConditions(5, most, random.nextInt(11), random.nextInt(11), random.nextInt(21));
    simulation.become(conditions);
    note(conditions.toString());
  }

  private void partition(boolean isOneWay) {
    Set<NetworkAddress> side = new LinkedHashSet<>();
    for (Participant participant : simulation.participants()) {
      if (random.nextBoolean()) {
        side.add(participant.address());
      }
    }
    simulation.cut(
        (from, to) ->
            (side.contains(from) && !side.contains(to))
                || (!isOneWay && side.contains(to) && !side.contains(from)));
    int seconds = 10 + random.nextInt(110);
    note((isOneWay ? "one-way" : "two-way") + " partition for " + seconds + " s: " + side);
    simulation.in(Duration.ofSeconds(seconds), simulation::heal);
  }

  private void crash() {
    Member member = members.get(random.nextInt(members.size()));
    if (member.isRunning() && members.stream().filter(Member::isRunning).count() > 2) {
      int seconds = 1 + random.nextInt(60);
      note(member + " crashes for " + seconds + " s");
      member.crash();
      simulation.in(Duration.ofSeconds(seconds), () -> restart(member));
    }
  }

  private void restart(Member member) {
    if (!member.isRunning()) {
      member.start();
    }
  }

  private void clock(int millis) {
    Member member = members.get(random.nextInt(members.size()));
    note(member + " is ahead by " + millis + " ms");
    member.node().skewClock(millis);
  }

  /** Nothing is wrong any more, but that clocks do not agree to the second. */
  void end() {
    simulation.heal();
    simulation.become(LinkConditions.GOOD);
    for (Member member : members) {
      restart(member);
      member.node().skewClock(random.nextInt(-20_000, 20_001));
    }
    note("all is well");
  }

  private void note(String what) {
    schedule.add((simulation.nowMillis() - startMillis) / 1_000 + " s: " + what);
  }

  /** What happened, a line a fault. */
  List<String> schedule() {
    return schedule;
  }
}
