package org.chaincore.sync.message;

import org.chaincore.core.block.Transaction;

/**
 * A transaction, asked for by {@link GetData}. Source: BIP144.
 *
 * <p>A peer that asks for the plain inventory type gets the encoding without witnesses. What it
 * reads is then a transaction that has none, with witness as everything that was read.
 *
 * @param transaction the transaction
 * @param withWitness whether its witnesses, where it has any, are written
 */
public record TransactionMessage(Transaction transaction, boolean withWitness) implements Message {
  public static final String COMMAND = "tx";

  /** The whole transaction. */
  public TransactionMessage(Transaction transaction) {
    this(transaction, true);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
