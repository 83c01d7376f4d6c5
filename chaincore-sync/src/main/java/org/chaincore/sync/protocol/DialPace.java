package org.chaincore.sync.protocol;

import org.chaincore.sync.peer.AddressBook;

/**
 * How fast a node dials: the more it lacks peers the faster, and the slower the longer nobody
 * answers.
 *
 * <p>Not thread-safe; confined to {@link ConnectionKeeper}.
 */
final class DialPace {
  /** Between what came of a dialling and the next look. */
  static final long PACE_MILLIS = 500;

  /** Between two looks when nobody was found to dial, and the node lacks peers. */
  static final long HURRIED_MILLIS = 5_000;

  /** Between two looks when nobody was found to dial. */
  static final long SEARCH_MILLIS = 30_000;

  /** Dialled at once: what came of one is known before the next. */
  static final int MAX_DIALS = 2;

  /** Dialled at once while the node lacks peers. */
  static final int MAX_HURRIED_DIALS = 8;

  /** An address that was dialled is left alone so long, doubled with each failure. */
  static final long RETRY_SECONDS = 30;

  /** The same while the node lacks peers. */
  static final long HURRIED_RETRY_SECONDS = 10;

  /** While nobody at all answers the book counts no failures; then this is doubled instead. */
  private static final int MAX_RETRY_DOUBLINGS = 4;

  /** The pace halves with so many failures in a row, and so often at most. */
  private static final int FAILURES_A_HALVING = 16;

  private static final int MAX_HALVINGS = 6;

  private final ConnectionFigures figures;
  private final AddressBook book;

  DialPace(ConnectionFigures figures, AddressBook book) {
    this.figures = figures;
    this.book = book;
  }

  /** How many may be dialled at once. */
  static int mostDials(boolean isHurried) {
    return isHurried ? MAX_HURRIED_DIALS : MAX_DIALS;
  }

  /** How long to wait when nobody was found to dial. */
  static long searchMillis(boolean isHurried) {
    return isHurried ? HURRIED_MILLIS : SEARCH_MILLIS;
  }

  /** How long an address is left alone that was dialled. */
  long retrySeconds(boolean isHurried) {
    int failedRounds = figures.failuresInARow() / Math.max(1, book.size());
    return isHurried
        ? HURRIED_RETRY_SECONDS << Math.min(failedRounds, MAX_RETRY_DOUBLINGS)
        : RETRY_SECONDS;
  }

  /** How long to wait after something came of a dialling. */
  long millis() {
    return PACE_MILLIS << Math.min(figures.failuresInARow() / FAILURES_A_HALVING, MAX_HALVINGS);
  }
}
