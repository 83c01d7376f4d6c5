package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.peer.PeerId;

/**
 * Many nodes on a random graph that gossip round by round. In a round each node in turn, in an
 * order drawn anew, opens its exchange, which runs to its end; so a figure may travel several hops
 * in a round, as it may in a minute. Signatures are simulated. The same seed gives the same run.
 */
final class GossipSimulation {
  static final NetworkId NETWORK = new NetworkId(0x1234, Hash256.ZERO);
  static final int HONEST_HEIGHT = 10_000;
  static final int HONEST_PEERS = 8;
  static final int HONEST_FORKS = 2;
  static final int BITS = 0x1d00ffff;

  private static final long FIRST_EPOCH = 1_500_000;
  private static final Signatures SIGNATURES = Signatures.forSimulation();

  /**
   * What is simulated.
   *
   * @param outbound how many peers each node connects to
   * @param liarPercent how many of a hundred nodes lie, each about itself, as far as the encoding
   *     lets them
   * @param groups of how many addresses groups the nodes are
   */
  record Setup(int nodes, int outbound, int liarPercent, int groups, GossipSettings settings) {
    static Setup of(int nodes) {
      return new Setup(nodes, 8, 10, Math.max(1, nodes / 20), GossipSettings.DEFAULT);
    }
  }

  /** Bytes a node sent and received in its rounds. */
  static final class Traffic {
    private final TreeMap<Integer, Long> rounds = new TreeMap<>();

    void add(int bytes) {
      rounds.merge(bytes, 1L, Long::sum);
    }

    long most() {
      return rounds.isEmpty() ? 0 : rounds.lastKey();
    }

    double mean() {
      double sum = 0;
      long count = 0;
      for (var entry : rounds.entrySet()) {
        sum += (double) entry.getKey() * entry.getValue();
        count += entry.getValue();
      }
      return count == 0 ? 0 : sum / count;
    }

    /** How many rounds took more than so many bytes. */
    long above(int bytes) {
      return rounds.tailMap(bytes, false).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final Setup setup;
  private final SplittableRandom random;
  private final StatisticsGossip[] gossips;
  private final NodeKey[] keys;
  private final Bytes[] groups;
  private final int[] degree;
  private final Traffic traffic = new Traffic();
  private long epoch = FIRST_EPOCH;
  private EpochSalt salt;

  GossipSimulation(Setup setup, long seed) {
    this.setup = setup;
    this.random = new SplittableRandom(seed);
    int n = setup.nodes();
    this.gossips = new StatisticsGossip[n];
    this.keys = new NodeKey[n];
    this.groups = new Bytes[n];
    this.degree = new int[n];
    for (int i = 0; i < n; i++) {
      byte[] keySeed = new byte[NodeKey.SEED_BYTES];
      random.nextBytes(keySeed);
      keys[i] = NodeKey.ofSeed(keySeed);
      groups[i] = ByteWriter.create().int32(random.nextInt(setup.groups())).toBytes();
      gossips[i] =
          new StatisticsGossip(keys[i], NETWORK, SIGNATURES, setup.settings(), random.nextLong());
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < Math.min(setup.outbound(), n - 1); j++) {
        connect(i, (i + 1 + random.nextInt(n - 1)) % n);
      }
    }
    this.salt = saltOf(epoch);
  }

  private void connect(int i, int j) {
    gossips[i].connected(new PeerId(j + 1), groups[j]);
    gossips[j].connected(new PeerId(i + 1), groups[i]);
    degree[i]++;
    degree[j]++;
  }

  private EpochSalt saltOf(long ofEpoch) {
    byte[] anchor = new byte[8];
    LittleEndian.putLong(anchor, 0, ofEpoch ^ setup.nodes() ^ keys[0].id().prefix());
    return EpochSalt.of(NETWORK, ofEpoch, Sha256.doubleHash(anchor));
  }

  /** Runs an epoch, or its first rounds; {@code afterRound} sees how far it came. */
  void runEpoch(int rounds, Runnable afterRound) {
    salt = saltOf(epoch);
    for (int r = 0; r < rounds; r++) {
      runRound(r * setup.settings().roundSeconds());
      afterRound.run();
    }
    epoch++;
  }

  static int roundsPerEpoch(GossipSettings settings) {
    return Epoch.SECONDS / settings.roundSeconds();
  }

  private void runRound(int second) {
    int n = setup.nodes();
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    long now = Epoch.startSeconds(epoch) + second;
    for (int i : order) {
      traffic.add(gossips[i].bytesOfRound());
      Optional<StatisticsGossip.Asking> asking = gossips[i].round(now, salt, chain(i), figures(i));
      asking.ifPresent(request -> exchange(i, request));
    }
  }

  private void exchange(int i, StatisticsGossip.Asking asking) {
    int j = (int) asking.peer().value() - 1;
    PeerId asker = new PeerId(i + 1);
    GossipOutcome answer = fine(gossips[j].receive(asker, asking.request()));
    answer
        .answer()
        .map(update -> fine(gossips[i].receive(asking.peer(), update)))
        .flatMap(GossipOutcome::answer)
        .ifPresent(last -> fine(gossips[j].receive(asker, last)));
  }

