package org.chaincore.sync.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * The addresses that a node knows, kept so that those who told of them cannot take it over.
 *
 * <p><b>Idea.</b> Two tables of buckets of 64 slots. <i>New</i> holds hearsay in 1,024 buckets; the
 * bucket depends on the groups of the address and of its source, and all that one source group
 * tells falls into 64 of them. <i>Tried</i> holds what this node has reached itself in 256 buckets,
 * of which the addresses of one group fall into 8. A keyed hash picks buckets and slots, so that
 * nobody outside can aim. A slot that is taken stays taken unless its holder is {@linkplain
 * #expire(long) worthless}, or in tried, has been dialled and did not answer.
 *
 * <p><b>What an attacker gets.</b> With one source group, at most 64 × 64 places in new whatever it
 * sends, and with one group of addresses that answer at most 8 × 64 places in tried. Choices fall
 * on buckets first, so the number of groups that an attacker owns decides his share, not the number
 * of his addresses. What many groups buy is not bounded here: anchors, outbound diversity and
 * feelers limit the harm.
 *
 * <p><b>Cost.</b> At most 81,920 addresses in 81,920 places; {@link #MAX_BYTES} of memory. Adding
 * costs a few hashes and O(log n). {@link #select} costs at most 64 draws of 64 addresses and one
 * search. Nothing here iterates over a hash table or throws dice of its own.
 *
 * <p>Times are Unix seconds. Sources: Bitcoin Core's address manager for the shape and the numbers;
 * Heilman and others, "Eclipse Attacks on Bitcoin's Peer-to-Peer Network", 2015, for why.
 *
 * <p>Not thread-safe; confined to the protocol's thread.
 */
public final class AddressBook {
  /** Which addresses a choice is made from. */
  public enum Choice {
    /** Hearsay only: for feelers, which find out what is true of it. */
    NEW,
    /** Only what was reached before. */
    TRIED,
    /** One or the other with equal chance, so that neither table decides alone. */
    EITHER
  }

  /** Addresses in all when every place is taken. */
  public static final int MAX_ADDRESSES =
      (BucketPlaces.NEW_BUCKETS + BucketPlaces.TRIED_BUCKETS) * Bucket.SLOTS;

  /** More bytes of memory than a full book takes on a JVM with compressed references. */
  public static final int MAX_BYTES = 24_000_000;

  /** An address that answered so lately is not challenged. */
  private static final long FRESH_SECONDS = 4 * 60 * 60;

  /** Hearsay counts as so much older than told: everyone rounds up. */
  private static final long HEARSAY_PENALTY_SECONDS = 2 * 60 * 60;

  /** Hearsay from further ahead is not believed; clocks differ by less. */
  private static final long MAX_AHEAD_SECONDS = 10 * 60;

  /** What cannot be believed counts as so old. */
  private static final long DISBELIEVED_AGE_SECONDS = 5 * 24 * 60 * 60;

  /** A small network could not be found through a percentage of it. */
  private static final int MIN_SAMPLE = 16;

  private final long k0;
  private final long k1;
  private final GroupingRule rule;
  private final BucketPlaces places;
  private final TriedContests contests = new TriedContests();
  private final AddressTables tables;

  /** When anyone was last reached. Failures since then say nothing: this node may be cut off. */
  private long lastReachedSeconds;

  private AddressBook(long k0, long k1, GroupingRule rule) {
    this.k0 = k0;
    this.k1 = k1;
    this.rule = rule;
    this.places = new BucketPlaces(k0, k1, rule);
    this.tables = new AddressTables(places, contests);
  }

  /**
   * An empty book.
   *
   * @param k0 first half of a secret that no peer can guess
   * @param k1 second half
   */
  public static AddressBook of(long k0, long k1, GroupingRule rule) {
    return new AddressBook(k0, k1, rule);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param rule the rule it was written under
   * @param nowSeconds times after this, by a clock that was wrong then, count as now
   * @throws MalformedBytesException if it is nothing that was written, or under another rule
   */
  public static AddressBook read(ByteReader in, GroupingRule rule, long nowSeconds) {
    return AddressBookSnapshot.read(in, rule, nowSeconds);
  }

  /** Writes all but the contests under way; the secret too, so this is for nobody else. */
  public void write(ByteWriter out) {
    AddressBookSnapshot.write(this, out);
  }

  /**
   * Takes in what a source tells. Addresses where no node can be are passed over; those known
   * already are refreshed, and may get another place in new.
   *
   * @param told one message's worth, of which {@link AddressRate} has let so many through
   * @param source who tells; the address itself if a node tells of itself
   * @return how many were not known before
   */
  public int add(List<SeenAddress> told, NetworkAddress source, long nowSeconds) {
    int before = tables.size();
    for (SeenAddress one : told) {
      if (rule.isDialable(one.address())) {
        add(one, source, nowSeconds);
      }
    }
    return tables.size() - before;
  }

  /** Takes down that an address is being dialled. */
  public void attempted(NetworkAddress address, long nowSeconds) {
    tables.find(address).ifPresent(entry -> entry.attemptSeconds = nowSeconds);
  }

  /**
   * Takes down that a dialled address did not answer as a node of this network. If its place in
   * tried is contested it loses it.
   *
   * @param isOnline whether this node has other peers: if not, the failure says nothing
   */
  public void failed(NetworkAddress address, boolean isOnline, long nowSeconds) {
    Optional<AddressEntry> found = isOnline ? tables.find(address) : Optional.empty();
    if (found.isEmpty()) {
      return;
    }
    AddressEntry entry = found.get();
    if (entry.countedSeconds < lastReachedSeconds || entry.countedSeconds == 0) {
      entry.countedSeconds = nowSeconds;
      entry.failures = Math.min(entry.failures + 1, 0xffff);
    }
    contests.end(entry).ifPresent(challenger -> tables.replaceTried(entry, challenger));
  }

  /**
   * Takes down that a dialled address completed a handshake, which moves it to tried. If its place
   * there is held by another one, that one is put up for {@link #contested} and keeps the place
   * until it fails. Never for a peer that dialled us: its address proves nothing.
   *
   * @param services what it offered itself
   */
  public void reached(NetworkAddress address, long services, long nowSeconds) {
    if (!rule.isDialable(address)) {
      return;
    }
    lastReachedSeconds = nowSeconds;
    AddressEntry entry =
        tables
            .find(address)
            .orElseGet(() -> new AddressEntry(address, places.newBucket(address, address)));
    entry.reached(services, nowSeconds);
    contests.end(entry);
    if (!entry.isTried()) {
      moveToTried(entry, nowSeconds);
    }
  }

  /** Takes down that a peer that was reached is still there, as its connection ends. */
  public void stillThere(NetworkAddress address, long nowSeconds) {
    tables
        .find(address)
        .filter(AddressEntry::isTried)
        .ifPresent(entry -> entry.seenSeconds = Math.max(entry.seenSeconds, nowSeconds));
  }

  /**
   * An address to dial.
   *
   * @param fits leaves out what is not wanted: connected, banned, of a group or service that will
   *     not do; asked some thousand times at most, not of each address of a large book
   * @return empty if nothing was found that fits; in a large book the next search may find some
   */
  public Optional<KnownAddress> select(
      Choice choice, Predicate<KnownAddress> fits, long nowSeconds, RandomGenerator random) {
    Predicate<AddressEntry> entryFits = entry -> fits.test(entry.known());
    boolean triedFirst =
        choice == Choice.TRIED || (choice == Choice.EITHER && random.nextBoolean());
    Optional<AddressEntry> first =
        (triedFirst ? tables.tried() : tables.fresh()).choose(entryFits, nowSeconds, random);
    if (first.isEmpty() && choice == Choice.EITHER) {
      first = (triedFirst ? tables.fresh() : tables.tried()).choose(entryFits, nowSeconds, random);
    }
    return first.map(AddressEntry::known);
  }

  /**
   * A tried address whose place another one wants: dial it and tell {@link #reached} or {@link
   * #failed}. If it is connected now, it is reached.
   */
  public Optional<NetworkAddress> contested(RandomGenerator random) {
    return contests.holder(random);
  }

  /**
   * Random addresses worth telling others of. For answers to peers see {@link AddressAnswers}: who
   * may ask again and again learns the whole book.
   *
   * @param most how many at most
   * @param percent at most so much of the book, but 16 in any case
   */
  public List<SeenAddress> sample(int most, int percent, long nowSeconds, RandomGenerator random) {
    int share = (int) ((long) tables.size() * percent / 100);
    int wanted = Math.min(most, Math.max(MIN_SAMPLE, share));
    List<SeenAddress> sample = new ArrayList<>();
    for (int i = 0; i < tables.size() && sample.size() < wanted; i++) {
      tables.swap(i, random.nextInt(i, tables.size()));
      AddressEntry entry = tables.entries().get(i);
      if (!entry.isTerrible(nowSeconds)) {
        sample.add(entry.told());
      }
    }
    return sample;
  }

  /**
   * Forgets what is worthless: hearsay of 30 days ago, what failed 3 times and never answered, what
   * failed 10 times and has not answered for a week. Costs O(n).
   *
   * @return how many were forgotten
   */
  public int expire(long nowSeconds) {
    contests.expire(nowSeconds);
    int before = tables.size();
    for (int i = before - 1; i >= 0; i--) {
      AddressEntry entry = tables.entries().get(i);
      if (entry.isTried() ? entry.isGivenUp(nowSeconds) : entry.isTerrible(nowSeconds)) {
        tables.forget(entry);
      }
    }
    return before - tables.size();
  }

  /** What is known of an address. */
  public Optional<KnownAddress> known(NetworkAddress address) {
    return tables.find(address).map(AddressEntry::known);
  }

  /** Addresses known. */
  public int size() {
    return tables.size();
  }

  /** Addresses that were reached and have a place for it. */
  public int triedSize() {
    return tables.tried().size();
  }

  /** The rule that it groups addresses by. */
  public GroupingRule rule() {
    return rule;
  }

  long k0() {
    return k0;
  }

  long k1() {
    return k1;
  }

  AddressTables tables() {
    return tables;
  }

  private void add(SeenAddress told, NetworkAddress source, long nowSeconds) {
    NetworkAddress address = told.address();
    long believed = believedSeconds(told.seenSeconds(), nowSeconds);
    long penalty = source.equals(address) ? 0 : HEARSAY_PENALTY_SECONDS;
    long counted = Math.max(0, believed - penalty);
    int bucket = places.newBucket(address, source);
    Optional<AddressEntry> found = tables.find(address);
    if (found.isEmpty()) {
      AddressEntry entry = new AddressEntry(address, bucket);
      entry.services = told.services();
      entry.seenSeconds = counted;
      tables.offerNew(entry, bucket, nowSeconds);
      return;
    }
    AddressEntry entry = found.get();
    entry.heard(counted, told.services(), nowSeconds);
    boolean mayHaveMore =
        !entry.isTried()
            && entry.placesInNew() < AddressTables.MAX_NEW_PLACES
            && believed > entry.seenSeconds;
    if (mayHaveMore && places.deservesAnotherPlace(address, bucket, entry.placesInNew())) {
      tables.offerNew(entry, bucket, nowSeconds);
    }
  }

  private static long believedSeconds(long toldSeconds, long nowSeconds) {
    boolean believed = toldSeconds > 0 && toldSeconds <= nowSeconds + MAX_AHEAD_SECONDS;
    return believed ? Math.min(toldSeconds, nowSeconds) : nowSeconds - DISBELIEVED_AGE_SECONDS;
  }

  private void moveToTried(AddressEntry entry, long nowSeconds) {
    Optional<AddressEntry> holder = tables.triedHolder(entry.address());
    if (holder.isEmpty()) {
      tables.takeTried(entry);
      return;
    }
    if (entry.isHomeless()) {
      tables.offerNew(entry, entry.homeBucket(), nowSeconds);
    }
    boolean isStale = nowSeconds - holder.get().successSeconds > FRESH_SECONDS;
    if (isStale && !entry.isHomeless()) {
      contests.challenge(holder.get(), entry, nowSeconds);
    }
  }
}
