package org.chaincore.core.pow;

/**
 * The chain below a header that is to be judged, from its parent down as far as headers are known.
 *
 * <p>A view for the length of one call: who is handed one must not keep it. Reads never block and
 * have no effect. {@link #time} and {@link #bits} throw {@link IndexOutOfBoundsException} for a
 * height outside {@link #firstHeight()}..{@link #tipHeight()}. Confined to the call's thread.
 */
public interface Ancestry {
  /** The height of the judged header's parent; the judged header has the next. */
  int tipHeight();

  /**
   * The lowest height whose header is known: 0, or the height of the trusted header that the chain
   * starts from.
   */
  int firstHeight();

  /**
   * The time of the header at {@code height}, in Unix seconds.
   *
   * @throws IndexOutOfBoundsException if that header is not known
   */
  long time(int height);

  /**
   * The compact bits of the header at {@code height}.
   *
   * @throws IndexOutOfBoundsException if that header is not known
   */
  int bits(int height);
}
