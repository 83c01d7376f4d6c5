package org.chaincore.core.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.value.Hash256;

/**
 * Gives out all coins of a store at once, and begins a store from such a set. For {@code
 * org.chaincore.core.archive}, which checks what it reads; a store believes what it is given.
 *
 * <p>Every method may block for as long as a disk does, may be called by any thread, and throws
 * {@link StoreException} if the store is broken or closed.
 */
public interface CoinSnapshots {
  /** The order of coins: by the bytes of the txid as on the wire, then by the unsigned index. */
  Comparator<OutPoint> ORDER =
      (a, b) -> {
        int byTxid = Arrays.compareUnsigned(a.txid().toWire(), b.txid().toWire());
        return byTxid != 0 ? byTxid : Integer.compareUnsigned(a.index(), b.index());
      };

  /**
   * A coin and its name. Immutable.
   *
   * @param outPoint the output
   * @param coin the coin
   */
  record Entry(OutPoint outPoint, Coin coin) {}

  /** Takes the coins. */
  interface Sink {
    /**
     * Called first.
     *
     * @param tip the block that leaves these coins
     * @param height its height
     * @param count how many there are
     */
    void begin(Hash256 tip, int height, long count);

    /** Called for each coin, in their {@link #ORDER}. */
    void coin(OutPoint outPoint, Coin coin);
  }

  /** Hands out all coins, as they are at one moment. Commits go on meanwhile. */
  void read(Sink sink);

  /**
   * Begins a store from a set of coins. The store must be new but for headers. After it, {@link
   * ChainStore#load} gives a chain whose tip is the last header, all of whose bodies are pruned. If
   * the iterator throws, or the process ends, the store is as it was.
   *
   * <p>To be called before an engine is opened on the store.
   *
   * @param chain the headers from height 1 to the block of the coins
   * @param coins in their {@link #ORDER}
   * @param origin what the host believed
   * @throws IllegalStateException if the store has a chain already
   */
  void restore(List<BlockHeader> chain, Iterator<Entry> coins, Origin origin);

  /** What the store began from; empty if from genesis. */
  Optional<Origin> origin();

  /** Remembers what came of validating the chain below the snapshot. */
  void judge(Verdict verdict);

  /**
   * What a store began from. Immutable.
   *
   * @param block the block whose coins they were
   * @param height its height
   * @param coins the hash of the coins
   * @param verdict what is known of them
   */
  record Origin(Hash256 block, int height, Hash256 coins, Verdict verdict) {
    public Origin with(Verdict newVerdict) {
      return new Origin(block, height, coins, newVerdict);
    }
  }

  /** What is known of the coins that a store began from. */
  enum Verdict {
    /** The host trusts their hash; the chain below was not validated. */
    TRUSTED,
    /** The chain below was validated, and leaves these coins. */
    CONFIRMED,
    /** The chain below was validated, and leaves others, or is invalid: whoever made them lied. */
    REFUTED
  }
}
