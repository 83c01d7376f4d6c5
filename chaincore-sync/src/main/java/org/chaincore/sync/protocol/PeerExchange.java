package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.GetAddresses;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressAnswers;
import org.chaincore.sync.peer.AddressBook;
import org.chaincore.sync.peer.BanList;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.SeenAddress;
import org.chaincore.sync.settings.SyncTask;
import org.jspecify.annotations.Nullable;

/**
 * Learns addresses of other nodes from peers, and tells them ours and those that we know.
 *
 * <p><b>Asking.</b> A peer that we dialled is asked when it has greeted, and now and then by the
 * schedule while the book is thin. Only those who dialled us are answered: otherwise who dials us
 * could compare what we say to him and to others, and find us again elsewhere. An answer is the
 * same for everybody for a day, and nobody gets it twice on a connection; so asking often costs us
 * nothing. While the book is small it is the same for a minute only: a network that begins would
 * else tell everybody for a day how empty it was.
 *
 * <p><b>News.</b> Where we can be reached is told to peers that we dial, and to all once a day. A
 * few addresses seen just now are passed on, see {@link AddressRelay}, a while later and together
 * with others, so that nobody can follow them.
 *
 * <p><b>Attacks.</b> {@link org.chaincore.sync.peer.AddressRate} lets a peer tell one address in
 * ten seconds beside its answer; the book bounds what all that is good for. Connections for blocks
 * only speak of no addresses at all, in either direction.
 *
 * <p>Not thread-safe; confined to the protocol. Sources: BIP155; the numbers are Bitcoin Core's.
 */
final class PeerExchange implements Machine {
  /** With fewer addresses the schedule asks for more. */
  static final int THIN_BOOK = 1_000;

  /** A book is small up to here; an answer tells most of it in any case. */
  static final int SMALL_BOOK = 256;

  /** How long an answer from a small book stays the same. */
  static final long SMALL_BOOK_SECONDS = 60;

  /** Peers asked in one round of discovery. */
  static final int MAX_ASKED = 2;

  /** Peers that do not answer in this time have nothing new. */
  static final long ROUND_MILLIS = 10_000;

  /** News wait for others up to this time. */
  static final long MAX_GATHER_MILLIS = 60_000;

  /** Between two tellings of our own address, a quarter more or less by chance. */
  static final long TELL_OWN_MILLIS = 24 * 60 * 60_000L;

  private static final long MAX_UINT32 = 0xffff_ffffL;

  private final MachineContext context;
  private final ConnectionKeeper connections;
  private final OwnAddresses own;
  private final AddressBook book;
  private final BanList bans;
  private final AddressAnswers answers;
  private final AddressAnswers answersOfSmallBook;
  private final AddressRelay relay;
  private final SplittableRandom random;

  /** One an established peer that may speak of addresses: bounded by the slots. */
  private final Map<PeerId, AddressTalk> talks = new LinkedHashMap<>();

  private @Nullable DiscoveryRound round;
  private long rounds;

