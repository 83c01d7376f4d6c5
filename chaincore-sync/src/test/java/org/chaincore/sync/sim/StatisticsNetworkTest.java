package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.GetStatistics;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.StatisticsMessage;
import org.chaincore.sync.protocol.MessageCounts;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.statistics.ChainFigures;
import org.chaincore.sync.statistics.Epoch;
import org.chaincore.sync.statistics.NetworkId;
import org.chaincore.sync.statistics.NetworkStatistics;
import org.chaincore.sync.statistics.NodeFigures;
import org.chaincore.sync.statistics.Observation;
import org.chaincore.sync.statistics.SignedObservation;
import org.chaincore.sync.statistics.Spread;
import org.chaincore.sync.statistics.StatisticsUpdate;
import org.junit.jupiter.api.Test;

/** Whole nodes that tell each other of themselves, over epochs of virtual time. */
final class StatisticsNetworkTest {
  private static final int NODES = 30;
  private static final int DIALLED_EACH = 3;
  private static final int HEIGHT = 40;
  private static final int MOST_BYTES_A_MINUTE = 10_000;
  private static final Signatures SIGNATURES = Signatures.forSimulation();

  private final Simulation simulation =
      Simulation.of(11, ChainFixture.begin().now() * 1_000, LinkConditions.GOOD);
  private final SplittableRandom random = simulation.newRandom();
  private final List<ChainFixture> chains = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<NodeKey> keys = new ArrayList<>();

  /** Nodes on one chain, each of which dials some that were there before it. */
  private void begin() {
    List<Block> common = ChainFixture.begin().branch(ChainFixture.begin().genesis(), HEIGHT);
    for (int i = 0; i < NODES; i++) {
      ChainFixture chain = ChainFixture.begin();
      chain.deliver(common);
      ProtocolSetup setup = setup(chain, i + 1);
      SimulatedNode node =
          SimulatedNode.join(simulation, Conversation.addressOf(i + 1), () -> setup);
      chains.add(chain);
      nodes.add(node);
      keys.add(setup.self().key());
      node.start();
      for (int j = 0; j < Math.min(i, DIALLED_EACH); j++) {
        node.connect(nodes.get((random.nextInt(i) + j) % i).address());
      }
    }
  }

  private static ProtocolSetup setup(ChainFixture chain, int number) {
    ProtocolSetup plain = TestNode.on(chain, number).setup();
    SettingsState settings =
        SettingsState.of(
            chain.engine().params().fingerprint(),
            OperationalSettings.DEFAULT,
            TrustedSigners.NONE,
            SIGNATURES);
    return new ProtocolSetup(plain.engine(), plain.self(), settings, plain.seed());
  }

  private void runMinutes(int minutes, Consumer<SimulatedNode> afterEach) {
    for (int i = 0; i < minutes; i++) {
      simulation.run(Duration.ofMinutes(1));
      nodes.forEach(afterEach);
    }
  }

  private static NetworkStatistics statisticsOf(SimulatedNode node) {
    return node.protocol().networkStatistics().orElseThrow();
  }

  @Test
  void exchange_overThreeEpochs_tellsAllTheSameOfAll() {
    begin();
    simulation.run(Duration.ofSeconds(3L * Epoch.SECONDS));

    assertThat(nodes)
        .allSatisfy(
            node -> {
              NetworkStatistics told = statisticsOf(node);
              assertThat(told.nodes().total()).isEqualTo(NODES);
              assertThat(told.nodes().relativeError()).isZero();
              assertThat(told.nodes().sources().own()).isOne();
              assertThat(told.nodes().sources().direct()).isPositive();
              assertThat(told.nodes().sources().sample()).isEqualTo(NODES);
              assertThat(told.chainLength().min()).isEqualTo(HEIGHT);
              assertThat(told.chainLength().max()).isEqualTo(HEIGHT);
              assertThat(told.forks())
                  .isEqualTo(new NetworkStatistics.Forks(0, new Spread(0, 0, 0, 0)));
              assertThat(told.mining()).isEqualTo(statisticsOf(nodes.get(0)).mining());
              assertThat(told.peers()).isEqualTo(statisticsOf(nodes.get(0)).peers());
              assertThat(node.clockSeconds() - told.asOfSeconds()).isBetween(0L, 1_800L);
            });
  }

