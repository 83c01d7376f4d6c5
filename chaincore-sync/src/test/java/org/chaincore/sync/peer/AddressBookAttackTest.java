package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.sync.peer.PeerFixture.HOUR;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.seen;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.sync.peer.AddressBook.Choice;
import org.junit.jupiter.api.Test;

/** What an attacker with unlimited addresses, but not unlimited networks, gets of a book. */
final class AddressBookAttackTest {
  private static final int HONEST = 100;
  private static final int HONEST_SOURCES = 8;
  private static final int ATTACKER_GROUP = 5_000;
  private static final int FLOOD = 50_000;
  private static final int CHOICES = 2_000;

  @Test
  void add_floodByOneSourceGroupOfAddressesEverywhere_fillsItsBucketsOnly() {
    SeededRun.of(3, FLOOD)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              flood(book, size, PeerFixture::publicAddress, random);

              int attackers = book.size() - HONEST;
              assertThat(attackers)
                  .isLessThanOrEqualTo(BucketPlaces.NEW_BUCKETS_PER_SOURCE_GROUP * Bucket.SLOTS);
              assertThat(shareOf(book, Choice.NEW, random, AddressBookAttackTest::isNotHonest))
                  .isLessThan(0.55);
              BookChecks.check(book);
            });
  }

  @Test
  void add_floodByOneSourceGroupOfItsOwnAddresses_fillsOneBucket() {
    SeededRun.of(3, FLOOD)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              flood(book, size, AddressBookAttackTest::attacker, random);

              assertThat(book.size() - HONEST).isLessThanOrEqualTo(Bucket.SLOTS);
              assertThat(shareOf(book, Choice.NEW, random, AddressBookAttackTest::isAttacker))
                  .isLessThan(0.05);
            });
  }

  @Test
  void add_flood_pushesOutNobodyThatIsGood() {
    SeededRun.of(3, FLOOD)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              List<NetworkAddress> before = addresses(book);
              flood(book, size, PeerFixture::publicAddress, random);

              assertThat(addresses(book)).containsAll(before);
            });
  }

  @Test
  void reached_addressesOfOneGroupThatAllAnswer_fillEightBuckets() {
    SeededRun.of(3, 20_000)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              reachHonest(book, NOW);
              for (int i = 0; i < size; i++) {
                book.reached(attacker(random), Services.NETWORK, NOW + i);
              }

              assertThat(book.triedSize() - HONEST)
                  .isLessThanOrEqualTo(BucketPlaces.TRIED_BUCKETS_PER_GROUP * Bucket.SLOTS);
              assertThat(shareOf(book, Choice.TRIED, random, AddressBookAttackTest::isAttacker))
                  .isLessThan(0.2);
              BookChecks.check(book);
            });
  }

  @Test
  void reached_eclipseByManyGroupsWhoseAddressesAnswer_pushesOutNoTriedOneThatAnswers() {
    SeededRun.of(3, 20_000)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              reachHonest(book, NOW);
              List<NetworkAddress> before = honestTried(book);
              for (int i = 0; i < size; i++) {
                long now = NOW + 5 * HOUR + 30L * i;
                book.reached(PeerFixture.publicAddress(random), Services.NETWORK, now);
                Optional<NetworkAddress> feeler = book.contested(random);
                feeler.ifPresent(
                    holder -> {
                      // Honest nodes answer; the attacker leaves his own to be replaced.
                      if (isHonest(holder)) {
                        book.reached(holder, Services.NETWORK, now);
                      } else {
                        book.failed(holder, true, now);
                      }
                    });
              }

              assertThat(honestTried(book)).containsAll(before);
              BookChecks.check(book);
            });
  }

  @Test
  void select_attackerOfOneGroup_isRarelyChosen() {
    SeededRun.of(3, FLOOD)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              reachHonest(book, NOW);
              for (int i = 0; i < HONEST; i++) {
                book.add(
                    List.of(seen(honest(HONEST + i, random), NOW)),
                    honest(i % HONEST_SOURCES, random),
                    NOW);
              }
              flood(book, size, AddressBookAttackTest::attacker, random);
              for (int i = 0; i < 5_000; i++) {
                book.reached(attacker(random), Services.NETWORK, NOW + i);
              }

              assertThat(shareOf(book, Choice.EITHER, random, AddressBookAttackTest::isAttacker))
                  .isLessThan(0.12);
            });
  }

  @Test
  void sample_afterAFloodByOneGroup_stillTellsOfHonestNodes() {
    SeededRun.of(3, FLOOD)
        .check(
            (random, size) -> {
              AddressBook book = honestBook(random);
              flood(book, size, AddressBookAttackTest::attacker, random);

              assertThat(book.sample(1_000, 23, NOW, random))
                  .filteredOn(told -> isHonest(told.address()))
                  .hasSizeGreaterThan(10);
            });
  }

  /** A book that eight honest sources told of a hundred honest addresses, each of its own group. */
  private static AddressBook honestBook(RandomGenerator random) {
    AddressBook book = AddressBook.of(random.nextLong(), random.nextLong(), GroupingRule.BY_PREFIX);
    int told = 0;
    while (book.size() < HONEST) {
      NetworkAddress source = honest(told % HONEST_SOURCES, random);
      book.add(List.of(seen(honest(told % HONEST, random), NOW)), source, NOW);
      told++;
    }
    return book;
  }

  private static void reachHonest(AddressBook book, long now) {
    addresses(book).forEach(address -> book.reached(address, Services.NETWORK, now));
  }

  private interface Invention {
    NetworkAddress next(RandomGenerator random);
  }

  private static void flood(
      AddressBook book, int size, Invention invention, RandomGenerator random) {
    for (int i = 0; i < size; i++) {
      NetworkAddress told = invention.next(random);
      if (!isHonest(told)) {
        book.add(List.of(seen(told, NOW)), attacker(random), NOW);
      }
    }
  }

  private static double shareOf(
      AddressBook book, Choice choice, RandomGenerator random, Predicate<NetworkAddress> whose) {
    int hits = 0;
    for (int i = 0; i < CHOICES; i++) {
      KnownAddress chosen = book.select(choice, known -> true, NOW, random).orElseThrow();
      hits += whose.test(chosen.address()) ? 1 : 0;
    }
    return (double) hits / CHOICES;
  }

  private static List<NetworkAddress> addresses(AddressBook book) {
    List<NetworkAddress> addresses = new ArrayList<>();
    book.tables().entries().forEach(entry -> addresses.add(entry.address()));
    return addresses;
  }

  private static List<NetworkAddress> honestTried(AddressBook book) {
    return addresses(book).stream()
        .filter(AddressBookAttackTest::isHonest)
        .filter(address -> book.known(address).orElseThrow().isTried())
        .toList();
  }

  private static NetworkAddress honest(int group, RandomGenerator random) {
    return PeerFixture.inGroup(group, random);
  }

  private static NetworkAddress attacker(RandomGenerator random) {
    return PeerFixture.inGroup(ATTACKER_GROUP, random);
  }

  private static boolean isAttacker(NetworkAddress address) {
    return PeerFixture.groupNumber(address) == ATTACKER_GROUP;
  }

  private static boolean isHonest(NetworkAddress address) {
    int group = PeerFixture.groupNumber(address);
    return group >= 0 && group < 2 * HONEST;
  }

  private static boolean isNotHonest(NetworkAddress address) {
    return !isHonest(address);
  }
}
