package org.chaincore.sync.peer;

import static org.chaincore.sync.peer.PeerFixture.DAY;
import static org.chaincore.sync.peer.PeerFixture.NOW;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.sync.peer.AddressBook.Choice;

/** Address books after random operations, among few groups so that places are fought for. */
final class RandomBook {
  private static final int GROUPS = 6;
  private static final long STEP_SECONDS = 600;

  private RandomBook() {}

  static AddressBook of(RandomGenerator random, int operations) {
    AddressBook book = AddressBook.of(random.nextLong(), random.nextLong(), GroupingRule.BY_PREFIX);
    run(book, random, operations);
    return book;
  }

  /** The time after so many operations, at the latest. */
  static long timeAfter(int operations) {
    return NOW + STEP_SECONDS * operations;
  }

  static void run(AddressBook book, RandomGenerator random, int operations) {
    List<NetworkAddress> known = new ArrayList<>();
    known.add(PeerFixture.publicAddress(random));
    for (int i = 0; i < operations; i++) {
      long now = NOW + STEP_SECONDS * i;
      NetworkAddress one = known.get(random.nextInt(known.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          NetworkAddress told =
              random.nextInt(4) == 0 ? one : PeerFixture.inGroup(random.nextInt(GROUPS), random);
          NetworkAddress source = PeerFixture.inGroup(random.nextInt(100), random);
          long seen = now - random.nextLong(40 * DAY) + DAY;
          book.add(List.of(new SeenAddress(told, random.nextInt(16), seen)), source, now);
          known.add(told);
        }
        case 2 -> book.attempted(one, now);
        case 3 -> book.failed(one, random.nextInt(4) != 0, now);
        case 4 -> {
          NetworkAddress reached =
              random.nextBoolean() ? one : PeerFixture.inGroup(random.nextInt(2), random);
          book.reached(reached, random.nextInt(16), now);
          known.add(reached);
        }
        case 5 -> book.contested(random).ifPresent(holder -> book.failed(holder, true, now));
        case 6 -> {
          book.stillThere(one, now);
          book.sample(30, 23, now, random);
        }
        default -> {
          if (random.nextInt(50) == 0) {
            book.expire(now);
          } else {
            book.select(Choice.EITHER, address -> true, now, random)
                .ifPresent(chosen -> book.attempted(chosen.address(), now));
          }
        }
      }
    }
  }
}
