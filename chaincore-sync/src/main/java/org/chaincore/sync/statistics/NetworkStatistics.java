package org.chaincore.sync.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;

/**
 * What the nodes of the network say, put together. For people to look at; nothing is decided by it.
 *
 * <p>Immutable.
 *
 * @param nodes how many there are, and whose figures these are
 * @param chainLength heights of their tips
 * @param peers how many peers they have
 * @param mining what their chains say about work
 * @param forks where nodes do not agree on the chain, or did not
 * @param asOfSeconds Unix seconds of the newest observation among them; 0 if there is none
 */
public record NetworkStatistics(
    Population nodes,
    Spread chainLength,
    Spread peers,
    Mining mining,
    Forks forks,
    long asOfSeconds) {
  private static final int PART_NAMING_A_TIP = 16;

  /**
   * How many nodes there are and whose figures are shown.
   *
   * @param total the number of nodes: counted one by one if the sample holds all, else estimated
   * @param relativeError the standard error of {@code total} as a part of it; 0 if counted. It
   *     tells how much luck there is in it, not how many of the nodes are one person's
   * @param epochs how many epochs {@code total} is the mean of
   * @param isSettled whether few observations were still coming in when this was made; if not, the
   *     node has only begun to hear of the network
   * @param sources whose word the figures are
   */
  public record Population(
      long total, double relativeError, int epochs, boolean isSettled, Sources sources) {}

  /**
   * How many observations the figures are made of, each of another node and signed by it.
   *
   * @param own 1 if the node's own is among them
   * @param direct those of peers, each from the peer that says it is this node
   * @param hearsay those of nodes that this one is not connected to
   */
  public record Sources(int own, int direct, int hearsay) {
    public int sample() {
      return own + direct + hearsay;
    }
  }

  /**
   * Work and pace of the network.
   *
   * @param difficulty the work of a block in expected hashes, at the median target
   * @param blockSeconds the median of the block times that nodes measured; 0 if none did
   * @param hashesPerSecond difficulty over block time: the rate that the chain itself proves
   * @param claimedHashesPerSecond what the nodes say that they hash, added up over the network; no
   *     node counts with more than the chain proves
   * @param miningNodes how many nodes say that they mine
   */
  public record Mining(
      double difficulty,
      double blockSeconds,
      double hashesPerSecond,
      double claimedHashesPerSecond,
      long miningNodes) {}

  /**
   * Forks of the chain, as they stand now and as they were of late. The first are found by
   * comparing what nodes say, the second is what each says itself; neither can be proved.
   *
   * @param standing how many other tips than one a height has among the nodes, over all heights; a
   *     tip counts if the 16th part of the sample names it
   * @param known how many branches beside their chains nodes know that ended in the last {@value
   *     ChainFigures#FORK_WINDOW_BLOCKS} blocks
   */
  public record Forks(int standing, Spread known) {}

  /** Puts a sample together; it has one observation a node. */
  static NetworkStatistics of(Population nodes, List<SignedObservation> sample) {
    return new NetworkStatistics(
        nodes,
        Spread.of(sample, observation -> observation.chain().height()),
        Spread.of(sample, observation -> observation.node().peers()),
        mining(nodes.total(), sample),
        new Forks(standing(sample), Spread.of(sample, said -> said.chain().forks())),
        sample.stream().mapToLong(signed -> signed.observation().seconds()).max().orElse(0));
  }

  private static Mining mining(long total, List<SignedObservation> sample) {
    if (sample.isEmpty()) {
      return new Mining(0, 0, 0, 0, 0);
    }
    Work[] works =
        sample.stream()
            .map(signed -> Target.ofBits(signed.observation().chain().bits()).work())
            .sorted()
            .toArray(Work[]::new);
    double difficulty = works[works.length / 2].toDouble();
    double[] blockSeconds =
        sample.stream()
            .mapToDouble(signed -> signed.observation().chain().blockMillis() / 1_000.0)
            .filter(seconds -> seconds > 0)
            .toArray();
    double pace = Spread.of(blockSeconds).median();
    double proved = pace == 0 ? 0 : difficulty / pace;
    double claimed = 0;
    int miners = 0;
    for (SignedObservation signed : sample) {
      float rate = signed.observation().node().hashesPerSecond();
      claimed += Math.min(rate, proved);
      miners += rate > 0 ? 1 : 0;
    }
    double nodesEach = (double) total / sample.size();
    return new Mining(
        difficulty, pace, proved, claimed * nodesEach, Math.round(miners * nodesEach));
  }

  private static int standing(List<SignedObservation> sample) {
    Map<Integer, Map<Long, Integer>> tips = new TreeMap<>();
    for (SignedObservation signed : sample) {
      ChainFigures chain = signed.observation().chain();
      tips.computeIfAbsent(chain.height(), height -> new TreeMap<>())
          .merge(chain.tip(), 1, Integer::sum);
    }
    int least = Math.max(1, sample.size() / PART_NAMING_A_TIP);
    int forks = 0;
    for (Map<Long, Integer> atHeight : tips.values()) {
      long supported = atHeight.values().stream().filter(count -> count >= least).count();
      forks += (int) Math.max(0, supported - 1);
    }
    return forks;
  }
}
