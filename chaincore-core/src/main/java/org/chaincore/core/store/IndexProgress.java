package org.chaincore.core.store;

/**
 * How far an index is. Immutable.
 *
 * @param indexedHeight it knows the chain up to this height
 * @param tipHeight the height of the chain
 */
public record IndexProgress(int indexedHeight, int tipHeight) {
  /** Whether it knows the whole chain. Until then what it does not find may be there. */
  public boolean isComplete() {
    return indexedHeight == tipHeight;
  }
}
