package org.chaincore.core.mining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.MerkleProof;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.mempool.Mempool;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.rules.BlockRules;
import org.chaincore.core.rules.WitnessCommitment;
import org.chaincore.core.script.SignatureOperations;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * The next block of a chain, complete but for the nonce that proves its work: what a miner searches
 * on.
 *
 * <p>When 2³² nonces are used up, {@link #withExtraNonce} or {@link #withTime} give more. Of the
 * Merkle tree only the path from the coinbase to the root is made again, so that takes O(log n)
 * hashes. A later time may need other bits, where the difficulty rule looks at it: a template
 * always carries the bits of its very time.
 *
 * <p>Immutable and thread-safe. Stale as soon as the tip moves; still valid, but perhaps not the
 * best, when the mempool changes.
 */
public final class BlockTemplate {
  /** No version bits are signalled (BIP9). */
  private static final int VERSION = 0x2000_0000;

  /** More transactions than fit any block, to reserve the bytes of their count. */
  private static final int MANY_TRANSACTIONS = 0xffff;

  private final ChainView chain;
  private final Coinbase coinbase;
  private final Transaction coinbaseTransaction;
  private final Selection selection;
  private final BlockHeader header;

  /** What does not depend on extra nonce and time. */
  private record Selection(List<Transaction> transactions, Amount fees, MerkleProof coinbasePath) {}

  private BlockTemplate(
      ChainView chain,
      Coinbase coinbase,
      Transaction coinbaseTransaction,
      Selection selection,
      BlockHeader header) {
    this.chain = chain;
    this.coinbase = coinbase;
    this.coinbaseTransaction = coinbaseTransaction;
    this.selection = selection;
    this.header = header;
  }

  /**
   * Makes the next block: the best of the mempool, its time the clock's or the earliest that the
   * chain allows.
   *
   * @param chain its tip is built on
   * @param mempool as of that tip; called by its writer
   * @param payout who gets subsidy and fees
   * @param extraNonce any bytes, that make the coinbase the miner's own; with the height at most
   *     100
   * @param nowSeconds the node's clock, Unix seconds
   * @throws IllegalStateException if the difficulty rule looks below the trusted header that the
   *     chain starts from
   */
  public static TemplateResult on(
      ChainView chain,
      Mempool mempool,
      SpendableTemplate payout,
      Bytes extraNonce,
      long nowSeconds) {
    long time = Math.max(nowSeconds, chain.medianTimePast() + 1);
    int mostAhead = chain.params().time().maxFutureSeconds() / 2;
    if (time - nowSeconds > mostAhead) {
      return new TemplateResult.TooEarly(time, time - mostAhead);
    }
    List<MempoolEntry> selected = select(chain.params(), mempool, payout);
    return new TemplateResult.Ready(of(chain, selected, payout, extraNonce, time));
  }

  private static List<MempoolEntry> select(
      ChainParams params, Mempool mempool, SpendableTemplate payout) {
    TransactionOutput reward = TransactionOutput.of(Amount.MAX, payout.script());
    Coinbase largest =
        new Coinbase(Integer.MAX_VALUE, reward, Optional.of(WitnessCommitment.output(List.of())));
    long weight =
        (long) params.limits().maxWeight()
            - BlockRules.emptyBlockWeight(MANY_TRANSACTIONS)
            - largest.maxWeight();
    int coinbaseOperations =
        SignatureOperations.legacyCount(payout.script()) * SignatureOperations.LEGACY_COST;
    return mempool.select(
        weight, params.limits().maxSignatureOperationsCost() - (long) coinbaseOperations);
  }

  private static BlockTemplate of(
      ChainView chain,
      List<MempoolEntry> selected,
      SpendableTemplate payout,
      Bytes extraNonce,
      long time) {
    List<Transaction> transactions = selected.stream().map(MempoolEntry::transaction).toList();
    long fees = selected.stream().mapToLong(entry -> entry.fee().units()).sum();
    int height = chain.height() + 1;
    long subsidy = chain.params().emission().subsidy(height).units();
    // No output may be worth more; what is left over nobody gets.
    Amount reward = Amount.of(Math.min(Amount.MAX_UNITS, subsidy + fees));
    Coinbase coinbase =
        new Coinbase(
            height, TransactionOutput.of(reward, payout.script()), commitmentTo(transactions));
    Transaction coinbaseTransaction = coinbase.with(extraNonce);
    List<Hash256> txids = new ArrayList<>(transactions.size() + 1);
    txids.add(coinbaseTransaction.txid());
    transactions.forEach(transaction -> txids.add(transaction.txid()));
    MerkleProof path = MerkleTree.prove(txids, 0);
    BlockHeader header =
        BlockHeader.of(
            VERSION,
            chain.tip().hash(),
            path.rootFrom(coinbaseTransaction.txid()),
            time,
            bits(chain, time),
            0);
    Selection selection = new Selection(transactions, Amount.of(fees), path);
    return new BlockTemplate(chain, coinbase, coinbaseTransaction, selection, header);
  }

  private static Optional<TransactionOutput> commitmentTo(List<Transaction> transactions) {
    return transactions.stream().anyMatch(Transaction::hasWitness)
        ? Optional.of(WitnessCommitment.output(transactions))
        : Optional.empty();
  }

  private static int bits(ChainView chain, long time) {
    return chain
        .nextBits(time)
        .orElseThrow(
            () -> new IllegalStateException("the difficulty after " + chain + " is not known"));
  }

  /** The same block with another coinbase. */
  public BlockTemplate withExtraNonce(Bytes extraNonce) {
    Transaction other = coinbase.with(extraNonce);
    BlockHeader otherHeader =
        BlockHeader.of(
            header.version(),
            header.previous(),
            selection.coinbasePath().rootFrom(other.txid()),
            header.time(),
            header.bits(),
            0);
    return new BlockTemplate(chain, coinbase, other, selection, otherHeader);
  }

  /**
   * The same block at another time, with the bits of that time. That it is not too far ahead of the
   * clock is for the caller to see to.
   *
   * @throws IllegalArgumentException if the chain does not allow a time so early
   */
  public BlockTemplate withTime(long time) {
    if (time <= chain.medianTimePast()) {
      throw new IllegalArgumentException(
          "time " + time + " is not after the median " + chain.medianTimePast());
    }
    BlockHeader otherHeader =
        BlockHeader.of(
            header.version(), header.previous(), header.merkleRoot(), time, bits(chain, time), 0);
    return new BlockTemplate(chain, coinbase, coinbaseTransaction, selection, otherHeader);
  }

  /** What to search a nonce for; its own nonce is 0. */
  public BlockHeader header() {
    return header;
  }

  public int height() {
    return chain.height() + 1;
  }

  /** What the transactions leave to the miner. */
  public Amount fees() {
    return selection.fees();
  }

  /** What the coinbase pays out. */
  public Amount reward() {
    return Amount.of(coinbase.reward().units());
  }

  public Transaction coinbase() {
    return coinbaseTransaction;
  }

  /** The transactions after the coinbase. */
  public List<Transaction> transactions() {
    return selection.transactions();
  }

  /** The whole block with this nonce, whether or not that proves its work. */
  public Block block(int nonce) {
    List<Transaction> all = new ArrayList<>(selection.transactions().size() + 1);
    all.add(coinbaseTransaction);
    all.addAll(selection.transactions());
    return new Block(header.withNonce(nonce), all);
  }

  @Override
  public String toString() {
    return "template of height " + height() + " with " + transactions().size() + " transactions";
  }
}
