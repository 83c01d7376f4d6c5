package org.chaincore.core.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.value.Hash256;

/**
 * Where a chain is kept: the port that a host or another module implements.
 *
 * <p><b>Threads.</b> {@link #load} and {@link #commit} are called by one thread at a time, the
 * engine's writer, which holds the CHAIN lock. The look-ups are called by any thread, also while a
 * commit runs; they see it whole or not at all for each single key.
 *
 * <p><b>Blocking.</b> Every call may block for as long as a disk does. No call waits for the
 * engine.
 *
 * <p><b>Durability.</b> When {@link #commit} has returned, the change survives what the store
 * promises to survive, and only then does the engine let anyone see it. When it throws, none of the
 * change is there.
 *
 * <p><b>Errors.</b> Every method throws {@link StoreException} if the store is broken or closed,
 * never for a bad block.
 */
public interface ChainStore extends CoinView, AutoCloseable {
  /**
   * What the store holds, called before anything else. Called again, it says what the store holds
   * by then.
   *
   * <p>A new store takes the identity as its own and keeps it as durably as the chain; its tip is
   * the identity's genesis. A store that has one refuses every other, by {@link
   * ChainIdentity#requireSame}, and is then as it was: a chain that was judged by other rules is
   * never read as one of this network, even if both begin with the same genesis.
   *
   * @param identity the network that is to be run on the store
   * @throws StoreException if the store holds the chain of another genesis or of other consensus
   *     parameters; the message names which differs
   */
  StoredChain load(ChainIdentity identity);

  /** Makes one change, whole or not at all. */
  void commit(ChainCommit commit);

  /** The block, if its body was committed and not pruned since. Genesis is not kept. */
  Optional<Block> block(Hash256 hash);

  /**
   * The txids of a block in their order, for proofs of inclusion: also of one whose body was
   * pruned.
   */
  default Optional<List<Hash256>> txids(Hash256 hash) {
    return block(hash).map(Block::txids);
  }

  /** Where transactions are, if the store keeps that. */
  default Optional<TransactionIndex> transactionIndex() {
    return Optional.empty();
  }

  /** Which outputs pay to a script, if the store keeps that. */
  default Optional<AddressIndex> addressIndex() {
    return Optional.empty();
  }

  /**
   * Takes the indexes further, where one was switched on for a chain that was there before. Every
   * commit takes them a little further; a node that wants them soon calls this until they are
   * complete. What was done is kept when the store is closed. May be called by any thread.
   *
   * @param mostBlocks how many blocks to index at most; commits wait meanwhile
   * @return how far they are: the one that is least far
   */
  default IndexProgress buildIndexes(int mostBlocks) {
    return new IndexProgress(0, 0);
  }

  /** All coins at once, if the store can give them out. */
  default Optional<CoinSnapshots> snapshots() {
    return Optional.empty();
  }

  /** Which bodies there still are. Never blocks. */
  default BodyRetention retention() {
    return BodyRetention.EVERYTHING;
  }

  /**
   * Puts a body in the place of one that is damaged or gone. It must be judged before, by the rules
   * of a block alone: its hash says nothing of its witnesses.
   *
   * @param body the body as it was
   * @return false if the store has no such block, or has it undamaged, or has pruned it
   */
  default boolean repair(Block body) {
    return false;
  }

  /**
   * The blocks whose bodies the store has found to be damaged or gone in work of its own, such as
   * building an index, where no caller of {@link #block} was told, and that were not repaired
   * since. Never blocks.
   */
  default Set<Hash256> damagedBlocks() {
    return Set.of();
  }

  /** What undoes the block, if it is on the chain. */
  Optional<BlockUndo> undo(Hash256 hash);

  /** How many coins there are. */
  long coinCount();

  /**
   * Gives up what the store holds of the machine; calling it again does nothing. Whether a closed
   * store can be loaded again is for the store to say.
   */
  @Override
  void close();
}
