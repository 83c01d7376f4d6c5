package org.chaincore.sync.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.chaincore.sync.peer.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * One network from its first to its last second: honest nodes and hostile participants on links
 * that fail, and then on links that do not; and what must hold of it all the while and at the end.
 */
final class ChaosRun {
  private static final List<BiFunction<World, Integer, Hostile>> KINDS =
      List.of(
          HostileTalk.Silent::new,
          HostileTalk.SlowLoris::new,
          HostileTalk.Reconnector::new,
          HostileTalk.Babbler::new,
          HostileTalk.FrameGarbler::new,
          HostileTalk.AddressFlooder::new,
          HostileTalk.SketchLiar::new,
          HostileRelay.Staller::new,
          HostileRelay.Denier::new,
          HostileRelay.InventoryFlooder::new,
          HostileRelay.WitnessForger::new,
          HostileRelay.CompactLiar::new,
          HostileChains.HeaderFlooder::new,
          HostileChains.BadMiner::new,
          HostileChains.OrphanFlooder::new,
          HostileChains.SelfishMiner::new);

  private static final int LAST_LINES = 60;

  private final ChaosPlan plan;
  private final Simulation simulation;
  private final SplittableRandom random;
  private final List<Member> members = new ArrayList<>();
  private final List<Hostile> enemies = new ArrayList<>();
  private final Economy economy;
  private final Faults faults;
  private final Invariants invariants;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private boolean isSettling;
  private long mined;

  ChaosRun(ChaosPlan plan) {
    this.plan = plan;
    this.simulation =
        Simulation.of(plan.seed(), ChainFixture.begin().now() * 1_000, LinkConditions.GOOD);
    this.random = simulation.newRandom();
    this.economy = new Economy(simulation.newRandom());
    this.invariants = new Invariants(simulation, members);
    for (int i = 0; i < plan.honest(); i++) {
      members.add(Member.join(simulation, Member.Setup.of(i + 1)));
    }
    members.forEach(Member::start);
    World world = new World(simulation, this::truth, () -> isSettling);
    int first = random.nextInt(KINDS.size());
    for (int i = 0; i < plan.hostile(); i++) {
      int kind = i == 0 ? first : random.nextInt(KINDS.size());
      enemies.add(KINDS.get(kind).apply(world, plan.honest() + i + 1));
    }
    this.faults = new Faults(simulation, members);
  }

  /** Keeps the last lines of the trace, which costs time. */
  ChaosRun remembering() {
    simulation.readTrace(
        line -> {
          lastLines.addLast(line);
          if (lastLines.size() > LAST_LINES) {
            lastLines.removeFirst();
          }
        });
    return this;
  }

  private ChainEngine truth() {
    @Nullable ChainEngine best = null;
    for (Member member : members) {
      if (member.isRunning()
          && (best == null || member.engine().view().work().compareTo(best.view().work()) > 0)) {
        best = member.engine();
      }
    }
    if (best == null) {
      throw new IllegalStateException("no honest node runs");
    }
    return best;
  }

  /** Runs all of it. */
  void run() {
    connect();
    giveHistory();
    enemies.forEach(Hostile::join);
    every(10_000, this::look);
    every(ChaosPlan.BLOCK_SECONDS * 1_000, this::mine);
    every(ChaosPlan.PAYMENT_SECONDS * 1_000, this::pay);
    faults.plan(plan.faults(), plan.chaosSeconds());
    simulation.run(Duration.ofSeconds(plan.chaosSeconds()));
    faults.end();
    simulation.run(Duration.ofSeconds(ChaosPlan.HEALING_SECONDS - ChaosPlan.SETTLING_SECONDS));
    isSettling = true;
    simulation.run(Duration.ofSeconds(ChaosPlan.SETTLING_SECONDS));
    breakTie();
    invariants.checkEnd();
  }

  /**
   * Of two blocks of equal work a node stays with the one it heard of first, and both are right:
   * what ends that is not talk but the next block.
   */
  private void breakTie() {
    Set<Hash256> tips = new HashSet<>();
    Set<Work> works = new HashSet<>();
    for (Member member : members) {
      if (member.isRunning()) {
        tips.add(member.tip());
        works.add(member.engine().view().work());
      }
    }
    if (tips.size() > 1 && works.size() == 1) {
      boolean isMined = false;
      for (int i = 0; i < members.size() && !isMined; i++) {
        isMined = members.get(i).isRunning() && mineAt(members.get(i));
      }
      simulation.run(Duration.ofSeconds(ChaosPlan.SETTLING_SECONDS));
    }
  }

  /** A random tree over the honest, some more lines, and enemies on both sides of theirs. */
  private void connect() {
    for (int i = 1; i < members.size(); i++) {
      link(members.get(i), members.get(random.nextInt(i)).address());
    }
    for (int i = 0; i < members.size(); i++) {
      link(any(members), any(members).address());
    }
    for (Hostile enemy : enemies) {
      for (int i = 0; i < 4; i++) {
        enemy.attack(any(members).address());
        link(any(members), enemy.address());
      }
    }
  }

  private static void link(Member from, NetworkAddress to) {
    if (!from.address().equals(to)) {
      from.wants(to);
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** In some networks some have a chain already. */
  private void giveHistory() {
    int blocks = random.nextInt(3) == 0 ? 0 : random.nextInt(60);
    ChainFixture historian = ChainFixture.begin();
    List<Block> history = historian.branch(historian.genesis(), blocks);
    for (Member member : members) {
      if (random.nextBoolean()) {
        member.load(history);
      }
    }
    history.forEach(economy::learn);
  }

  private void every(int meanMillis, Runnable deed) {
    simulation.in(
        Duration.ofMillis(meanMillis / 2 + random.nextInt(meanMillis)),
        () -> {
          deed.run();
          every(meanMillis, deed);
        });
  }

  private void look() {
    if (plan.redials()) {
      members.forEach(Member::redial);
    }
    invariants.check();
  }

  private void mine() {
    Member miner = any(members);
    if (isSettling || !miner.isRunning()) {
      return;
    }
    var unused = mineAt(miner);
  }

  private boolean mineAt(Member miner) {
    Block block = miner.mine(++mined);
    if (block != null) {
      economy.learn(block);
      invariants.published(miner.engine().view().work());
    }
    return block != null;
  }

  private void pay() {
    Member at = any(members);
    if (!isSettling && at.isRunning()) {
      economy.pay(at);
    }
  }

  /** What happened, for whoever has to find out why. */
  String story() {
    return plan
        + "\n"
        + enemies
        + "\n"
        + String.join("\n", faults.schedule())
        + "\nlast of the trace:\n"
        + String.join("\n", lastLines)
        + "\n"
        + invariants.picture();
  }

  /** What tells two runs apart: everything that happened, and what came of it. */
  String fingerprint() {
    return plan.seed()
        + " "
        + simulation.traceHash()
        + " lines="
        + simulation.traceLines()
        + " height="
        + truth().view().height()
        + " tip="
        + truth().view().tip().hash();
  }

  String kinds() {
    return enemies.stream().map(enemy -> enemy.getClass().getSimpleName()).toList().toString();
  }

  int payments() {
    return economy.accepted();
  }

  long deepestReorg() {
    return members.stream().mapToLong(Member::deepestReorg).max().orElse(0);
  }

  long traceLines() {
    return simulation.traceLines();
  }
}