  PeerExchange(MachineContext context, ConnectionKeeper connections, OwnAddresses own) {
    this.context = context;
    this.connections = connections;
    this.own = own;
    this.book = context.memory().book();
    this.bans = context.memory().bans();
    this.answers = AddressAnswers.of(book, AddressAnswers.DEFAULT_PERIOD_SECONDS);
    this.answersOfSmallBook = AddressAnswers.of(book, SMALL_BOOK_SECONDS);
    this.random = context.newRandom();
    this.relay = new AddressRelay(context.newRandom());
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.kind() == ConnectionKind.BLOCK_RELAY) {
      return;
    }
    AddressTalk talk = new AddressTalk(peer);
    talks.put(peer.id(), talk);
    boolean isInbound = peer.kind().isInbound();
    if (!isInbound) {
      ask(talk, nowMillis);
    }
    if (own.reachableAt().isPresent()) {
      talk.tellOwnAt(isInbound ? nowMillis + untilNextTelling() : nowMillis);
      tell(talk, nowMillis);
    }
  }

  private void ask(AddressTalk talk, long nowMillis) {
    talk.asked(nowMillis);
    context.out().send(talk.peer().id(), new GetAddresses());
  }

  private long untilNextTelling() {
    return TELL_OWN_MILLIS * 3 / 4 + random.nextLong(TELL_OWN_MILLIS / 2);
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    talks.remove(peer.id());
    DiscoveryRound current = round;
    if (current != null) {
      current.gone(peer.id());
      finishIfDone();
    }
  }

  /** A peer asks for addresses. */
  void getAddresses(Peer peer, long nowMillis) {
    AddressTalk talk = talks.get(peer.id());
    if (talk == null || !peer.kind().isInbound()) {
      return;
    }
    talk.spokeOfAddresses();
    long nowSeconds = context.seconds(nowMillis);
    AddressAnswers from = book.size() <= SMALL_BOOK ? answersOfSmallBook : answers;
    List<SeenAddress> answer = from.answer(peer.address().network(), nowSeconds, random);
    if (!answer.isEmpty() && talk.answers(answer)) {
      List<TimestampedAddress> told = new ArrayList<>(answer.size());
      for (SeenAddress one : answer) {
        if (isWelcome(one.address(), nowSeconds)) {
          told.add(timestamped(one));
        }
      }
      send(peer, told);
    }
  }

  private boolean isWelcome(NetworkAddress address, long nowSeconds) {
    return !own.contains(address)
        && !bans.isBanned(address, nowSeconds)
        && !bans.isDiscouraged(address, nowSeconds);
  }

  private static TimestampedAddress timestamped(SeenAddress seen) {
    long seconds = Math.max(0, Math.min(seen.seenSeconds(), MAX_UINT32));
    return new TimestampedAddress(seconds, seen.services(), seen.address());
  }

  private void send(Peer peer, List<TimestampedAddress> told) {
    boolean takesAll = peer.facts().options().takesAddressesV2();
    List<TimestampedAddress> sent =
        told.stream().filter(one -> takesAll || Addresses.canCarry(one.address())).toList();
    if (!sent.isEmpty()) {
      context.out().send(peer.id(), takesAll ? new AddressesV2(sent) : new Addresses(sent));
    }
  }

  /** A peer tells addresses, by either message. */
  void addresses(Peer peer, List<TimestampedAddress> told, long nowMillis) {
    AddressTalk talk = talks.get(peer.id());
    if (talk == null) {
      return;
    }
    talk.spokeOfAddresses();
    long nowSeconds = context.seconds(nowMillis);
    List<TimestampedAddress> counted = some(told, talk.accept(told.size(), nowMillis));
    List<SeenAddress> welcome = new ArrayList<>(counted.size());
    for (TimestampedAddress one : counted) {
      if (isWelcome(one.address(), nowSeconds)) {
        welcome.add(new SeenAddress(one.address(), one.services(), one.timeSeconds()));
      }
    }
    int unknown = book.add(welcome, peer.address(), nowSeconds);
    if (unknown > 0) {
      connections.learned(nowMillis);
    }
    DiscoveryRound current = round;
    if (current != null) {
      current.answered(peer, told.size(), unknown);
      finishIfDone();
    }
    if (told.size() <= AddressRelay.MAX_NEWS && !talk.isAnswering(nowMillis)) {
      counted.forEach(one -> passOn(one, talk, nowMillis));
    }
  }

  /** So many of them, by chance: else the order would be the peer's choice. */
  private List<TimestampedAddress> some(List<TimestampedAddress> told, int most) {
    if (most >= told.size()) {
      return told;
    }
    List<TimestampedAddress> chosen = new ArrayList<>(told);
    for (int i = 0; i < most; i++) {
      int other = random.nextInt(i, chosen.size());
      TimestampedAddress swapped = chosen.get(i);
      chosen.set(i, chosen.get(other));
      chosen.set(other, swapped);
    }
    return chosen.subList(0, most);
  }

  private void passOn(TimestampedAddress news, AddressTalk from, long nowMillis) {
    long nowSeconds = context.seconds(nowMillis);
    long hash = relay.hash(news.address());
    from.learn(hash);
    if (!AddressRelay.isFresh(news, nowSeconds)
        || !context.memory().rule().isDialable(news.address())
        || !isWelcome(news.address(), nowSeconds)) {
      return;
    }
    List<Peer> others = new ArrayList<>();
    for (AddressTalk talk : talks.values()) {
      if (talk != from && talk.takesPart()) {
        others.add(talk.peer());
      }
    }
    for (Peer chosen : relay.choose(news.address(), others, nowSeconds)) {
      AddressTalk to = talks.get(chosen.id());
      if (to != null && to.learn(hash)) {
        gather(to, news, nowMillis);
      }
    }
  }

  private void gather(AddressTalk to, TimestampedAddress news, long nowMillis) {
    boolean isFirst = !to.hasWaiting();
    to.add(news);
    if (isFirst) {
      long at = nowMillis + random.nextLong(MAX_GATHER_MILLIS);
      long ownAt = to.tellOwnMillis();
      context
          .timers()
          .set(
              Timer.ADDRESSES,
              to.peer().id(),
              ownAt == AddressTalk.NEVER ? at : Math.min(at, ownAt));
    }
  }

  /** It is time to send a peer what has gathered for it. */
  void due(Peer peer, long nowMillis) {
    AddressTalk talk = talks.get(peer.id());
    if (talk != null) {
      tell(talk, nowMillis);
    }
  }

  private void tell(AddressTalk talk, long nowMillis) {
    List<TimestampedAddress> told = new ArrayList<>(talk.takeWaiting());
    NetworkAddress here = own.reachableAt().orElse(null);
    if (here != null && talk.tellOwnMillis() <= nowMillis) {
      long nowSeconds = Math.max(0, Math.min(context.seconds(nowMillis), MAX_UINT32));
      long services = context.services();
      told.add(new TimestampedAddress(nowSeconds, services, here));
      talk.tellOwnAt(nowMillis + untilNextTelling());
    }
    send(talk.peer(), told);
    if (here != null) {
      context.timers().set(Timer.ADDRESSES, talk.peer().id(), talk.tellOwnMillis());
    }
  }

  /**
   * The schedule or the host wants more addresses; the host also wants connections made now.
   *
   * @param receipt what the host calls it; 0 if the schedule wants it
   */
  void discover(long receipt, long nowMillis) {
    finish(); // Whoever waits for the round before hears what came of it.
    rounds++;
    if (receipt != 0) {
      // The schedule alone leaves the pace to the connections, which slows where nobody answers.
      connections.lookNow(nowMillis);
    }
    DiscoveryRound begun = new DiscoveryRound(receipt);
    round = begun;
    if (book.size() < THIN_BOOK) {
      talks.values().stream()
          .filter(talk -> !talk.peer().kind().isInbound())
          .sorted(Comparator.comparingLong(AddressTalk::askedMillis))
          .limit(MAX_ASKED)
          .forEach(
              talk -> {
                ask(talk, nowMillis);
                begun.asked(talk.peer().id());
              });
    }
    context.timers().set(Timer.DISCOVERY, nowMillis + ROUND_MILLIS);
    finishIfDone();
  }

  /** Those who were asked have had their time. */
  void answersMissing() {
    finish();
  }

  private void finishIfDone() {
    DiscoveryRound current = round;
    if (current != null && current.isDone()) {
      finish();
    }
  }

  private void finish() {
    DiscoveryRound over = round;
    if (over != null) {
      round = null;
      context.timers().cancel(Timer.DISCOVERY);
      boolean isGood = !over.isDeserted();
      context.taskFinished(SyncTask.DISCOVERY, over.receipt(), over.figures(), isGood);
    }
  }

  /** How often the schedule, or a hand, wanted more addresses. */
  long rounds() {
    return rounds;
  }

  /** How many peers something is kept of. */
  int size() {
    return talks.size();
  }
}
