package org.chaincore.core.ledger;

import java.util.List;

/**
 * What a block destroyed, kept so that a reorganisation can bring it back: the coins it spent that
 * existed before it. What it created need not be kept, the block itself says it. Immutable.
 *
 * @param spent in the order of the inputs that spend them
 */
public record BlockUndo(List<SpentCoin> spent) {
  public static final BlockUndo NOTHING = new BlockUndo(List.of());

  public BlockUndo {
    spent = List.copyOf(spent);
  }
}
