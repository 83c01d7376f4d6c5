package org.chaincore.net.http;

import java.util.Optional;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** Who owned what on a chain, and which block has a transaction. Guarded by the index's lock. */
interface Ownership {
  /** What an output script owns and did; empty if the chain never paid to it. */
  Optional<AddressAccount> account(Bytes script);

  /** The block that has a transaction. */
  Optional<HeaderNode> blockOf(Hash256 txid);

  /** What an account has of coinbases above a height. */
  long coinbaseUnitsAbove(int height, AddressAccount account);
}
