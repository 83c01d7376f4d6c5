package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.statistics.GossipOutcome.Refusal;
import org.chaincore.sync.statistics.StatisticsUpdate.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Learns what the nodes of the network say about themselves, by exchanges with peers that cost the
 * same in a network of any size. A machine without messages, clock or sockets: the caller says when
 * a round begins and carries requests and updates.
 *
 * <p><b>Idea.</b> In each {@link Epoch} every node signs an {@link Observation} of itself. A node
 * keeps those of the {@code sampleSize} lowest ranks, where a rank is a hash of the node's id
 * salted by the epoch: so all nodes look for the same sample, whatever path it takes, nothing can
 * be counted twice, and no one is asked to keep or pass on more than the sample. In a small network
 * the sample is everybody and the count is exact; in a large one it is fair by the hash, and how
 * densely ranks lie tells how many nodes there are ({@code CountHistory}).
 *
 * <p><b>An exchange.</b> Once a round a node takes its next peer and sends it a summary of its set,
 * about a byte for each observation ({@link SetSummary}). The peer answers with what the summary
 * lacks and with a bit for each that it lacks itself, and the first node sends these. Neither side
 * remembers what it told the other, so lost messages are made good by the next exchange. From one
 * node to ten thousand an observation takes about six rounds; the rest of the time the sample
 * fills, bounded by bytes. Lowest ranks go first. From the count before it is known about where the
 * sample ends, and what lies above is not sent; late in the epoch a set that is not full asks for
 * more, as the network may have shrunk.
 *
 * <p><b>Cost.</b> An observation is some 139 bytes, and each node must receive, and on average
 * send, each of the sample once an epoch: 70 kB for 256, with summaries about 110 kB in 30 minutes,
 * 3.8 kB a minute. A node counts what it sends and receives and stops giving and asking at its
 * budget; it tells peers how long to leave it alone, so that one with many peers is not asked more
 * than others. A node checks each signature once, some thousand an hour. Simulated with 10,000
 * nodes of 8 outbound peers: every node has the whole sample after 22 of 30 rounds, after 26 if all
 * begin with nothing at once; a node takes 3.5 kB a minute and never took 10 kB in one. The
 * standard error of the count is 6.3 % after one epoch and 1.8 % after twelve.
 *
 * <p><b>The salt</b> is a block of the chain that was known ten minutes before the epoch ({@link
 * Epoch#anchor}), so that nobody can long before make ids that will be of low rank. It need not be
 * agreed: each node ranks what it hears by its own salt. If a fork is older than ten minutes both
 * sides have samples of their own, and exchanges between them stop being of use once the sets are
 * full; in a small network, where all are kept, both sides still hear of each other and see the
 * fork. If a reorganisation changes the anchor, the node ranks anew what it has and goes on.
 *
 * <p><b>What liars can do.</b> A node can say of itself what it likes: {@link Spread} leaves out
 * the extremes, and fewer than half cannot move a median outside what honest nodes say. Nobody can
 * speak for another node, on another network or in another epoch, and a node that says two things
 * is heard once. Garbage, floods and answers to no question are refused with a {@link
 * GossipOutcome.Refusal}; what a peer can make this node do is two answers a round, within the
 * budget. A peer that withholds delays, as any other peer has the rest. One whose clock is off by
 * minutes is left out, and hears nothing, while its epoch is not that of the others.
 *
 * <p><b>What many identities can do.</b> An id is a key and costs nothing. Peers of one address
 * group can place at most a quarter of a node's sample themselves (more if the node's peers are of
 * fewer than seven groups), and reconnecting does not give them another share; so whoever has one
 * group cannot fill the sample of its victim. But what a victim takes it passes on, and then it
 * counts as the word of the victim's group: whoever reaches many nodes, or has peers in many
 * groups, can place more. With as many ids as there are nodes they are half of the sample and
 * double the count, and with far more they are all of it. Such ids can also be made after the salt
 * is known: a million take a minute of one core. Nothing here can tell them from nodes; therefore
 * nothing may be decided by these figures, and {@link NetworkStatistics} says how many of them were
 * first hand.
 *
 * <p>Deterministic: the same calls with the same seed give the same bytes. Not thread-safe;
 * confined to its owner.
 */
public final class StatisticsGossip {
  /** A peer that could ask for silence for ever could cut off those that have no other. */
  private static final int MOST_PAUSE_ROUNDS = 10;

  /**
   * In a small network a node speaks anew after 1 round and one more for each so many nodes, which
   * keeps what all of them say within the budget; with a full sample it speaks once an epoch.
   */
  private static final int NODES_PER_REFRESH_ROUND = 16;

  private final NodeKey key;
  private final NetworkId network;
  private final Signatures signatures;
  private final GossipSettings settings;
  private final SplittableRandom random;
  private final TrafficBudget budget;
  private final GossipPeers peers;
  private final Hearing hearing;
  private @Nullable Sample sample;
  private @Nullable OpenExchange open;
  private long round;
  private int second;

  /** A request and the peer that it goes to. */
  public record Asking(PeerId peer, StatisticsRequest request) {}

  /**
   * Hears nothing yet.
   *
   * @param key signs what the node says of itself
   * @param seed of the nonces
   */
  public StatisticsGossip(
      NodeKey key, NetworkId network, Signatures signatures, GossipSettings settings, long seed) {
    this.key = key;
    this.network = network;
    this.signatures = signatures;
    this.settings = settings;
    this.random = new SplittableRandom(seed);
    this.peers = new GossipPeers(random.split());
    this.hearing = new Hearing(key, network, signatures);
    this.budget = new TrafficBudget(settings.maxBytesPerRound(), settings.roundSeconds());
  }

  /**
   * A peer that speaks this protocol is connected.
   *
   * @param addressGroup whatever tells its address group from others
   */
  public void connected(PeerId peer, Bytes addressGroup) {
    peers.add(peer, addressGroup);
  }

  /** A peer is gone; what it sent stays. */
  public void disconnected(PeerId peer) {
    peers.remove(peer);
    if (open != null && open.peer().equals(peer)) {
      open = null;
    }
  }

  /**
   * Begins a round: speaks of this node if it is time to, and asks a peer.
   *
   * @param nowSeconds Unix seconds
   * @param salt that of the epoch of {@code nowSeconds}
   * @return what to send, if there is a peer to ask
   * @throws IllegalArgumentException if the salt is that of another epoch
   */
  public Optional<Asking> round(
      long nowSeconds, EpochSalt salt, ChainFigures chain, NodeFigures node) {
    if (salt.epoch() != Epoch.at(nowSeconds)) {
      throw new IllegalArgumentException(salt + " at " + nowSeconds + " s");
    }
    round++;
    tick(nowSeconds);
    second = (int) (nowSeconds - Epoch.startSeconds(salt.epoch()));
    Sample now = follow(salt);
    now.beginRound();
    speak(now, new Observation(salt.epoch(), second, chain, node));
    int size = now.current().size();
    budget.beginRound(
        StatisticsRequest.expectedBytes(size) + StatisticsUpdate.bytesWithout((size + 7) / 8));
    return peers.next(round).flatMap(peer -> ask(now, peer));
  }

  /**
   * Tells what time it is between two rounds. To be told before a message is received, so that the
   * budget holds over any stretch of time, not only from round to round.
   *
   * @param nowSeconds Unix seconds
   */
  public void tick(long nowSeconds) {
    budget.at(nowSeconds);
  }

  private Sample follow(EpochSalt salt) {
    Sample now = sample;
    if (now == null) {
      now = new Sample(salt, settings.sampleSize(), settings.epochsAveraged());
      sample = now;
    } else if (!now.current().salt().equals(salt)) {
      now.begin(salt);
      peers.forgetGroups();
      open = null;
    }
    return now;
  }

  private void speak(Sample now, Observation observation) {
    ObservationSet set = now.current();
    long rank = set.salt().rank(key.id());
    Optional<SampledNode> last = set.find(key.id(), rank);
    if (last.isPresent()) {
      int rounds = 1 + now.known() / NODES_PER_REFRESH_ROUND;
      boolean isDue = second - last.get().second() >= (long) rounds * settings.roundSeconds();
      if (!isDue || !now.isSettled() || now.known() >= settings.sampleSize()) {
        return;
      }
    } else if (set.isFull() && Long.compareUnsigned(rank, set.highestRank()) > 0) {
      return;
    }
    SignedObservation signed = SignedObservation.sign(key, network, observation, signatures);
    set.offer(new SampledNode(signed, rank, null));
  }

  private Optional<Asking> ask(Sample now, GossipPeer peer) {
    ObservationSet set = now.current();
    int size = set.size();
    int answered = 2 * (StatisticsUpdate.bytesWithout((size + 7) / 8) + TrafficBudget.FRAME_BYTES);
    int most = budget.observations(StatisticsRequest.expectedBytes(size) + answered);
    // Half of what the budget allows, as the other half is for what the peer wants.
    int room = Math.min(perUpdate(), (most + 1) / 2);
    OpenExchange opened = OpenExchange.of(set, peer.id(), random.nextLong(), room);
    StatisticsRequest request =
        new StatisticsRequest(
            set.salt().epoch(), opened.nonce(), wish(now, room), opened.summary());
    budget.spend(request.bytes());
    peer.asked(opened.nonce());
    open = opened;
    return Optional.of(new Asking(peer.id(), request));
  }

  private int perUpdate() {
    return settings.observationsPerUpdate();
  }

  private Wish wish(Sample now, int room) {
    return new Wish(room, now.below(second), now.current().salt().check());
  }

  /** A peer asks. */
  public GossipOutcome receive(PeerId from, StatisticsRequest request) {
    Optional<GossipPeer> peer = peers.find(from);
    if (peer.isEmpty()) {
      return GossipOutcome.refused(Refusal.NOT_CONNECTED);
    }
    budget.requestArrived(request.bytes());
    if (!peer.get().mayAsk(round)) {
      return GossipOutcome.refused(Refusal.TOO_OFTEN);
    }
    Sample now = sample;
    if (now == null || !isNow(now, request.epoch())) {
      return GossipOutcome.SILENT;
    }
    return answer(now, peer.get(), request);
  }

  private GossipOutcome answer(Sample now, GossipPeer peer, StatisticsRequest request) {
    ObservationSet set = now.current();
    int[] theirs = request.summary().cells();
    BitSet known = new BitSet();
    for (int cell : theirs) {
      known.set(cell);
    }
    BitSet ours = new BitSet();
    int bare = StatisticsUpdate.bytesWithout((theirs.length + 7) / 8);
    if (!budget.allows(bare)) {
      return GossipOutcome.SILENT;
    }
    int most = Math.min(Math.min(perUpdate(), request.wish().room()), budget.observations(bare));
    List<SampledNode> lacking = introduction(set, peer, most);
    for (int i = 0; i < set.size(); i++) {
      int cell = SetSummary.cell(set.at(i).summaryHash(request.nonce()), theirs.length);
      ours.set(cell);
      boolean isKnown = theirs.length > 0 && known.get(cell);
      boolean isListed = !lacking.isEmpty() && lacking.get(0).equals(set.at(i));
      if (!isKnown
          && !isListed
          && lacking.size() < most
          && request.wish().wants(set.at(i).rank(), set.salt())) {
        lacking.add(set.at(i));
      }
    }
    BitSet wanted = new BitSet();
    for (int i = 0; i < theirs.length; i++) {
      wanted.set(i, !ours.get(theirs[i]));
    }
    int sent = bare + lacking.size() * SignedObservation.MAX_BYTES;
    int answered = sent + TrafficBudget.FRAME_BYTES + StatisticsUpdate.bytesWithout(0);
    // A peer that has not said which node it is may do so though nothing else is wanted.
    boolean isNothing = wanted.isEmpty() && peer.node().isPresent();
    int room = isNothing ? 0 : Math.min(perUpdate(), budget.observations(answered));
    peer.expect(request.nonce(), room);
    Bytes bits = room == 0 ? Bytes.EMPTY : Bytes.of(wanted.toByteArray());
    Exchange exchange = new Exchange(request.epoch(), request.nonce(), pauseRounds());
    return GossipOutcome.answered(update(exchange, wish(now, room), bits, lacking));
  }

  /** So that all peers together ask about one and a half times a round. */
  private int pauseRounds() {
    return Math.min(MOST_PAUSE_ROUNDS, peers.size() * 2 / 3);
  }

  private StatisticsUpdate update(
      Exchange exchange, Wish wish, Bytes wanted, List<SampledNode> nodes) {
    int own = StatisticsUpdate.NONE;
    List<SignedObservation> observations = new ArrayList<>(nodes.size());
    for (SampledNode node : nodes) {
      if (node.isOwn()) {
        own = observations.size();
      }
      observations.add(node.signed());
    }
    StatisticsUpdate update = new StatisticsUpdate(exchange, wish, wanted, own, observations);
    budget.spend(update.bytes());
    return update;
  }

  /** A peer answers, or ends an exchange that it opened. */
  public GossipOutcome receive(PeerId from, StatisticsUpdate update) {
    Optional<GossipPeer> peer = peers.find(from);
    if (peer.isEmpty()) {
      return GossipOutcome.refused(Refusal.NOT_CONNECTED);
    }
    budget.spend(update.bytes());
    OpenExchange asked = open;
    if (asked != null && asked.isAnsweredBy(from, update)) {
      open = null;
      return finish(peer.get(), asked, update);
    }
    int room = peer.get().takeExpected(update.exchange().nonce());
    if (room < 0) {
      boolean isLate = peer.get().wasAsked(update.exchange().nonce());
      return isLate ? GossipOutcome.SILENT : GossipOutcome.refused(Refusal.UNASKED);
    }
    Sample now = sample;
    if (now == null || !isNow(now, update.exchange().epoch())) {
      return GossipOutcome.SILENT;
    }
    return accept(now, peer.get(), update, room)
        .map(GossipOutcome::refused)
        .orElse(GossipOutcome.SILENT);
  }

  private static boolean isNow(Sample now, long epoch) {
    return now.current().salt().epoch() == epoch;
  }

  private Optional<Refusal> accept(Sample now, GossipPeer peer, StatisticsUpdate update, int room) {
    return hearing.accept(now, peer, update, room, peers.share(settings.sampleSize()));
  }

  /**
   * This node's own observation, once for each peer, whether or not it lacks it: so that it can
   * tell who it is connected to.
   */
  private List<SampledNode> introduction(ObservationSet set, GossipPeer peer, int most) {
    List<SampledNode> first = new ArrayList<>();
    Optional<SampledNode> own = set.find(key.id(), set.salt().rank(key.id()));
    if (most > 0 && own.isPresent() && !peer.introduce()) {
      first.add(own.get());
    }
    return first;
  }

  /** The nodes of lowest rank: the others may yet be pushed out of the sample. */
  private static List<SampledNode> lowest(List<SampledNode> nodes, int most) {
    nodes.sort((a, b) -> Long.compareUnsigned(a.rank(), b.rank()));
    return nodes.subList(0, Math.min(most, nodes.size()));
  }

  private GossipOutcome finish(GossipPeer peer, OpenExchange asked, StatisticsUpdate update) {
    Sample now = sample;
    if (now == null || !isNow(now, update.exchange().epoch())) {
      return GossipOutcome.SILENT;
    }
    Optional<Refusal> refusal = accept(now, peer, update, asked.room());
    if (refusal.isPresent()) {
      return GossipOutcome.refused(refusal.get());
    }
    peer.pause(round, Math.min(MOST_PAUSE_ROUNDS, update.exchange().pauseRounds()));
    ObservationSet set = now.current();
    int most =
        Math.min(
            Math.min(perUpdate(), update.wish().room()),
            budget.observations(StatisticsUpdate.bytesWithout(0)));
    List<SampledNode> sent = introduction(set, peer, most);
    List<SampledNode> wanted = asked.wantedBy(update, set.salt());
    wanted.removeAll(sent);
    sent.addAll(lowest(wanted, most - sent.size()));
    if (sent.isEmpty()) {
      return GossipOutcome.SILENT;
    }
    Exchange exchange = new Exchange(set.salt().epoch(), asked.nonce(), pauseRounds());
    return GossipOutcome.answered(update(exchange, wish(now, 0), Bytes.EMPTY, sent));
  }

  /** What is known of the network; nothing before the first round. */
  public Optional<NetworkStatistics> statistics() {
    Sample now = sample;
    return now == null ? Optional.empty() : Optional.of(now.statistics(second, peers.nodes()));
  }

  /** The set of the epoch that runs. */
  Optional<ObservationSet> set() {
    return Optional.ofNullable(sample).map(Sample::current);
  }

  /** Bytes sent and received in the time of a round before now, frames included. */
  public int bytesOfRound() {
    return budget.used();
  }
}
