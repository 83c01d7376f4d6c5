package org.chaincore.core.ledger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chaincore.core.block.OutPoint;
import org.jspecify.annotations.Nullable;

/**
 * What a block, or a whole reorganisation, changes about the coins of a view below: a layer that
 * reads through to it. Applying several blocks to one layer leaves their net change, so that a coin
 * which appears and goes within them never reaches the store.
 *
 * <p>Not thread-safe; confined to the writer until it is handed to the store, after which nobody
 * changes it.
 */
public final class CoinChanges implements CoinView {
  private final CoinView below;

  /**
   * Null where a coin of the view below is spent. Insertion order, so that a store writes the same
   * every time.
   */
  private Map<OutPoint, @Nullable Coin> changed = new LinkedHashMap<>();

  private CoinChanges(CoinView below) {
    this.below = below;
  }

  /** No change yet to {@code below}. */
  public static CoinChanges on(CoinView below) {
    return new CoinChanges(below);
  }

  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    Coin coin = changed.get(outPoint);
    return coin != null || changed.containsKey(outPoint) ? coin : below.coin(outPoint);
  }

  /** Takes the coin away, and says whether it was created in this layer. */
  boolean spend(OutPoint outPoint) {
    Coin created = changed.put(outPoint, null);
    return created != null;
  }

  void set(OutPoint outPoint, @Nullable Coin coin) {
    changed.put(outPoint, coin);
  }

  /** Takes over what a layer above changed; that layer is of no use any more. */
  void absorb(CoinChanges above) {
    if (changed.isEmpty()) {
      // The one block of an extension: nothing to merge, so nothing is copied.
      changed = above.changed;
    } else {
      changed.putAll(above.changed);
    }
  }

  /**
   * The coins after the change; null where one is gone, which may never have been in the view
   * below. A view of this layer as it is now; asked for again after it has changed.
   */
  public Map<OutPoint, @Nullable Coin> changed() {
    return Collections.unmodifiableMap(changed);
  }

  public boolean isEmpty() {
    return changed.isEmpty();
  }
}
