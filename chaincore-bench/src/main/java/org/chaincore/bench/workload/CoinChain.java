package org.chaincore.bench.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.SpentCoin;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainCommit.ConnectedBlock;
import org.chaincore.core.store.ChainCommit.TipMove;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Commits as an engine makes them, of blocks that nobody judged: the store does not look at proof
 * of work or signatures. Payments have the size of real ones and spend coins that a seed chooses
 * among all there are. Not thread-safe.
 */
public final class CoinChain {
  private static final int SIGNATURE_BYTES = 71;
  private static final int KEY_BYTES = 33;
  private static final int BITS = 0x207fffff;

  /** A block and what is asked of the store about it. */
  public record Next(
      Block block, List<OutPoint> spent, Map<OutPoint, Coin> created, ChainCommit commit) {}

  private final SplittableRandom random;
  private final List<OutPoint> coins = new ArrayList<>();
  private final Map<Integer, Coin> coinOfHeight = new HashMap<>();
  private final List<Integer> heights = new ArrayList<>();
  private final Witness witness;
  private final Hash256 genesis = Hash256.ofWords(1, 2, 3, 4);
  private Hash256 tip = genesis;
  private int height;

  /** A chain that has nothing but its genesis. */
  public CoinChain(long seed) {
    this.random = new SplittableRandom(seed);
    byte[] signature = new byte[SIGNATURE_BYTES];
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(signature);
    random.nextBytes(key);
    this.witness = Witness.of(Bytes.of(signature), Bytes.of(key));
  }

  /** What the store is told first. */
  public ChainIdentity identity() {
    return new ChainIdentity(genesis, Hash256.ofWords(5, 6, 7, 8));
  }

  /** Coins that are there. */
  public List<OutPoint> coins() {
    return coins;
  }

  /** A block that creates so many coins and spends none. */
  public Next minting(int outputs) {
    Coin coin = newCoin();
    return next(List.of(transaction(List.of(OutPoint.NULL), outputs, coin)), List.of(), coin);
  }

  /** A block of payments, each of two coins into two, but that every tenth has three outputs. */
  public Next paying(int payments, int outputsOfTenPayments) {
    Coin coin = newCoin();
    List<Transaction> transactions = new ArrayList<>();
    List<SpentCoin> spent = new ArrayList<>();
    transactions.add(transaction(List.of(OutPoint.NULL), 1, coin));
    for (int i = 0; i < payments; i++) {
      List<OutPoint> inputs = List.of(take(spent), take(spent));
      int more = i % 10 < outputsOfTenPayments % 10 ? 1 : 0;
      transactions.add(transaction(inputs, outputsOfTenPayments / 10 + more, coin));
    }
    return next(transactions, spent, coin);
  }

  private OutPoint take(List<SpentCoin> spent) {
    int which = random.nextInt(coins.size());
    int last = coins.size() - 1;
    OutPoint at = coins.get(which);
    Coin coin = Objects.requireNonNull(coinOfHeight.get(heights.get(which)));
    spent.add(new SpentCoin(at, coin));
    coins.set(which, coins.get(last));
    heights.set(which, heights.get(last));
    coins.remove(last);
    heights.remove(last);
    return at;
  }

  private Coin newCoin() {
    byte[] script = new byte[22];
    random.nextBytes(script);
    script[0] = 0;
    script[1] = 20;
    Coin coin = new Coin(new TransactionOutput(123_456_789L, Bytes.of(script)), height + 1, false);
    coinOfHeight.put(height + 1, coin);
    return coin;
  }

  private Transaction transaction(List<OutPoint> inputs, int outputs, Coin coin) {
    List<TransactionInput> spending = new ArrayList<>();
    for (OutPoint input : inputs) {
      spending.add(
          input.equals(OutPoint.NULL)
              ? TransactionInput.spending(input)
              : TransactionInput.spending(input).withWitness(witness));
    }
    List<TransactionOutput> paid = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      paid.add(coin.output());
    }
    return Transaction.of(2, spending, paid, height + 1L);
  }

  private Next next(List<Transaction> transactions, List<SpentCoin> spent, Coin coin) {
    height++;
    Hash256 root = MerkleTree.root(transactions.stream().map(Transaction::txid).toList()).hash();
    BlockHeader header = BlockHeader.of(4, tip, root, 1_800_000_000L + height, BITS, 0);
    Block block = new Block(header, transactions);
    tip = block.hash();
    Map<OutPoint, @Nullable Coin> changes = new HashMap<>();
    Map<OutPoint, Coin> created = new HashMap<>();
    List<OutPoint> gone = new ArrayList<>();
    for (SpentCoin each : spent) {
      changes.put(copy(each.outPoint()), null);
      gone.add(each.outPoint());
    }
    for (Transaction transaction : transactions) {
      for (int i = 0; i < transaction.outputs().size(); i++) {
        OutPoint at = transaction.outPoint(i);
        changes.put(copy(at), copy(coin));
        created.put(at, coin);
        coins.add(at);
        heights.add(height);
      }
    }
    ConnectedBlock connected = new ConnectedBlock(tip, height, new BlockUndo(spent));
    ChainCommit commit =
        ChainCommit.create()
            .header(header)
            .block(block)
            .moveTip(new TipMove(List.of(), List.of(connected), changes, tip));
    return new Next(block, gone, created, commit);
  }

  /** The store shares no object with the chain that made it, so that its heap can be told apart. */
  private static OutPoint copy(OutPoint at) {
    return new OutPoint(Hash256.ofWire(at.txid().toWire()), at.index());
  }

  private static Coin copy(Coin coin) {
    Bytes script = Bytes.of(coin.output().script().toArray());
    return new Coin(
        new TransactionOutput(coin.output().units(), script), coin.height(), coin.isCoinbase());
  }
}
