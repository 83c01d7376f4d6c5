package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.sync.peer.PeerFixture.DAY;
import static org.chaincore.sync.peer.PeerFixture.HOUR;
import static org.chaincore.sync.peer.PeerFixture.MINUTE;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.at;
import static org.chaincore.sync.peer.PeerFixture.seen;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.sync.peer.AddressBook.Choice;
import org.chaincore.sync.peer.KnownAddress.History;
import org.junit.jupiter.api.Test;

final class AddressBookTest {
  private static final NetworkAddress SOURCE = at("9.9.9.9:8333");
  private static final NetworkAddress ONE = at("1.2.3.4:8333");
  private static final NetworkAddress OTHER = at("5.6.7.8:8333");

  private final AddressBook book = AddressBook.of(1, 2, GroupingRule.BY_PREFIX);
  private final RandomGenerator random = new SplittableRandom(1);

  @Test
  void add_unknownAddress_isKnownAsHearsayTwoHoursOlder() {
    assertThat(book.add(List.of(seen(ONE, NOW - HOUR)), SOURCE, NOW)).isEqualTo(1);

    assertThat(book.known(ONE))
        .contains(
            new KnownAddress(
                ONE,
                Services.NETWORK | Services.WITNESS,
                new History(NOW - 3 * HOUR, 0, 0, 0),
                false));
    assertThat(book.size()).isEqualTo(1);
    assertThat(book.triedSize()).isZero();
  }

  @Test
  void add_bySourceItself_isNotOlder() {
    book.add(List.of(seen(ONE, NOW)), ONE, NOW);

    assertThat(history(ONE).seenSeconds()).isEqualTo(NOW);
  }

  @Test
  void add_timeThatCannotBe_countsAsFiveDaysAgo() {
    book.add(List.of(seen(ONE, NOW + 601), seen(OTHER, 0)), ONE, NOW);
    book.add(List.of(seen(at("7.7.7.7:1"), NOW + 600)), at("7.7.7.7:1"), NOW);

    assertThat(history(ONE).seenSeconds()).isEqualTo(NOW - 5 * DAY);
    assertThat(history(OTHER).seenSeconds()).isEqualTo(NOW - 5 * DAY - 2 * HOUR);
    assertThat(history(at("7.7.7.7:1")).seenSeconds()).isEqualTo(NOW);
  }

  @Test
  void add_whereNoNodeCanBe_isPassedOver() {
    List<SeenAddress> told =
        List.of(seen("127.0.0.1:1"), seen("10.0.0.1:1"), seen("192.0.2.1:1"), seen("1.2.3.4:0"));

    assertThat(book.add(told, SOURCE, NOW)).isZero();
    assertThat(book.size()).isZero();
  }

  @Test
  void add_localAddressesByAddress_areKept() {
    AddressBook local = AddressBook.of(1, 2, GroupingRule.BY_ADDRESS);

    assertThat(local.add(List.of(seen("127.0.0.1:1"), seen("10.0.0.1:1")), SOURCE, NOW))
        .isEqualTo(2);
  }

  @Test
  void add_knownAddress_isRefreshedInSteps() {
    book.add(List.of(seen(ONE, NOW)), ONE, NOW);
    book.add(List.of(seen(ONE, NOW + HOUR)), ONE, NOW + HOUR);
    assertThat(history(ONE).seenSeconds()).isEqualTo(NOW);

    book.add(List.of(seen(ONE, NOW + HOUR + 1)), ONE, NOW + HOUR + 1);
    assertThat(history(ONE).seenSeconds()).isEqualTo(NOW + HOUR + 1);

    book.add(List.of(seen(ONE, NOW + DAY)), ONE, NOW + 3 * DAY);
    assertThat(history(ONE).seenSeconds()).isEqualTo(NOW + HOUR + 1);
  }

  @Test
  void add_servicesOfHearsay_areJoinedUntilItWasReached() {
    book.add(List.of(new SeenAddress(ONE, Services.NETWORK, NOW)), SOURCE, NOW);
    book.add(List.of(new SeenAddress(ONE, Services.BLOOM, NOW)), SOURCE, NOW);
    assertThat(book.known(ONE).orElseThrow().services())
        .isEqualTo(Services.NETWORK | Services.BLOOM);

    book.reached(ONE, Services.NETWORK, NOW);
    book.add(List.of(new SeenAddress(ONE, Services.BLOOM, NOW)), SOURCE, NOW);
    assertThat(book.known(ONE).orElseThrow().services()).isEqualTo(Services.NETWORK);
  }

  @Test
  void add_byManySources_givesEightPlacesAtMost() {
    for (int i = 0; i < 20_000; i++) {
      book.add(List.of(seen(ONE, NOW + i)), PeerFixture.inGroup(i % 20_000, random), NOW + i);
    }

    assertThat(entry(ONE).placesInNew()).isBetween(4, 8);
    BookChecks.check(book);
  }

