package org.chaincore.net.http;

import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderNode;

/** Where {@link Ownership} is had from. Guarded by the index's lock. */
interface OwnershipSource {
  /**
   * Comes as near to the chain as it can in one call.
   *
   * @return the tip of the chain that it knows
   * @throws ApiFault if it is not there yet, or has given up
   */
  HeaderNode follow();

  /** What is true where {@link #follow} has come to. */
  Ownership at(HeaderNode tip);

  /** Whether what was said since {@link #follow} is of that chain, and of no other. */
  boolean isStillAt(HeaderNode tip);

  /** An output of the chain that is not spent on it; one that is may be found too. */
  Optional<TransactionOutput> output(OutPoint outPoint);
}
