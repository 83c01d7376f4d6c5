package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chaincore.sync.peer.PeerFixture.HOUR;
import static org.chaincore.sync.peer.PeerFixture.MINUTE;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.seen;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Test before evict: two addresses that want the same place among the tried ones. */
final class TriedContestTest {
  private static final long LATER = NOW + 5 * HOUR;

  private final AddressBook book = AddressBook.of(3, 4, GroupingRule.BY_PREFIX);
  private final BucketPlaces places = new BucketPlaces(3, 4, GroupingRule.BY_PREFIX);
  private final RandomGenerator random = new SplittableRandom(1);

  private final NetworkAddress holder = PeerFixture.inGroup(1, random);
  private final NetworkAddress challenger = rivalsOf(holder, 1).get(0);

  @Test
  void reached_placeHeldByAStaleOne_putsTheHolderUp() {
    book.reached(holder, Services.NETWORK, NOW);
    book.reached(challenger, Services.NETWORK, LATER);

    assertThat(book.contested(random)).contains(holder);
    assertThat(isTried(holder)).isTrue();
    assertThat(isTried(challenger)).isFalse();
  }

  @Test
  void reached_placeHeldByAFreshOne_leavesItAlone() {
    book.reached(holder, Services.NETWORK, NOW);
    book.reached(challenger, Services.NETWORK, NOW + 4 * HOUR);

    assertThat(book.contested(random)).isEmpty();
    assertThat(book.known(challenger)).isPresent();
  }

  @Test
  void reached_holderAnswers_keepsItsPlace() {
    contest();
    book.reached(holder, Services.NETWORK, LATER);

    assertThat(book.contested(random)).isEmpty();
    assertThat(isTried(holder)).isTrue();
    assertThat(isTried(challenger)).isFalse();
  }

  @Test
  void failed_holderDoesNotAnswer_losesItsPlaceAndIsHearsayAgain() {
    contest();
    book.failed(holder, true, LATER);

    assertThat(book.contested(random)).isEmpty();
    assertThat(isTried(holder)).isFalse();
    assertThat(isTried(challenger)).isTrue();
    BookChecks.check(book);
  }

  @Test
  void failed_whileOffline_decidesNothing() {
    contest();
    book.failed(holder, false, LATER);

    assertThat(book.contested(random)).contains(holder);
    assertThat(isTried(holder)).isTrue();
  }

  @Test
  void failed_oldPlaceOfTheHolderIsTaken_putsOutWhoIsThere() {
    book.add(List.of(seen(holder, NOW)), holder, NOW);
    book.reached(holder, Services.NETWORK, NOW);
    NetworkAddress squatter = newRivalOf(holder);
    book.add(List.of(seen(squatter, NOW)), squatter, NOW);
    book.reached(challenger, Services.NETWORK, LATER);
    book.failed(holder, true, LATER);

    assertThat(book.known(holder)).isPresent();
    assertThat(book.known(squatter)).isEmpty();
    BookChecks.check(book);
  }

  @Test
  void expire_nobodyDialledTheHolder_leavesItItsPlace() {
    contest();
    book.expire(LATER + 40 * MINUTE);
    assertThat(book.contested(random)).contains(holder);

    book.expire(LATER + 40 * MINUTE + 1);
    assertThat(book.contested(random)).isEmpty();
    book.failed(holder, true, LATER + HOUR);
    assertThat(isTried(holder)).isTrue();
  }

  @Test
  void reached_secondChallenger_waitsForNothing() {
    contest();
    NetworkAddress second = rivalsOf(holder, 2).get(1);
    book.reached(second, Services.NETWORK, LATER);
    book.failed(holder, true, LATER);

    assertThat(isTried(challenger)).isTrue();
    assertThat(isTried(second)).isFalse();
    assertThat(book.contested(random)).isEmpty();
  }

  @Test
  void reached_manyCollisions_tenWaitAtMost() {
    TriedContests contests = new TriedContests();
    for (int i = 0; i < 100; i++) {
      contests.challenge(entry(), entry(), NOW);
    }

    assertThat(contests.size()).isEqualTo(TriedContests.MAX_WAITING);
  }

  @Test
  void forget_challenger_endsItsContest() {
    contest();
    book.tables().forget(book.tables().find(challenger).orElseThrow());

    assertThat(book.contested(random)).isEmpty();
    BookChecks.check(book);
  }

  @Test
  void forget_holder_endsItsContest() {
    contest();
    book.tables().forget(book.tables().find(holder).orElseThrow());

    assertThat(book.contested(random)).isEmpty();
    BookChecks.check(book);
  }

  @Test
  void reached_noPlaceAnywhere_isNotKept() {
    book.reached(holder, Services.NETWORK, NOW);
    for (NetworkAddress rival : rivalsOf(holder, 3)) {
      NetworkAddress squatter = newRivalOf(rival);
      book.add(List.of(seen(squatter, LATER)), squatter, LATER);
      if (book.known(squatter).isPresent()) {
        book.reached(rival, Services.NETWORK, LATER);
        assertThat(book.known(rival)).isEmpty();
      }
    }
    assertThat(book.contested(random)).isEmpty();
    BookChecks.check(book);
  }

  private void contest() {
    book.reached(holder, Services.NETWORK, NOW);
    book.reached(challenger, Services.NETWORK, LATER);
  }

  private boolean isTried(NetworkAddress address) {
    return book.known(address).orElseThrow().isTried();
  }

  private AddressEntry entry() {
    return new AddressEntry(PeerFixture.publicAddress(random), 0);
  }

  /** Addresses that have the same slot in tried. */
  private List<NetworkAddress> rivalsOf(NetworkAddress address, int count) {
    int bucket = places.triedBucket(address);
    int slot = places.triedSlot(address, bucket);
    RandomGenerator search = new SplittableRandom(5);
    List<NetworkAddress> rivals = new ArrayList<>();
    while (rivals.size() < count) {
      NetworkAddress other = PeerFixture.inGroup(1, search);
      if (places.triedBucket(other) == bucket && places.triedSlot(other, bucket) == slot) {
        rivals.add(other);
      }
    }
    return rivals;
  }

  /** An address that has the same slot in new if each tells of itself, and another one in tried. */
  private NetworkAddress newRivalOf(NetworkAddress address) {
    int bucket = places.newBucket(address, address);
    int slot = places.newSlot(address, bucket);
    RandomGenerator search = new SplittableRandom(6);
    while (true) {
      NetworkAddress other = PeerFixture.inGroup(1, search);
      if (places.newBucket(other, other) == bucket
          && places.newSlot(other, bucket) == slot
          && !other.equals(address)) {
        return other;
      }
    }
  }
}
