package org.chaincore.core.engine;

import org.chaincore.core.chain.HeaderOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What comes of offering a run of headers: it is taken up to the first that is not good.
 *
 * @param added how many were good and new
 * @param known how many were there
 * @param stoppedBy what the first bad or unconnected header came to; null if all were good
 */
public record HeadersOutcome(int added, int known, @Nullable HeaderOutcome stoppedBy) {
  public boolean isComplete() {
    return stoppedBy == null;
  }
}
