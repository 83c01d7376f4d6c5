package org.chaincore.core.mempool;

import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.ledger.SpendRules;
import org.chaincore.core.mempool.MinimumFee.Fullness;
import org.chaincore.core.rules.TransactionRules;

/**
 * What every transaction is held against: the network's rules and the node's limits.
 *
 * @param transactionRules what it may say
 * @param spendRules what it may spend
 * @param signatures who may spend it
 * @param standardLimits how much of a block it may take
 * @param limits the node's limits
 * @param minimumFee what a mempool that was full demands
 */
record Gate(
    TransactionRules transactionRules,
    SpendRules spendRules,
    SignatureChecks signatures,
    StandardLimits standardLimits,
    MempoolLimits limits,
    MinimumFee minimumFee) {
  static Gate of(ChainParams params, MempoolLimits limits, SignatureChecks signatures) {
    return new Gate(
        TransactionRules.of(params),
        SpendRules.of(params),
        signatures,
        StandardLimits.of(params.limits()),
        limits,
        new MinimumFee(params.time().targetBlockSeconds(), limits.minFeePerKilobyte()));
  }

  /** The same with other limits; what a mempool that was full demands lives on. */
  Gate withLimits(MempoolLimits newLimits) {
    return new Gate(
        transactionRules, spendRules, signatures, standardLimits, newLimits, minimumFee);
  }

  ChainLimits chainLimits() {
    return new ChainLimits(limits);
  }

  Fullness fullness(PoolGraph graph) {
    return new Fullness(graph.totals().virtualBytes(), limits.maxVirtualBytes());
  }
}
