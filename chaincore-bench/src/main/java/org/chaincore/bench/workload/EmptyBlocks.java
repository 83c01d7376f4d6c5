package org.chaincore.bench.workload;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.rules.CoinbaseScript;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Target;

/** A chain of blocks with nothing but a coinbase: what every block costs at least. */
public final class EmptyBlocks {
  private static final int BITS = 0x207fffff;
  private static final long START = 1_800_000_000L;

  private final ChainParams params =
      ChainParams.builder("empty", 0x656d7074)
          .work(Target.ofBits(BITS), new FixedDifficulty(BITS))
          .genesis("ChainCore bench", START, BITS)
          .emission(Amount.ofCoins(1), 10_000_000, 1)
          .build();
  private final List<Block> blocks = new ArrayList<>();

  private EmptyBlocks(int count) {
    Bytes script = KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash().script();
    BlockHeader tip = params.genesis().header();
    for (int height = 1; height <= count; height++) {
      Transaction coinbase =
          Transaction.of(
              2,
              List.of(
                  new TransactionInput(
                      OutPoint.NULL,
                      CoinbaseScript.of(height, Bytes.EMPTY),
                      TransactionInput.FINAL_SEQUENCE,
                      Witness.EMPTY)),
              List.of(TransactionOutput.of(Amount.ofCoins(1), script)),
              0);
      Block block = mine(tip, coinbase);
      blocks.add(block);
      tip = block.header();
    }
  }

  /** A chain of so many blocks above genesis, a second apart. */
  public static EmptyBlocks of(int count) {
    return new EmptyBlocks(count);
  }

  private static Block mine(BlockHeader parent, Transaction coinbase) {
    BlockHeader header =
        BlockHeader.of(
            4,
            parent.hash(),
            MerkleTree.root(List.of(coinbase.txid())).hash(),
            parent.time() + 1,
            BITS,
            0);
    NonceSearch.Result result = NonceSearch.search(header, NonceRange.ALL, () -> false);
    return new Block(((NonceSearch.Found) result).header(), List.of(coinbase));
  }

  public ChainParams params() {
    return params;
  }

  public List<Block> blocks() {
    return blocks;
  }

  /** A clock that none of the blocks is ahead of, Unix seconds. */
  public long nowSeconds() {
    return START + blocks.size() + 1;
  }

  /** An engine with nothing but genesis, on the heap. */
  public ChainEngine begin() {
    return ChainEngine.open(EngineSetup.inMemory(params).withLimits(PolicyLimits.DEFAULT));
  }

  /** An engine that has connected all blocks. */
  public ChainEngine connectAll() {
    return connect(blocks.size());
  }

  /** An engine that has connected the first blocks, so many. */
  public ChainEngine connect(int count) {
    ChainEngine engine = begin();
    for (Block block : blocks.subList(0, count)) {
      if (!(engine.accept(block, 0, nowSeconds()) instanceof BlockOutcome.Accepted)) {
        throw new IllegalStateException("block " + block.hash() + " was not accepted");
      }
    }
    return engine;
  }
}
