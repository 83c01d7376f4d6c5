package org.chaincore.sync.message;

import java.util.Arrays;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.SipKey;

/**
 * A block whose transactions are named by short ids, since the receiver has most of them. Source:
 * BIP152, version 2: ids are of wtxids, and transactions come with their witnesses.
 *
 * @param header the block's
 * @param nonce makes the ids of this message differ from those of others
 * @param shortIds of the transactions that are not prefilled, in the order of the block
 * @param prefilled transactions that the receiver is thought not to have, by ascending place
 */
public record CompactBlock(
    BlockHeader header, long nonce, ShortIds shortIds, List<Prefilled> prefilled)
    implements Message {
  public static final String COMMAND = "cmpctblock";

  /** A place in a block has two bytes in BIP152; a longer list could only be a flood. */
  public static final int MAX_TRANSACTIONS = 65_536;

  public CompactBlock {
    Checks.atMost("transactions", (long) shortIds.count() + prefilled.size(), MAX_TRANSACTIONS);
    prefilled = List.copyOf(prefilled);
    Checks.ascendingIndexes(
        "prefilled transaction",
        prefilled.stream().map(Prefilled::index).toList(),
        shortIds.count() + prefilled.size() - 1);
  }

  /**
   * A transaction that comes with the block.
   *
   * @param index its place in the block
   * @param transaction with its witness
   */
  public record Prefilled(int index, Transaction transaction) {}

  /** The compact form of a block, with its coinbase, which no receiver can have. */
  public static CompactBlock of(Block block, long nonce) {
    List<Transaction> all = block.transactions();
    List<Prefilled> prefilled = all.isEmpty() ? List.of() : List.of(new Prefilled(0, all.get(0)));
    List<Hash256> named = all.stream().skip(1).map(Transaction::wtxid).toList();
    SipKey key = key(block.header(), nonce);
    return new CompactBlock(block.header(), nonce, ShortIds.of(key, named), prefilled);
  }

  /** The key of the short ids: from the single SHA-256 of header and nonce. */
  public SipKey key() {
    return key(header, nonce);
  }

  /** How many transactions the block has. */
  public int transactionCount() {
    return shortIds.count() + prefilled.size();
  }

  private static SipKey key(BlockHeader header, long nonce) {
    byte[] salted = Arrays.copyOf(header.toWire(), BlockHeader.BYTES + Long.BYTES);
    LittleEndian.putLong(salted, BlockHeader.BYTES, nonce);
    byte[] hash = Sha256.hash(salted);
    return SipKey.of(LittleEndian.getLong(hash, 0), LittleEndian.getLong(hash, Long.BYTES));
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