  @Test
  void add_bySameSourceAgain_givesNoOtherPlace() {
    for (int i = 0; i < 1_000; i++) {
      book.add(List.of(seen(ONE, NOW + i)), SOURCE, NOW + i);
    }

    assertThat(entry(ONE).placesInNew()).isEqualTo(1);
  }

  @Test
  void add_nothingNewer_givesNoOtherPlace() {
    book.add(List.of(seen(ONE, NOW)), ONE, NOW);
    for (int i = 0; i < 1_000; i++) {
      book.add(List.of(seen(ONE, NOW)), PeerFixture.inGroup(i, random), NOW);
    }

    assertThat(entry(ONE).placesInNew()).isEqualTo(1);
  }

  @Test
  void reached_hearsay_movesToTried() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);
    book.attempted(ONE, NOW + 1);
    book.failed(ONE, true, NOW + 2);
    book.reached(ONE, Services.NETWORK, NOW + 3);

    assertThat(book.known(ONE))
        .contains(
            new KnownAddress(
                ONE, Services.NETWORK, new History(NOW + 3, NOW + 3, NOW + 3, 0), true));
    assertThat(book.triedSize()).isEqualTo(1);
    BookChecks.check(book);
  }

  @Test
  void reached_unknownAddress_isTriedAtOnce() {
    book.reached(ONE, Services.NETWORK, NOW);
    book.reached(ONE, Services.NETWORK, NOW);

    assertThat(book.triedSize()).isEqualTo(1);
    assertThat(book.size()).isEqualTo(1);
  }

  @Test
  void reached_whereNoNodeCanBe_isPassedOver() {
    book.reached(at("127.0.0.1:1"), Services.NETWORK, NOW);

    assertThat(book.size()).isZero();
  }

  @Test
  void attempted_unknownAddress_changesNothing() {
    book.attempted(ONE, NOW);
    book.failed(ONE, true, NOW);
    book.stillThere(ONE, NOW);

    assertThat(book.size()).isZero();
  }

  @Test
  void failed_whileOffline_isNotCounted() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);
    book.failed(ONE, false, NOW);

    assertThat(history(ONE).failures()).isZero();
  }

  @Test
  void failed_againBeforeAnyoneWasReached_isCountedOnce() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);
    book.failed(ONE, true, NOW + 1);
    book.failed(ONE, true, NOW + 2);
    assertThat(history(ONE).failures()).isEqualTo(1);

    book.reached(OTHER, Services.NETWORK, NOW + 3);
    book.failed(ONE, true, NOW + 4);
    assertThat(history(ONE).failures()).isEqualTo(2);
  }

  @Test
  void stillThere_triedAddress_isSeenNow() {
    book.reached(ONE, Services.NETWORK, NOW);
    book.stillThere(ONE, NOW + HOUR);
    book.stillThere(ONE, NOW + MINUTE);

    assertThat(history(ONE).seenSeconds()).isEqualTo(NOW + HOUR);
  }

  @Test
  void expire_hearsayOfThirtyDaysAgo_isForgotten() {
    book.add(List.of(seen(ONE, NOW)), ONE, NOW);

    assertThat(book.expire(NOW + 30 * DAY)).isZero();
    assertThat(book.expire(NOW + 30 * DAY + 1)).isEqualTo(1);
    assertThat(book.known(ONE)).isEmpty();
    BookChecks.check(book);
  }

  @Test
  void expire_hearsayThatFailedThreeTimes_isForgottenOnceTheAttemptIsOver() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);
    fail(ONE, 3);
    book.attempted(ONE, NOW + 100);

    assertThat(book.expire(NOW + 160)).isZero();
    assertThat(book.expire(NOW + 161)).isEqualTo(1);
    assertThat(book.known(ONE)).isEmpty();
  }

  @Test
  void expire_triedThatFailedTenTimesInAWeek_isForgotten() {
    book.reached(ONE, Services.NETWORK, NOW);
    fail(ONE, 10);

    assertThat(book.expire(NOW + 7 * DAY)).isZero();
    assertThat(book.expire(NOW + 7 * DAY + 1)).isEqualTo(1);
    assertThat(book.triedSize()).isEqualTo(1);
    BookChecks.check(book);
  }

  @Test
  void expire_triedThatNobodyTalksOf_stays() {
    book.reached(ONE, Services.NETWORK, NOW);

    assertThat(book.expire(NOW + 400 * DAY)).isZero();
  }

  @Test
  void expire_clockThatWentBack_forgetsNothing() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);
    book.reached(OTHER, Services.NETWORK, NOW);

    assertThat(book.expire(NOW - 365 * DAY)).isZero();
  }

  @Test
  void select_emptyBook_isNobody() {
    for (Choice choice : Choice.values()) {
      assertThat(book.select(choice, known -> true, NOW, random)).isEmpty();
    }
  }

  @Test
  void select_eachChoice_looksInItsTables() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);
    book.reached(OTHER, Services.NETWORK, NOW);

    for (int i = 0; i < 50; i++) {
      assertThat(chosen(Choice.NEW)).isEqualTo(ONE);
      assertThat(chosen(Choice.TRIED)).isEqualTo(OTHER);
    }
    TreeSet<NetworkAddress> either = new TreeSet<>();
    for (int i = 0; i < 50; i++) {
      either.add(chosen(Choice.EITHER));
    }
    assertThat(either).containsExactly(ONE, OTHER);
  }

  @Test
  void select_nothingFits_isNobody() {
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);

    assertThat(book.select(Choice.EITHER, known -> known.isTried(), NOW, random)).isEmpty();
  }

  @Test
  void select_oneOfThousandsFits_findsItInTheEnd() {
    for (int i = 0; i < 3_000; i++) {
      book.add(
          List.of(seen(PeerFixture.publicAddress(random), NOW)),
          PeerFixture.inGroup(i, random),
          NOW);
    }
    book.add(List.of(seen(ONE, NOW)), SOURCE, NOW);

    assertThat(
            book.select(Choice.EITHER, known -> known.address().equals(ONE), NOW, random)
                .map(KnownAddress::address))
        .contains(ONE);
  }

  @Test
  void select_justDialled_isRarelyChosen() {
    book.add(List.of(seen(ONE, NOW), seen(OTHER, NOW)), SOURCE, NOW);
    book.attempted(ONE, NOW);

    int again = 0;
    for (int i = 0; i < 1_000; i++) {
      again += chosen(Choice.NEW).equals(ONE) ? 1 : 0;
    }
    assertThat(again).isLessThan(50);
  }

  @Test
  void select_failedOften_isChosenLess() {
    book.add(List.of(seen(ONE, NOW), seen(OTHER, NOW)), SOURCE, NOW);
    fail(ONE, 2);

    int failed = 0;
    for (int i = 0; i < 1_000; i++) {
      failed +=
          book.select(Choice.NEW, known -> !known.isTried(), NOW, random)
                  .orElseThrow()
                  .address()
                  .equals(ONE)
              ? 1
              : 0;
    }
    assertThat(failed).isBetween(150, 450);
  }

  @Test
  void sample_smallBook_holdsAllThatIsWorthIt() {
    book.add(List.of(seen(ONE, NOW), seen(OTHER, NOW)), SOURCE, NOW);
    fail(OTHER, 3);

    assertThat(book.sample(1_000, 23, NOW, random))
        .extracting(SeenAddress::address)
        .contains(ONE)
        .doesNotContain(OTHER);
    assertThat(book.sample(1, 23, NOW, random)).hasSize(1);
  }

  @Test
  void sample_largeBook_isAShareOfIt() {
    for (int i = 0; i < 2_000; i++) {
      book.add(
          List.of(seen(PeerFixture.publicAddress(random), NOW)),
          PeerFixture.inGroup(i, random),
          NOW);
    }

    List<SeenAddress> sample = book.sample(1_000, 23, NOW, random);
    assertThat(sample).hasSize(book.size() * 23 / 100).doesNotHaveDuplicates();
    assertThat(book.sample(100, 23, NOW, random)).hasSize(100);
    BookChecks.check(book);
  }

  @Test
  void book_anyOperations_keepsItsTablesInOrder() {
    SeededRun.of(60, 2_000)
        .check(
            (seeded, size) -> {
              AddressBook any = RandomBook.of(seeded, size);
              BookChecks.check(any);
            });
  }

  @Test
  void book_sameSeed_isTheSameToTheByte() {
    byte[] one = BookChecks.bytes(RandomBook.of(new SplittableRandom(7), 2_000));

    assertThat(BookChecks.bytes(RandomBook.of(new SplittableRandom(7), 2_000))).isEqualTo(one);
  }

  /** Fails an address so often that it counts, which takes that others are reached. */
  private void fail(NetworkAddress address, int times) {
    for (int i = 0; i < times; i++) {
      book.reached(at("8.8.8.8:8333"), Services.NETWORK, NOW + 2L * i + 1);
      book.failed(address, true, NOW + 2L * i + 2);
    }
  }

  private NetworkAddress chosen(Choice choice) {
    return book.select(choice, known -> true, NOW, random).orElseThrow().address();
  }

  private History history(NetworkAddress address) {
    return book.known(address).orElseThrow().history();
  }

  private AddressEntry entry(NetworkAddress address) {
    return book.tables().find(address).orElseThrow();
  }
}
