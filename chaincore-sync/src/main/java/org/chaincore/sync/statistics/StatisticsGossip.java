package org.chaincore.sync.statistics;

import java.util.ArrayList;
import java.util.Arrays;
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

/** ESSAY. */
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
  private @Nullable Sample sample;
  private @Nullable OpenExchange open;
  private long round;
  private int second;

  /** A request that waits for its answer, with the nodes of its summary in the order of cells. */
  private record OpenExchange(PeerId peer, long nonce, int room, List<SampledNode> byCell) {}

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
    this.budget = new TrafficBudget(settings.maxBytesPerRound());
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
    second = (int) (nowSeconds - Epoch.startSeconds(salt.epoch()));
    Sample now = follow(salt);
    now.beginRound();
    speak(now, new Observation(salt.epoch(), second, chain, node));
    int size = now.current().size();
    budget.beginRound(
        StatisticsRequest.expectedBytes(size) + StatisticsUpdate.bytesWithout((size + 7) / 8));
    return peers.next(round).flatMap(peer -> ask(now, peer));
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
    long nonce = random.nextLong();
    int size = set.size();
    long[] cells = new long[size];
    for (int i = 0; i < size; i++) {
      cells[i] = (long) SetSummary.cell(set.at(i).summaryHash(nonce), size) << 32 | i;
    }
    Arrays.sort(cells);
    int[] ascending = new int[size];
    List<SampledNode> byCell = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      ascending[i] = (int) (cells[i] >>> 32);
      byCell.add(set.at((int) cells[i]));
    }
    SetSummary summary = SetSummary.of(ascending);
    int answered = 2 * (StatisticsUpdate.bytesWithout((size + 7) / 8) + TrafficBudget.FRAME_BYTES);
    int room =
        Math.min(
            perUpdate(),
            (budget.observations(StatisticsRequest.expectedBytes(size) + answered) + 1) / 2);
    StatisticsRequest request =
        new StatisticsRequest(set.salt().epoch(), nonce, wish(now, room), summary);
    budget.spend(request.bytes());
    peer.asked(nonce);
    open = new OpenExchange(peer.id(), nonce, room, byCell);
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
    if (now == null || now.current().salt().epoch() != request.epoch()) {
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
    List<SampledNode> lacking = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      int cell = SetSummary.cell(set.at(i).summaryHash(request.nonce()), theirs.length);
      ours.set(cell);
      boolean isKnown = theirs.length > 0 && known.get(cell);
      if (!isKnown && lacking.size() < most && request.wish().wants(set.at(i).rank(), set.salt())) {
        lacking.add(set.at(i));
      }
    }
    BitSet wanted = new BitSet();
    for (int i = 0; i < theirs.length; i++) {
      wanted.set(i, !ours.get(theirs[i]));
    }
    int sent = bare + lacking.size() * SignedObservation.MAX_BYTES;
    int answered = sent + TrafficBudget.FRAME_BYTES + StatisticsUpdate.bytesWithout(0);
    int room = wanted.isEmpty() ? 0 : Math.min(perUpdate(), budget.observations(answered));
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
    boolean isAnswer =
        asked != null && asked.peer().equals(from) && asked.nonce() == update.exchange().nonce();
    if (isAnswer) {
      open = null;
    }
    int room = isAnswer ? asked.room() : peer.get().takeExpected(update.exchange().nonce());
    if (room < 0) {
      boolean isLate = peer.get().wasAsked(update.exchange().nonce());
      return isLate ? GossipOutcome.SILENT : GossipOutcome.refused(Refusal.UNASKED);
    }
    Sample now = sample;
    if (now == null || now.current().salt().epoch() != update.exchange().epoch()) {
      return GossipOutcome.SILENT;
    }
    Optional<Refusal> refusal = accept(now, peer.get(), update, room);
    if (refusal.isPresent()) {
      return GossipOutcome.refused(refusal.get());
    }
    return isAnswer ? finish(now, peer.get(), asked, update) : GossipOutcome.SILENT;
  }

  private Optional<Refusal> accept(Sample now, GossipPeer peer, StatisticsUpdate update, int room) {
    ObservationSet set = now.current();
    List<SignedObservation> observations = update.observations();
    if (observations.size() > room) {
      return Optional.of(Refusal.TOO_MANY);
    }
    int share = peers.share(settings.sampleSize()) - peer.group().held();
    List<SampledNode> heard = new ArrayList<>();
    for (int i = 0; i < observations.size(); i++) {
      SignedObservation signed = observations.get(i);
      boolean isOwn = i == update.own();
      if (signed.node().equals(key.id())) {
        if (isOwn) {
          return Optional.of(Refusal.OTHER_NODE);
        }
        continue;
      }
      SampledNode node = new SampledNode(signed, set.salt().rank(signed.node()), peer.group());
      boolean isWelcome = heard.size() < share && set.isWelcome(node);
      if (!isWelcome && !isOwn) {
        continue;
      }
      if (!signed.isValid(network, signatures)) {
        return Optional.of(Refusal.BAD_SIGNATURE);
      }
      if (isOwn && !peer.says(signed.node())) {
        return Optional.of(Refusal.OTHER_NODE);
      }
      if (isWelcome) {
        heard.add(node);
      }
    }
    heard.forEach(now::hear);
    return Optional.empty();
  }

  /** The nodes of lowest rank: the others may yet be pushed out of the sample. */
  private static List<SampledNode> lowest(List<SampledNode> nodes, int most) {
    nodes.sort((a, b) -> Long.compareUnsigned(a.rank(), b.rank()));
    return nodes.subList(0, Math.min(most, nodes.size()));
  }

  private GossipOutcome finish(
      Sample now, GossipPeer peer, OpenExchange asked, StatisticsUpdate update) {
    peer.pause(round, Math.min(MOST_PAUSE_ROUNDS, update.exchange().pauseRounds()));
    EpochSalt salt = now.current().salt();
    List<SampledNode> wanted = new ArrayList<>();
    for (int i = 0; i < asked.byCell().size(); i++) {
      SampledNode node = asked.byCell().get(i);
      if (update.wants(i) && update.wish().wants(node.rank(), salt)) {
        wanted.add(node);
      }
    }
    int most =
        Math.min(
            Math.min(perUpdate(), update.wish().room()),
            budget.observations(StatisticsUpdate.bytesWithout(0)));
    if (wanted.isEmpty() || most == 0) {
      return GossipOutcome.SILENT;
    }
    Exchange exchange = new Exchange(salt.epoch(), asked.nonce(), pauseRounds());
    List<SampledNode> sent = lowest(wanted, most);
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

  /** Bytes sent and received in the round that runs, frames included. */
  public int bytesOfRound() {
    return budget.used();
  }
}
