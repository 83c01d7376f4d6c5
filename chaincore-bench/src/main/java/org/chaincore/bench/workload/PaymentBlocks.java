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
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.rules.CoinbaseScript;
import org.chaincore.core.rules.WitnessCommitment;
import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.PublicKey;
import org.chaincore.core.script.SignatureHasher;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.SignatureWorkers;
import org.chaincore.core.script.Signer;
import org.chaincore.core.script.TransactionSigner;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;

/**
 * Blocks full of P2WPKH payments, each of one input and one output, that spend the payments of the
 * block before.
 */
public final class PaymentBlocks {
  private static final int BITS = 0x207fffff;
  private static final long START = 1_800_000_000L;
  private static final int BLOCK_SECONDS = 600;
  private static final int FEE = 1_000;

  private final ChainParams params =
      ChainParams.builder("bench", 0x62636e68)
          .work(Target.ofBits(BITS), new FixedDifficulty(BITS))
          .genesis("ChainCore bench", START - BLOCK_SECONDS, BITS)
          .emission(Amount.ofCoins(50), 210_000, 1)
          .build();
  private final KeyPair key = KeyPair.ofSeed(new byte[32]);
  private final TransactionSigner signer = TransactionSigner.of(Signer.best());
  private final int paymentsPerBlock;
  private final Block funding;
  private final List<Block> blocks = new ArrayList<>();
  private final List<SignedDigest> signatures = new ArrayList<>();

  /** One signature check, ready to be made. */
  private record SignedDigest(PublicKey key, EcdsaSignature signature, Hash256 digest) {}

  private PaymentBlocks(int paymentsPerBlock) {
    this.paymentsPerBlock = paymentsPerBlock;
    List<TransactionOutput> outputs = new ArrayList<>();
    Amount share = Amount.of(Amount.ofCoins(50).units() / paymentsPerBlock);
    Bytes script = key.payToWitnessPubkeyHash().script();
    for (int i = 0; i < paymentsPerBlock; i++) {
      outputs.add(TransactionOutput.of(share, script));
    }
    this.funding = mine(params.genesis().header(), 1, outputs, List.of());
  }

  public static PaymentBlocks of(int blockCount, int paymentsPerBlock) {
    PaymentBlocks made = new PaymentBlocks(paymentsPerBlock);
    List<Coin> coins = made.coinsOf(List.of(made.funding.transactions().get(0)));
    BlockHeader tip = made.funding.header();
    for (int i = 0; i < blockCount; i++) {
      List<Transaction> payments = coins.stream().map(made::pay).toList();
      List<TransactionOutput> nothing =
          List.of(TransactionOutput.of(Amount.ZERO, made.key.payToWitnessPubkeyHash().script()));
      Block block = made.mine(tip, i + 2, nothing, payments);
      made.blocks.add(block);
      coins = made.coinsOf(payments);
      tip = block.header();
    }
    return made;
  }

  private record Coin(OutPoint outPoint, TransactionOutput output) {}

  private List<Coin> coinsOf(List<Transaction> transactions) {
    List<Coin> coins = new ArrayList<>();
    for (Transaction transaction : transactions) {
      for (int i = 0; i < Math.min(paymentsPerBlock, transaction.outputs().size()); i++) {
        TransactionOutput output = transaction.outputs().get(i);
        if (output.units() > 0) {
          coins.add(new Coin(transaction.outPoint(i), output));
        }
      }
    }
    return coins;
  }

  private Transaction pay(Coin coin) {
    TransactionOutput paid = new TransactionOutput(coin.output.units() - FEE, coin.output.script());
    Transaction unsigned =
        Transaction.of(2, List.of(TransactionInput.spending(coin.outPoint)), List.of(paid), 0);
    List<TransactionOutput> spent = List.of(coin.output);
    Transaction signed = signer.sign(unsigned, 0, spent, key);
    Bytes signature = signed.inputs().get(0).witness().stack().get(0);
    Hash256 digest =
        SignatureHasher.of(signed, spent)
            .witnessV0(
                0, key.payToPubkeyHash().script(), signature.unsignedAt(signature.length() - 1));
    signatures.add(
        new SignedDigest(
            key.publicKey(),
            EcdsaSignature.parseDer(signature.slice(0, signature.length() - 1)),
            digest));
    return signed;
  }

  private Block mine(
      BlockHeader parent,
      int height,
      List<TransactionOutput> outputs,
      List<Transaction> transactions) {
    List<TransactionOutput> all = new ArrayList<>(outputs);
    all.add(WitnessCommitment.output(transactions));
    TransactionInput input =
        new TransactionInput(
            OutPoint.NULL,
            CoinbaseScript.of(height, Bytes.EMPTY),
            TransactionInput.FINAL_SEQUENCE,
            Witness.of(WitnessCommitment.nonce()));
    List<Transaction> body = new ArrayList<>();
    body.add(Transaction.of(1, List.of(input), all, 0));
    body.addAll(transactions);
    Hash256 root = MerkleTree.root(body.stream().map(Transaction::txid).toList()).hash();
    long time = START + (long) height * BLOCK_SECONDS;
    BlockHeader header = BlockHeader.of(0x20000000, parent.hash(), root, time, BITS, 0);
    NonceSearch.Result found = NonceSearch.search(header, NonceRange.ALL, () -> false);
    return new Block(((NonceSearch.Found) found).header(), body);
  }

