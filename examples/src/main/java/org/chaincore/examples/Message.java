package org.chaincore.examples;

import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;

/** What the nodes of the demo say to each other. */
sealed interface Message {
  /**
   * Here is a block.
   *
   * @param block the whole of it
   */
  record HereIsBlock(Block block) implements Message {}

  /**
   * Here is a transaction.
   *
   * @param transaction with its witness
   */
  record HereIsTransaction(Transaction transaction) implements Message {}

  /**
   * Send me this block: it is the parent of one that I have.
   *
   * @param hash the block
   */
  record SendMeBlock(Hash256 hash) implements Message {}
}
