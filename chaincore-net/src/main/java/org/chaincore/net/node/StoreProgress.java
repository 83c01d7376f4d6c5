package org.chaincore.net.node;

import java.util.Optional;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.IndexProgress;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do for the store in the background. Immutable.
 *
 * @param indexes how far the indexes are; complete if there are none
 * @param snapshot the snapshot that the store began from; null if it began from genesis
 * @param stopped why nothing more is done, or no more than indexes are built, until the node is
 *     started again; null if that is not so
 */
public record StoreProgress(
    IndexProgress indexes, @Nullable Snapshot snapshot, @Nullable String stopped) {
  /**
   * A snapshot that a store began from.
   *
   * @param height the height of its block
   * @param verdict what is known of it
   * @param validatedHeight up to which height the chain below it has been validated
   * @param isChecked whether that is done; not where the node has no place for a second store
   */
  public record Snapshot(int height, Verdict verdict, int validatedHeight, boolean isChecked) {
    private String sentence() {
      return switch (verdict) {
        case CONFIRMED -> "";
        case REFUTED ->
            "the store began from a snapshot that is not what the chain up to height "
                + height
                + " leaves: do not trust its coins";
        case TRUSTED ->
            isChecked
                ? "validating the chain below the snapshot: "
                    + validatedHeight
                    + " of "
                    + height
                    + " blocks"
                : "the chain below the snapshot of height " + height + " is not validated";
      };
    }
  }

  /** Whether the store stands on coins that the chain does not leave. */
  public boolean isRefuted() {
    return snapshot != null && snapshot.verdict == Verdict.REFUTED;
  }

  /** The same for a person, a sentence without its full stop; empty if there is nothing to say. */
  public Optional<String> sentence() {
    String ofSnapshot = snapshot == null ? "" : snapshot.sentence();
    if (stopped != null && !isRefuted()) {
      return Optional.of(stopped);
    }
    if (!ofSnapshot.isEmpty()) {
      return Optional.of(ofSnapshot);
    }
    return indexes.isComplete()
        ? Optional.empty()
        : Optional.of(
            "building indexes: "
                + indexes.indexedHeight()
                + " of "
                + indexes.tipHeight()
                + " blocks");
  }
}
