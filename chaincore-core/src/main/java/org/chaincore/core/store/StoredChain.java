package org.chaincore.core.store;

import java.util.List;
import org.chaincore.core.value.Hash256;

/**
 * All that a store knows of the chain when it is opened. Immutable.
 *
 * @param headers every header except genesis, parents before children, in the order in which they
 *     were committed
 * @param tip the block whose coins the store holds; genesis if none was connected
 */
public record StoredChain(List<StoredHeader> headers, Hash256 tip) {
  public StoredChain {
    headers = List.copyOf(headers);
  }
}
