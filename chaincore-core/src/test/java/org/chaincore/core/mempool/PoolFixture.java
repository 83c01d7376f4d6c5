package org.chaincore.core.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.ledger.SpendContext;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** A mempool over a chain that is nothing but its coins. */
final class PoolFixture {
  static final ChainParams PARAMS = Networks.regtest();
  static final int HEIGHT = 500;
  private static final long MEDIAN_TIME = 1_600_000_000L;

  final Map<OutPoint, Coin> chain = new HashMap<>();
  final Payments payments;
  final Mempool mempool;
  long now = MEDIAN_TIME + 100;

  private PoolFixture(MempoolLimits limits, Payments payments, SignatureChecks signatures) {
    this.payments = payments;
    this.mempool = Mempool.of(PARAMS, PolicyLimits.DEFAULT.withMempool(limits), signatures);
  }

  static PoolFixture standard() {
    return with(MempoolLimits.DEFAULT);
  }

  static PoolFixture with(MempoolLimits limits) {
    return new PoolFixture(
        limits, Payments.withAnySignature(), SignatureChecks.of(Payments.CREDULOUS, 1_000));
  }

  static PoolFixture verifying(SignatureChecks signatures) {
    return new PoolFixture(MempoolLimits.DEFAULT, Payments.signed(), signatures);
  }

  MempoolContext context() {
    return new MempoolContext(
        chain::get, new SpendContext(HEIGHT, MEDIAN_TIME, height -> MEDIAN_TIME - HEIGHT + height));
  }

  /** A coin of the chain. */
  OutPoint coin() {
    return coin(HEIGHT - 200, false);
  }

  OutPoint coin(int height, boolean isCoinbase) {
    OutPoint coin = payments.mint(1_000_000);
    chain.put(coin, new Coin(payments.output(coin), height, isCoinbase));
    return coin;
  }

  MempoolOutcome offer(Transaction transaction) {
    return mempool.accept(transaction, 0, context(), now);
  }

  /** Offers one that must come in. */
  Transaction in(Transaction transaction) {
    MempoolOutcome outcome = offer(transaction);
    if (!(outcome instanceof MempoolOutcome.Accepted)) {
      throw new AssertionError("not accepted: " + outcome);
    }
    return transaction;
  }

  /** Offers one that must be refused, and leave everything as it is. */
  RejectionCode refused(Transaction transaction) {
    List<MempoolEntry> before = mempool.entries();
    List<MempoolEntry> order = mempool.select(4_000_000, 80_000);
    MempoolOutcome outcome = offer(transaction);
    if (!before.equals(mempool.entries()) || !order.equals(mempool.select(4_000_000, 80_000))) {
      throw new AssertionError("something is left of what was refused: " + outcome);
    }
    if (outcome instanceof MempoolOutcome.Rejected rejected) {
      return rejected.rejection().code();
    }
    throw new AssertionError("not refused: " + outcome);
  }

  /** So many in a row, each spending the one before. */
  Transaction chainOf(int length) {
    Transaction last = in(payments.payment(coin()).make());
    for (int i = 1; i < length; i++) {
      last = in(payments.payment(last.outPoint(0)).make());
    }
    return last;
  }

  Block block(Transaction... transactions) {
    TransactionInput nothing = TransactionInput.spending(OutPoint.NULL);
    Transaction coinbase =
        Transaction.of(
            1,
            List.of(nothing.withScriptSig(Bytes.parse("5151"))),
            List.of(new TransactionOutput(1, payments.payout().script())),
            0);
    List<Transaction> all = new ArrayList<>(List.of(coinbase));
    all.addAll(List.of(transactions));
    return new Block(BlockHeader.of(4, Hash256.ZERO, Hash256.ZERO, 0, 0, 0), all);
  }

  /** Puts a transaction into the chain, as a block would. */
  void confirm(Transaction transaction) {
    transaction.inputs().forEach(input -> chain.remove(input.previousOutput()));
    for (int i = 0; i < transaction.outputs().size(); i++) {
      chain.put(transaction.outPoint(i), new Coin(transaction.outputs().get(i), HEIGHT - 1, false));
    }
  }
}
