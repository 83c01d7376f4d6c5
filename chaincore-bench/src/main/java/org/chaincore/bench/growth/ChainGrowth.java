package org.chaincore.bench.growth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.chaincore.bench.growth.Growth.Series;
import org.chaincore.bench.workload.CoinChain;
import org.chaincore.bench.workload.EmptyBlocks;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderChain;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.PublicKey;
import org.chaincore.core.script.SignatureHasher;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.XOnlyPublicKey;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** What grows with the chain, its coins, and payments. Signatures are taken for good, mostly. */
final class ChainGrowth {
  private static final int LONGEST = 512_000;
  private static final int MINTED = 12_500;

  /** With as little as a store takes, most coins are read from files. */
  private static final Budgets SMALL = new Budgets(8L << 20, 256L << 20, 1_000_000);

  private static final int BLOCKS = 100;
  private static final int PAYMENTS = 58;
  private static final int OUTPUTS_OF_TEN = 20;
  private static final int PAYMENTS_OF_A_REORG = 10;

  private final EmptyBlocks empty = EmptyBlocks.of(LONGEST);
  private final Map<Integer, PaymentBlocks> payments = new HashMap<>();
  private final Map<Integer, PaymentBlocks> deep = new HashMap<>();
  private Object last = "";

  /** What is left when a signature costs nothing: the part that could grow otherwise. */
  private static final SignatureVerifier YES =
      new SignatureVerifier() {
        @Override
        public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
          return true;
        }

        @Override
        public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
          return true;
        }
      };

  void addTo(Map<String, Series> all) {
    all.put("chain_headers", Series.of(16_000, 6, "a header of a chain so long", this::headers));
    all.put("chain_blocks", Series.of(2_000, 6, "an empty block of a chain so long", this::chain));
    all.put("reorganisation", Series.of(8, 6, "a block of so many that leave", this::reorganise));
    all.put("block_connect", Series.of(125, 6, "a payment in a block of so many", this::connect));
    all.put("merkle_root", Series.of(250, 6, "an id of so many", this::merkleRoot));
    all.put("mempool_admit", Series.of(125, 6, "a payment, until there are so many", this::admit));
    all.put(
        "mempool_template", Series.of(125, 6, "a payment in a mempool of so many", this::template));
    all.put(
        "legacy_signatures", Series.of(16, 6, "a P2PKH input of so many, hashed", this::legacy));
    all.put(
        "coins_in_memory",
        Series.once(
            MINTED,
            5,
            "a coin spent and made, of so many there are",
            count -> coins(count, StoreOptions.DEFAULT)));
    all.put(
        "coins_on_disk",
        Series.once(
            MINTED * 8,
            5,
            "the same with a budget that keeps hardly any in memory",
            count -> coins(count, StoreOptions.DEFAULT.withBudgets(SMALL))));
  }

  /** The clock stops when it is done. */
  private long timed(Growth.Cost what, int size) throws Exception {
    long begun = Growth.cpuNanos();
    what.nanos(size);
    return Growth.cpuNanos() - begun;
  }

  private long keep(Object result) {
    last = result;
    return last.hashCode();
  }

  private long headers(int count) throws Exception {
    List<Block> blocks = empty.blocks();
    return timed(
        size -> {
          HeaderChain chain = HeaderChain.on(HeaderTree.of(empty.params()));
          for (int i = 0; i < size; i++) {
            chain.accept(blocks.get(i).header(), empty.nowSeconds());
          }
          return keep(chain.tip());
        },
        count);
  }

  private long chain(int count) throws Exception {
    return timed(size -> keep(empty.connect(size)), count);
  }

  private long reorganise(int depth) throws Exception {
    PaymentBlocks blocks =
        deep.computeIfAbsent(depth, n -> PaymentBlocks.of(n + 1, PAYMENTS_OF_A_REORG));
    ChainEngine engine = blocks.connected(YES);
    Hash256 lowest = blocks.hash(1);
    return timed(
        size ->
            keep(
                engine.invalidate(lowest, blocks.nowSeconds())
                    && engine.reconsider(lowest, blocks.nowSeconds())),
        depth);
  }

  private PaymentBlocks block(int count) {
    return payments.computeIfAbsent(count, n -> PaymentBlocks.of(1, n));
  }

  private long connect(int count) throws Exception {
    var run = block(count).connectUnseen(YES).preparation().prepare();
    return timed(size -> keep(run.run()), count);
  }

  private long admit(int count) throws Exception {
    var run = block(count).admit(YES).preparation().prepare();
    return timed(size -> keep(run.run()), count);
  }

  private long template(int count) throws Exception {
    PaymentBlocks blocks = block(count);
    ChainEngine engine = blocks.waiting(YES);
    KeyPair miner = KeyPair.ofSeed(new byte[32]);
    return timed(
        size ->
            keep(engine.template(miner.payToWitnessPubkeyHash(), Bytes.EMPTY, blocks.nowSeconds())),
        count);
  }

  private long merkleRoot(int count) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    List<Hash256> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(Hash256.ofWords(random.nextLong(), random.nextLong(), i, 1));
    }
    return timed(size -> keep(MerkleTree.root(ids)), count);
  }

  private long legacy(int inputs) throws Exception {
    Bytes script = KeyPair.ofSeed(new byte[32]).payToPubkeyHash().script();
    List<TransactionInput> spending = new ArrayList<>();
    List<TransactionOutput> spent = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      spending.add(TransactionInput.spending(new OutPoint(Hash256.ofWords(1, 2, 3, 4), i)));
      spent.add(new TransactionOutput(1_000, script));
    }
    Transaction transaction =
        Transaction.of(2, spending, List.of(new TransactionOutput(1, script)), 0);
    return timed(
        size -> {
          SignatureHasher hasher = SignatureHasher.of(transaction, spent);
          long sum = 0;
          for (int i = 0; i < size; i++) {
            sum += keep(hasher.legacy(i, script, 1));
          }
          return sum;
        },
        inputs);
  }

  /** A block of the durable store, coins looked up before; as if all coins were used once. */
  private long coins(int count, StoreOptions options) throws Exception {
    Path directory = Files.createTempDirectory("growth");
    CoinChain chain = new CoinChain(count);
    try (DurableChainStore store =
        ChainStoreProvider.find()
            .open(directory.resolve("data"), options.withFsync(FsyncPolicy.GROUPED))) {
      store.load(chain.identity());
      while (chain.coins().size() < count) {
        store.commit(chain.minting(MINTED).commit());
      }
      store.flush();
      long nanos = 0;
      long spent = 0;
      for (int i = 0; i < BLOCKS; i++) {
        CoinChain.Next block = chain.paying(PAYMENTS, OUTPUTS_OF_TEN);
        nanos +=
            timed(
                size -> {
                  block.spent().forEach(at -> keep(store.coin(at)));
                  store.commit(block.commit());
                  return size;
                },
                0);
        spent += block.spent().size();
      }
      return nanos * count / spent;
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
