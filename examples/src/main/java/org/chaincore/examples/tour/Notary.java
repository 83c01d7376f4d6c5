package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.MerkleProof;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.Payments;

/**
 * A notary: it writes the hash of a document into a block, and hands out a receipt. Whoever has the
 * document, the receipt and the block's header can check that the document was there at that time,
 * with neither the block nor the notary.
 */
public final class Notary {
  private static final int EASY = 0x207fffff;

  private Notary() {}

  /**
   * What the owner of the document takes home.
   *
   * @param transaction carries the document's hash
   * @param proof the way from the transaction to the header
   */
  private record Receipt(Transaction transaction, MerkleProof proof) {
    /** Whether this document, and no other, was in the block of the header. */
    boolean covers(byte[] document, BlockHeader header) {
      Bytes script = new DataOutput(Bytes.of(Sha256.hash(document))).script();
      return transaction.outputs().stream().anyMatch(output -> output.script().equals(script))
          && proof.proves(transaction.txid(), header.merkleRoot());
    }
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    ChainParams network =
        ChainParams.builder("notary", 0x6e6f7401)
            .genesis("An example of a notary", 1_767_225_600L, EASY)
            .work(Target.ofBits(EASY), new FixedDifficulty(EASY))
            .emission(Amount.ofCoins(50), 210_000, 1)
            .build();
    KeyPair notary = KeyPair.ofSeed(Sha256.hash("notary".getBytes(UTF_8)));
    byte[] document = "I leave my clock to the cat.".getBytes(UTF_8);

    try (ChainNode node =
        ChainNode.builder()
            .network(network)
            .mineTo(notary.payToWitnessPubkeyHash())
            .blockInterval(1)
            .start()) {
      node.whenHeight(1).get(30, TimeUnit.SECONDS);
      Transaction entry = enter(node, notary, document);
      HeaderNode block = blockWith(node, entry);
      Block body = node.engine().block(block.hash()).orElseThrow();
      int place = body.txids().indexOf(entry.txid());
      Receipt receipt = new Receipt(entry, MerkleTree.prove(body.txids(), place));

      // From here on only the receipt and the header are used.
      BlockHeader header = block.header();
      byte[] forged = "I leave my clock to the dog.".getBytes(UTF_8);
      System.out.println("the document: " + receipt.covers(document, header));
      System.out.println("another one:  " + receipt.covers(forged, header));
      System.out.println(
          "proved="
              + (receipt.covers(document, header) && !receipt.covers(forged, header))
              + " height="
              + block.height()
              + " steps="
              + receipt.proof().siblings().size());
    }
  }

  /** Pays a fee for an output that is worth nothing and carries the document's hash. */
  private static Transaction enter(ChainNode node, KeyPair notary, byte[] document) {
    Block first =
        node.engine().block(node.engine().view().at(1).orElseThrow().hash()).orElseThrow();
    Transaction coinbase = first.transactions().get(0);
    Payments.Coin coin = new Payments.Coin(coinbase.outPoint(0), coinbase.outputs().get(0));
    DataOutput hash = new DataOutput(Bytes.of(Sha256.hash(document)));
    Transaction entry =
        Payments.by(notary)
            .pay(List.of(coin), List.of(Payments.output(Amount.ZERO, hash)), Amount.of(1_000));
    if (!(node.submit(entry) instanceof MempoolOutcome.Accepted)) {
      throw new IllegalStateException("the entry was refused");
    }
    return entry;
  }

  /** Waits for the block that has the transaction. */
  private static HeaderNode blockWith(ChainNode node, Transaction entry) throws Exception {
    for (int height = 1; ; height++) {
      node.whenHeight(height).get(30, TimeUnit.SECONDS);
      HeaderNode block = node.engine().view().at(height).orElseThrow();
      if (node.engine().txids(block.hash()).orElse(List.of()).contains(entry.txid())) {
        return block;
      }
    }
  }
}