  private static GossipOutcome fine(GossipOutcome outcome) {
    if (outcome.refusal().isPresent()) {
      throw new AssertionError("an honest peer was refused: " + outcome.refusal().get());
    }
    return outcome;
  }

  boolean isLiar(int i) {
    return i % 100 < setup.liarPercent();
  }

  private ChainFigures chain(int i) {
    if (isLiar(i)) {
      boolean high = i % 2 == 0;
      return new ChainFigures(
          high ? Integer.MAX_VALUE : 0,
          i,
          high ? 0x03000001 : 0x207fffff,
          high ? 0xffff_ffffL : 1,
          high ? 0xff : 0);
    }
    return new ChainFigures(
        HONEST_HEIGHT - i % 3,
        HONEST_HEIGHT - i % 3,
        BITS,
        9_000 + i % 2_000,
        HONEST_FORKS + i % 2);
  }

  private NodeFigures figures(int i) {
    if (isLiar(i)) {
      return new NodeFigures(0xffff, Float.MAX_VALUE, Integer.MAX_VALUE, -1, "liar");
    }
    return new NodeFigures(HONEST_PEERS + i % 10, i % 4 == 0 ? 1e6f : 0, 100, 7, "0.1.0");
  }

  /** The lowest ranks of the epoch that runs, at most as many as a sample holds. */
  private long[] trueSample() {
    long[] ranks = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      ranks[i] = salt.rank(keys[i].id()) ^ Long.MIN_VALUE;
    }
    Arrays.sort(ranks);
    return Arrays.copyOf(ranks, Math.min(ranks.length, setup.settings().sampleSize()));
  }

  /** How much of the true sample the nodes hold, on average; and how many hold all of it. */
  double[] convergence() {
    long[] truth = trueSample();
    long last = truth[truth.length - 1] ^ Long.MIN_VALUE;
    double held = 0;
    int whole = 0;
    for (StatisticsGossip gossip : gossips) {
      ObservationSet set = gossip.set().orElseThrow();
      int good = 0;
      while (good < set.size() && Long.compareUnsigned(set.at(good).rank(), last) <= 0) {
        good++;
      }
      held += (double) good / truth.length;
      whole += good == truth.length ? 1 : 0;
    }
    return new double[] {held / gossips.length, (double) whole / gossips.length};
  }

  List<NetworkStatistics> statistics() {
    List<NetworkStatistics> all = new ArrayList<>();
    for (StatisticsGossip gossip : gossips) {
      all.add(gossip.statistics().orElseThrow());
    }
    return all;
  }

  Traffic traffic() {
    return traffic;
  }

  StatisticsGossip gossip(int i) {
    return gossips[i];
  }

  /** {@code java ... GossipSimulation nodes epochs seed}: prints what happens. */
  public static void main(String[] args) {
    int nodes = Integer.parseInt(args[0]);
    int epochs = Integer.parseInt(args[1]);
    GossipSettings d = GossipSettings.DEFAULT;
    int perUpdate = args.length > 3 ? Integer.parseInt(args[3]) : d.observationsPerUpdate();
    GossipSettings settings =
        new GossipSettings(
            60,
            args.length > 4 ? Integer.parseInt(args[4]) : d.sampleSize(),
            d.maxBytesPerRound(),
            perUpdate,
            d.epochsAveraged());
    Setup setup = new Setup(nodes, 8, 10, Math.max(1, nodes / 20), settings);
    GossipSimulation simulation = new GossipSimulation(setup, Long.parseLong(args[2]));
    System.out.println("most peers " + Arrays.stream(simulation.degree).max().getAsInt());
    for (int e = 0; e < epochs; e++) {
      long began = System.nanoTime();
      StringBuilder rounds = new StringBuilder();
      simulation.runEpoch(
          roundsPerEpoch(setup.settings()),
          () -> {
            double[] c = simulation.convergence();
            double bytes =
                Arrays.stream(simulation.gossips)
                    .mapToInt(StatisticsGossip::bytesOfRound)
                    .average()
                    .orElse(0);
            rounds.append(String.format(" %.2f/%.2f/%.0f", c[0], c[1], bytes));
          });
      double[] errors =
          simulation.statistics().stream()
              .mapToDouble(s -> (double) s.nodes().total() / nodes - 1)
              .sorted()
              .toArray();
      for (int i = 0, shown = 0; i < nodes && shown < 4; i++) {
        NetworkStatistics.Population p = simulation.gossip(i).statistics().orElseThrow().nodes();
        if (p.total() < 0.7 * nodes) {
          System.out.println("node " + i + " degree " + simulation.degree[i] + " " + p);
          shown++;
        }
      }
      NetworkStatistics one = simulation.gossip(1).statistics().orElseThrow();
      System.out.printf(
          "epoch %d: count error %.2f%% .. %.2f%% .. %.2f%% settled %d; bytes a round mean %.0f most %d"
              + " above 10 kB %d; %.1f s%n  held/whole%s%n  %s%n",
          e,
          100 * errors[0],
          100 * errors[errors.length / 2],
          100 * errors[errors.length - 1],
          simulation.statistics().stream().filter(s -> s.nodes().isSettled()).count(),
          simulation.traffic().mean(),
          simulation.traffic().most(),
          simulation.traffic().above(10_000),
          (System.nanoTime() - began) / 1e9,
          rounds,
          one);
    }
  }
}