  private int payments() {
    return blocks.size() * paymentsPerBlock;
  }

  /** Connects all blocks from bytes that were parsed, signatures and all. */
  public Work connect(SignatureVerifier verifier) {
    return new Work(
        "chaincore",
        payments(),
        () -> {
          ChainEngine engine = engine(verifier);
          return () -> connectAll(engine);
        });
  }

  /** Connects one block after another, each when the mempool has seen all its payments. */
  public Work connectVerified(SignatureVerifier verifier) {
    return new Work(
        "chaincore, seen by the mempool",
        paymentsPerBlock,
        () -> {
          ChainEngine engine = engine(verifier);
          admitFirst(engine);
          return () -> accept(engine, blocks.get(0));
        });
  }

  /** The network of the blocks. */
  public ChainParams params() {
    return params;
  }

  /** All blocks above the genesis block: one that funds the payments, and those that hold them. */
  public List<Block> chain() {
    List<Block> all = new ArrayList<>();
    all.add(funding);
    all.addAll(blocks);
    return all;
  }

  /** A clock that no block is ahead of, Unix seconds. */
  public long nowSeconds() {
    return START + (blocks.size() + 2L) * BLOCK_SECONDS;
  }

  /** An engine whose mempool holds the payments of the first block. */
  public ChainEngine waiting(SignatureVerifier verifier) {
    ChainEngine engine = engine(verifier);
    admitFirst(engine);
    return engine;
  }

  /** An engine that has the coins of the first block's payments, and an empty mempool. */
  public ChainEngine begun(SignatureVerifier verifier) {
    return engine(verifier);
  }

  /** The payments of the first block, in its order. */
  public List<Transaction> firstPayments() {
    List<Transaction> all = blocks.get(0).transactions();
    return all.subList(1, all.size());
  }

  private void admitFirst(ChainEngine engine) {
    for (Transaction payment : firstPayments()) {
      MempoolOutcome outcome = engine.accept(payment, 0, nowSeconds());
      if (!(outcome instanceof MempoolOutcome.Accepted)) {
        throw new IllegalStateException(outcome.toString());
      }
    }
  }

  /** Admits the payments of the first block to the mempool. */
  public Work admit(SignatureVerifier verifier) {
    return new Work(
        "chaincore, mempool",
        paymentsPerBlock,
        () -> {
          ChainEngine engine = engine(verifier);
          return () -> {
            admitFirst(engine);
            return engine;
          };
        });
  }

  /** An engine that has connected all blocks. */
  public ChainEngine connected(SignatureVerifier verifier) {
    ChainEngine engine = engine(verifier);
    connectAll(engine);
    return engine;
  }

  /** The first block of payments. */
  public Block first() {
    return blocks.get(0);
  }

  /** The hash of a block of payments, the first at 0. */
  public Hash256 hash(int index) {
    return blocks.get(index).hash();
  }

  /** Connects the first block, none of whose payments was seen. */
  public Work connectUnseen(SignatureVerifier verifier) {
    return connectUnseen(verifier, SignatureWorkers.NONE);
  }

  /** The same with help. */
  public Work connectUnseen(SignatureVerifier verifier, SignatureWorkers workers) {
    return new Work(
        "chaincore, unseen",
        paymentsPerBlock,
        () -> {
          ChainEngine engine = engine(verifier, workers);
          return () -> accept(engine, blocks.get(0));
        });
  }

  /**
   * The signature checks of all blocks and nothing else: keys, signatures and digests are ready.
   */
  public Work signaturesOnly(SignatureVerifier verifier) {
    return new Work("limit: signature checks alone", payments(), () -> () -> verifyAll(verifier));
  }

  private Object verifyAll(SignatureVerifier verifier) {
    int good = 0;
    for (SignedDigest signed : signatures) {
      if (verifier.verifyEcdsa(signed.key, signed.signature, signed.digest)) {
        good++;
      }
    }
    if (good != signatures.size()) {
      throw new IllegalStateException("only " + good + " good signatures");
    }
    return good;
  }

  private ChainEngine engine(SignatureVerifier verifier) {
    return engine(verifier, SignatureWorkers.NONE);
  }

  private ChainEngine engine(SignatureVerifier verifier, SignatureWorkers workers) {
    PolicyLimits limits =
        PolicyLimits.DEFAULT.withMempool(
            new MempoolLimits(64_000_000, 0, 25, 101_000, 14 * 86_400));
    ChainEngine engine =
        ChainEngine.open(
            EngineSetup.inMemory(params)
                .withSignatures(verifier)
                .withWorkers(workers)
                .withLimits(limits));
    accept(engine, funding);
    return engine;
  }

  private Object connectAll(ChainEngine engine) {
    blocks.forEach(block -> accept(engine, block));
    return engine.view().tip();
  }

  private static Object accept(ChainEngine engine, Block block) {
    BlockOutcome outcome = engine.accept(block, 0, block.header().time());
    if (!(outcome instanceof BlockOutcome.Accepted)) {
      throw new IllegalStateException(outcome.toString());
    }
    return outcome;
  }
}
