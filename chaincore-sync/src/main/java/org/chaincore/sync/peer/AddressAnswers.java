package org.chaincore.sync.peer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What peers are told that ask for addresses: the same sample for a while, one for each network
 * that peers are on. Asking again, under as many names as one likes, yields nothing new, so nobody
 * reads the whole book or watches its changes to learn who is connected to whom; and a node that is
 * on two networks tells them apart.
 *
 * <p>Not thread-safe; confined to the protocol's thread.
 */
public final class AddressAnswers {
  /** Addresses in one answer; what one message may hold (BIP155). */
  public static final int MAX_ADDRESSES = 1_000;

  /** Of the book in one answer, in percent. */
  public static final int MAX_PERCENT = 23;

  /** A day, for networks on the internet. */
  public static final long DEFAULT_PERIOD_SECONDS = 24 * 60 * 60;

  private record Answer(List<SeenAddress> addresses, long untilSeconds) {}

  private final AddressBook book;
  private final long periodSeconds;
  private final Map<AddressNetwork, Answer> answers = new EnumMap<>(AddressNetwork.class);

  private AddressAnswers(AddressBook book, long periodSeconds) {
    this.book = book;
    this.periodSeconds = periodSeconds;
  }

  /**
   * Answers from a book.
   *
   * @param periodSeconds how long an answer stays the same at least; up to a quarter longer, by
   *     chance, so that nobody knows when to ask
   */
  public static AddressAnswers of(AddressBook book, long periodSeconds) {
    if (periodSeconds < 0) {
      throw new IllegalArgumentException("a period of " + periodSeconds + " s");
    }
    return new AddressAnswers(book, periodSeconds);
  }

  /** The answer for a peer on a network. */
  public List<SeenAddress> answer(AddressNetwork asker, long nowSeconds, RandomGenerator random) {
    Answer answer = answers.get(asker);
    if (answer == null || nowSeconds >= answer.untilSeconds()) {
      long lasts = periodSeconds + random.nextLong(periodSeconds / 4 + 1);
      List<SeenAddress> sample =
          List.copyOf(book.sample(MAX_ADDRESSES, MAX_PERCENT, nowSeconds, random));
      answer = new Answer(sample, nowSeconds + lasts);
      answers.put(asker, answer);
    }
    return answer.addresses();
  }
}
