package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.message.GetStatistics;
import org.chaincore.sync.message.StatisticsMessage;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.NetworkGroup;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.statistics.Epoch;
import org.chaincore.sync.statistics.EpochSalt;
import org.chaincore.sync.statistics.GossipOutcome;
import org.chaincore.sync.statistics.GossipSettings;
import org.chaincore.sync.statistics.NetworkId;
import org.chaincore.sync.statistics.NetworkStatistics;
import org.chaincore.sync.statistics.StatisticsGossip;
import org.chaincore.sync.statistics.StatisticsUpdate;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges statistics with peers that can: asks one of them a round, and answers all. What is said
 * and kept is up to {@link StatisticsGossip}; this carries it and says when.
 *
 * <p><b>When.</b> A round begins when the schedule or the host wants it, but {@link #GAP_MILLIS}
 * lie between two whatever they want: peers allow two requests a round of theirs, and what a round
 * may cost is counted by the round. A wish that comes sooner is fulfilled already.
 *
 * <p><b>Attacks.</b> A peer that asks without end is complained of before anything is done for it.
 * What else it can do is bounded by the gossip: two answers a round, a signature check for each of
 * the few observations that were asked for.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class StatisticsExchange implements Machine {
  /** An answer is small; a peer that has none to give says nothing. */
  static final long ANSWER_MILLIS = 10_000;

  /** Between two rounds: less than the schedule's minute less its leeway, more than half of it. */
  static final long GAP_MILLIS = 40_000;

  /** Between two requests of a peer; below the gap of an honest one, as clocks and ways differ. */
  static final long REQUEST_GAP_MILLIS = 30_000;

  /** More than an honest peer asks, for messages may be held up and come together. */
  static final int REQUESTS_AT_ONCE = 4;

  /** Wishes that one round answers; the schedule has fewer runs under way. */
  static final int MAX_RECEIPTS = 64;

  private static final int FRAME_HEAD_BYTES = 24;

  private final MachineContext context;
  private final GroupingRule rule;
  private final NetworkId network;
  private final OwnFigures own;
  private final StatisticsGossip gossip;

  /** One a peer that can exchange statistics: bounded by the slots of connections. */
  private final Map<PeerId, RoundRate> peers = new LinkedHashMap<>();

  private @Nullable Round open;
  private @Nullable NetworkStatistics known;
  private boolean isKnownStale;
  private long nextRoundMillis = Long.MIN_VALUE;

  /** A peer was asked, and these wait for what comes of it. */
  private static final class Round {
    final PeerId peer;
    final long nonce;
    final List<Long> receipts = new ArrayList<>();
    long bytes;

    Round(StatisticsGossip.Asking asking, long receipt) {
      this.peer = asking.peer();
      this.nonce = asking.request().nonce();
      this.receipts.add(receipt);
      this.bytes = frame(asking.request().bytes());
    }

    boolean isAnsweredBy(PeerId from, StatisticsUpdate update) {
      return peer.equals(from) && nonce == update.exchange().nonce();
    }
  }

  StatisticsExchange(MachineContext context) {
    this.context = context;
    this.rule = context.memory().rule();
    this.network = NetworkId.of(context.engine().params());
    this.own = new OwnFigures(context);
    this.gossip =
        new StatisticsGossip(
            context.setup().self().key(),
            network,
            context.settingsState().signatures(),
            GossipSettings.DEFAULT,
            context.newRandom().nextLong());
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.has(Extension.NETWORK_STATISTICS)) {
      peers.put(peer.id(), new RoundRate(REQUESTS_AT_ONCE, REQUEST_GAP_MILLIS));
      gossip.connected(peer.id(), bytesOf(rule.groupOf(peer.address())));
      isKnownStale = true;
    }
  }

  private static Bytes bytesOf(NetworkGroup group) {
    return ByteWriter.create().uint8(group.network().id()).bytes(group.prefix()).toBytes();
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    if (peers.remove(peer.id()) != null) {
      gossip.disconnected(peer.id());
      isKnownStale = true;
      Round round = open;
      if (round != null && round.peer.equals(peer.id())) {
        finish(round, TaskFigures.NONE, false);
      }
    }
  }

  /** The host has measured its own rate. */
  void mines(long hashesPerSecond) {
    own.mines(hashesPerSecond);
  }

  /**
   * The schedule or the host wants a round.
   *
   * @param receipt what the host calls it; 0 if the schedule wants it
   */
  void exchange(long receipt, long nowMillis) {
    Round waiting = open;
    if (waiting != null && waiting.receipts.size() < MAX_RECEIPTS) {
      waiting.receipts.add(receipt);
    } else if (waiting != null || nowMillis < nextRoundMillis) {
      context.taskFinished(SyncTask.STATISTICS, receipt, TaskFigures.NONE, waiting == null);
    } else {
      nextRoundMillis = nowMillis + GAP_MILLIS;
      begin(receipt, nowMillis);
    }
  }

  private void begin(long receipt, long nowMillis) {
    ChainView view = context.engine().view();
    long seconds = context.seconds(nowMillis);
    isKnownStale = true;
    Optional<StatisticsGossip.Asking> asking =
        gossip.round(
            seconds,
            saltAt(seconds, view),
            OwnFigures.chain(context.engine()),
            own.node(nowMillis));
    if (asking.isEmpty()) {
      context.taskFinished(SyncTask.STATISTICS, receipt, TaskFigures.NONE, true);
      return;
    }
    open = new Round(asking.get(), receipt);
    context.out().send(asking.get().peer(), new GetStatistics(asking.get().request()));
    context.timers().set(Timer.STATISTICS, nowMillis + ANSWER_MILLIS);
  }

  /** The salt of the epoch, anew each round: a reorganisation may change it. */
  private EpochSalt saltAt(long seconds, ChainView view) {
    long epoch = Epoch.at(seconds);
    return EpochSalt.of(network, epoch, Epoch.anchor(view, epoch));
  }

  /** The peer that was asked had time to answer. */
  void answerMissing() {
    Round round = open;
    if (round != null) {
      finish(round, new TaskFigures(1, 0, 0, 0, 0, round.bytes), false);
    }
  }

  /** A peer asks. */
  void requested(Peer peer, GetStatistics message, long nowMillis) {
    RoundRate rate = peers.get(peer.id());
    if (rate == null) {
      complain(peer, Misbehaviour.UNNEGOTIATED_MESSAGE, message.command());
    } else if (!rate.take(nowMillis)) {
      complain(peer, Misbehaviour.FLOOD, message.command() + " again too soon");
    } else {
      gossip.tick(context.seconds(nowMillis));
      carryOut(peer, gossip.receive(peer.id(), message.request()));
    }
  }

  /** A peer answers, or ends the exchange that it began. */
  void told(Peer peer, StatisticsMessage message, long nowMillis) {
    if (!peers.containsKey(peer.id())) {
      complain(peer, Misbehaviour.UNNEGOTIATED_MESSAGE, message.command());
      return;
    }
    StatisticsUpdate update = message.update();
    isKnownStale = true;
    gossip.tick(context.seconds(nowMillis));
    GossipOutcome outcome = gossip.receive(peer.id(), update);
    carryOut(peer, outcome);
    Round round = open;
    if (round != null && round.isAnsweredBy(peer.id(), update)) {
      round.bytes += frame(update.bytes());
      outcome.answer().ifPresent(last -> round.bytes += frame(last.bytes()));
      int came = outcome.refusal().isPresent() ? 0 : update.observations().size();
      TaskFigures figures =
          new TaskFigures(1, wantedBy(update), update.observations().size(), came, 0, round.bytes);
      finish(round, figures, outcome.refusal().isEmpty());
    }
  }

  private static int wantedBy(StatisticsUpdate update) {
    int wanted = 0;
    for (int i = 0; i < update.wanted().length(); i++) {
      wanted += Integer.bitCount(update.wanted().unsignedAt(i));
    }
    return wanted;
  }

  private void carryOut(Peer peer, GossipOutcome outcome) {
    outcome.answer().ifPresent(say -> context.out().send(peer.id(), new StatisticsMessage(say)));
    outcome.refusal().ifPresent(refusal -> refused(peer, refusal));
  }

  private void refused(Peer peer, GossipOutcome.Refusal refusal) {
    switch (refusal) {
      case NOT_CONNECTED, TOO_OFTEN -> {
        // A peer whose rounds are shorter than ours asks more often than we like, and is no liar.
      }
      case UNASKED -> complain(peer, Misbehaviour.UNREQUESTED_ANSWER, "statistics");
      case TOO_MANY, BAD_SIGNATURE, OTHER_NODE ->
          complain(peer, Misbehaviour.BAD_OBSERVATION, refusal.toString());
    }
  }

  private void complain(Peer peer, Misbehaviour misbehaviour, String detail) {
    context.out().complain(peer.id(), misbehaviour, detail);
  }

  private void finish(Round round, TaskFigures figures, boolean isGood) {
    open = null;
    context.timers().cancel(Timer.STATISTICS);
    for (long receipt : round.receipts) {
      context.taskFinished(SyncTask.STATISTICS, receipt, figures, isGood);
    }
  }

  private static long frame(int payloadBytes) {
    return FRAME_HEAD_BYTES + (long) payloadBytes;
  }

  /** What is known of the network; nothing before the first round. */
  Optional<NetworkStatistics> statistics() {
    if (isKnownStale) {
      known = gossip.statistics().orElse(null);
      isKnownStale = false;
    }
    return Optional.ofNullable(known);
  }
}