  @Test
  void exchange_alongAGrowingChain_costsUnderTenKilobytesAMinute() {
    begin();
    FrameEncoder encoder = FrameEncoder.of(chains.get(0).engine().params().identity().magic());
    nodes.forEach(node -> node.measureFrames(message -> bytesOf(message, encoder)));
    long[] before = new long[NODES];
    List<Long> costs = new ArrayList<>();
    int[] minute = {0};
    runMinutes(
        2 * Epoch.SECONDS / 60,
        node -> {
          int i = nodes.indexOf(node);
          long now = bytesOfStatistics(node);
          costs.add(now - before[i]);
          before[i] = now;
          if (i == minute[0] % NODES) {
            List<Block> mined = chains.get(i).branch(chains.get(i).tip(), 1);
            node.act(engine -> chains.get(i).deliver(mined));
          }
          minute[0] += i == NODES - 1 ? 1 : 0;
        });

    assertThat(costs).allSatisfy(cost -> assertThat(cost).isLessThanOrEqualTo(MOST_BYTES_A_MINUTE));
    assertThat(costs.stream().mapToLong(Long::longValue).average().orElse(0))
        .isBetween(500.0, (double) MOST_BYTES_A_MINUTE);
    int height = chains.get(0).engine().view().height();
    assertThat(height).isGreaterThan(HEIGHT);
    assertThat(nodes)
        .allSatisfy(
            node -> {
              assertThat(statisticsOf(node).nodes().total()).isEqualTo(NODES);
              assertThat(statisticsOf(node).chainLength().median())
                  .isBetween(height - 31.0, (double) height);
            });
  }

  /** Only what is measured is encoded: the rest would take most of the time. */
  private static int bytesOf(Message message, FrameEncoder encoder) {
    boolean isMeasured = message instanceof GetStatistics || message instanceof StatisticsMessage;
    return isMeasured ? encoder.encode(message).length : 24;
  }

  private static long bytesOfStatistics(SimulatedNode node) {
    SyncStatus status = node.protocol().status(node.clockMillis());
    MessageCounts asked = status.messages(GetStatistics.COMMAND);
    MessageCounts told = status.messages(StatisticsMessage.COMMAND);
    return asked.receivedBytes() + asked.sentBytes() + told.receivedBytes() + told.sentBytes();
  }

  @Test
  void exchange_withATenthOfLiars_keepsTheMediansOfTheHonest() {
    begin();
    for (int i = 0; i < NODES; i += 10) {
      int liar = i;
      nodes.get(i).tamper(message -> lied(message, liar));
    }
    simulation.run(Duration.ofSeconds(3L * Epoch.SECONDS));

    for (int i = 0; i < NODES; i++) {
      if (i % 10 == 0) {
        continue; // What a liar believes is its own affair.
      }
      NetworkStatistics told = statisticsOf(nodes.get(i));
      assertThat(told.nodes().total()).isEqualTo(NODES);
      assertThat(told.chainLength().median()).isEqualTo(HEIGHT);
      assertThat(told.chainLength().min()).isEqualTo(HEIGHT);
      assertThat(told.chainLength().max()).isEqualTo(HEIGHT);
      assertThat(told.forks().known().median()).isZero();
      assertThat(told.forks().known().max()).isZero();
      assertThat(told.peers().median()).isBetween(1.0, 20.0);
      assertThat(told.peers().max()).isLessThan(NODES);
      assertThat(told.mining().blockSeconds()).isPositive().isLessThan(1_000);
      assertThat(told.mining().claimedHashesPerSecond())
          .isLessThanOrEqualTo(3 * told.mining().hashesPerSecond());
    }
  }

  /** The message with what the node says of itself turned into the worst that it can sign. */
  private Message lied(Message message, int liar) {
    if (!(message instanceof StatisticsMessage statistics)) {
      return message;
    }
    StatisticsUpdate update = statistics.update();
    List<SignedObservation> observations =
        update.observations().stream()
            .map(signed -> signed.node().equals(keys.get(liar).id()) ? lie(signed, liar) : signed)
            .toList();
    return new StatisticsMessage(
        new StatisticsUpdate(
            update.exchange(), update.wish(), update.wanted(), update.own(), observations));
  }

  private SignedObservation lie(SignedObservation signed, int liar) {
    Observation said = signed.observation();
    ChainFigures chain =
        new ChainFigures(
            liar % 20 == 0 ? Integer.MAX_VALUE : 0,
            liar,
            said.chain().bits(),
            0xffff_ffffL,
            ChainFigures.MOST_FORKS);
    NodeFigures figures =
        new NodeFigures(0xffff, Float.MAX_VALUE, Integer.MAX_VALUE, -1, said.node().software());
    return SignedObservation.sign(
        keys.get(liar),
        NetworkId.of(chains.get(liar).engine().params()),
        new Observation(said.epoch(), said.second(), chain, figures),
        SIGNATURES);
  }
}
