package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.value.SipKey;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.ShortIds;
import org.jspecify.annotations.Nullable;

/**
 * A block that is being put together from a compact block, our mempool, and what the sender is
 * asked for. Source: BIP152.
 *
 * <p>Six-byte ids collide. Two transactions of ours with one id: neither is taken, the sender is
 * asked. Two places of the block with one id: the compact form is of no use. A transaction of ours
 * that has the id of another one: the Merkle root does not fit in the end, and the whole block has
 * to be asked for; that is nobody's fault.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class PartialBlock {
  private final CompactBlock compact;
  private final @Nullable Transaction[] transactions;
  private final List<Integer> missing;

  /** Which short id belongs to each missing place. */
  private final long[] missingIds;

  private PartialBlock(
      CompactBlock compact,
      @Nullable Transaction[] transactions,
      List<Integer> missing,
      long[] missingIds) {
    this.compact = compact;
    this.transactions = transactions;
    this.missing = missing;
    this.missingIds = missingIds;
  }

  /**
   * What can be filled in at once.
   *
   * @param known the transactions that may be in the block
   * @return empty if the ids of the block are not distinct
   */
  static Optional<PartialBlock> of(CompactBlock compact, Iterable<Transaction> known) {
    SipKey key = compact.key();
    return of(compact, known, transaction -> ShortIds.of(key, transaction.wtxid()));
  }

  /** The same by ids of a test's own, since real ones cannot be made to collide. */
  static Optional<PartialBlock> of(
      CompactBlock compact, Iterable<Transaction> known, ToLongFunction<Transaction> idOf) {
    Transaction[] places = new Transaction[compact.transactionCount()];
    for (CompactBlock.Prefilled prefilled : compact.prefilled()) {
      places[prefilled.index()] = prefilled.transaction();
    }
    Map<Long, Integer> wanted = new HashMap<>();
    int next = 0;
    for (int place = 0; place < places.length; place++) {
      if (places[place] == null && wanted.put(compact.shortIds().at(next++), place) != null) {
        return Optional.empty();
      }
    }
    boolean[] isPrefilled = new boolean[places.length];
    for (CompactBlock.Prefilled prefilled : compact.prefilled()) {
      isPrefilled[prefilled.index()] = true;
    }
    fill(places, wanted, known, idOf);
    List<Integer> missing = new ArrayList<>();
    long[] missingIds = new long[compact.shortIds().count()];
    next = 0;
    for (int place = 0; place < places.length; place++) {
      long id = isPrefilled[place] ? 0 : compact.shortIds().at(next++);
      if (places[place] == null) {
        missingIds[missing.size()] = id;
        missing.add(place);
      }
    }
    return Optional.of(
        new PartialBlock(compact, places, missing, Arrays.copyOf(missingIds, missing.size())));
  }

  private static void fill(
      @Nullable Transaction[] places,
      Map<Long, Integer> wanted,
      Iterable<Transaction> known,
      ToLongFunction<Transaction> idOf) {
    boolean[] isAmbiguous = new boolean[places.length];
    for (Transaction transaction : known) {
      Integer place = wanted.get(idOf.applyAsLong(transaction));
      if (place != null) {
        Transaction before = places[place];
        isAmbiguous[place] |= before != null && !before.wtxid().equals(transaction.wtxid());
        places[place] = transaction;
      }
    }
    for (int place = 0; place < places.length; place++) {
      if (isAmbiguous[place]) {
        places[place] = null;
      }
    }
  }

  /** The places that are empty, ascending. */
  List<Integer> missing() {
    return missing;
  }

  /**
   * Whether these are the transactions of the empty places: one for each, with the id that the
   * compact block gave it. An honest sender's always are, as it reads both from one block.
   */
  boolean isAnsweredBy(List<Transaction> found) {
    if (found.size() != missing.size()) {
      return false;
    }
    SipKey key = compact.key();
    for (int i = 0; i < found.size(); i++) {
      if (ShortIds.of(key, found.get(i).wtxid()) != missingIds[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Fills the empty places.
   *
   * @param found one transaction for each, in order
   * @return the block; empty if these transactions are not those of the header
   */
  Optional<Block> complete(List<Transaction> found) {
    if (found.size() != missing.size()) {
      throw new IllegalArgumentException(
          found.size() + " transactions for " + missing.size() + " places");
    }
    @Nullable Transaction[] all = Arrays.copyOf(transactions, transactions.length);
    for (int i = 0; i < found.size(); i++) {
      all[missing.get(i)] = found.get(i);
    }
    List<Transaction> body = new ArrayList<>(all.length);
    for (Transaction transaction : all) {
      if (transaction == null) {
        throw new IllegalStateException("a place is neither filled nor missing");
      }
      body.add(transaction);
    }
    Block block = new Block(compact.header(), body);
    boolean fits = MerkleTree.root(block.txids()).hash().equals(compact.header().merkleRoot());
    return fits ? Optional.of(block) : Optional.empty();
  }
}
