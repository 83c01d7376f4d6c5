package org.chaincore.core.mempool;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.ledger.SpendResult;
import org.chaincore.core.ledger.SpendRules;
import org.chaincore.core.mempool.MinimumFee.Fullness;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.rules.TransactionRules;
import org.chaincore.core.value.Hash256;

/**
 * What a mempool does, slow and obvious: a list, and everything else found out anew by looking at
 * all of it. Signatures are taken as good, and orphan transactions not kept.
 */
final class ModelMempool {
  private final TransactionRules transactionRules;
  private final SpendRules spendRules;
  private MempoolLimits limits;
  private final BlockLimits block;
  private final MinimumFee minimumFee;
  private List<MempoolEntry> entries = new ArrayList<>();
  private long nextSequence;

  ModelMempool(ChainParams params, MempoolLimits limits) {
    this.transactionRules = TransactionRules.of(params);
    this.spendRules = SpendRules.of(params);
    this.limits = limits;
    this.block = params.limits();
    this.minimumFee =
        new MinimumFee(params.time().targetBlockSeconds(), limits.minFeePerKilobyte());
  }

  List<MempoolEntry> entries() {
    return entries;
  }

  /** In words, with what left for it. */
  String accept(Transaction transaction, MempoolContext context, long now) {
    if (entries.stream().anyMatch(e -> e.txid().equals(transaction.txid()))) {
      return "known";
    }
    if (transaction.isCoinbase()) {
      return RejectionCode.LOOSE_COINBASE.id();
    }
    if (transaction.weight() > Math.min(400_000, block.maxWeight() - 4_000)) {
      return RejectionCode.TRANSACTION_TOO_HEAVY.id();
    }
    if (transactionRules.check(transaction).isPresent()) {
      return transactionRules.check(transaction).map(Rejection::code).orElseThrow().id();
    }
    if (!TransactionRules.isFinal(
        transaction, context.next().height(), context.next().medianTimePast())) {
      return RejectionCode.NOT_FINAL.id();
    }
    List<MempoolEntry> direct = entries.stream().filter(e -> conflict(e, transaction)).toList();
    if (direct.size() > 100) {
      return RejectionCode.TOO_MANY_REPLACEMENTS.id();
    }
    for (MempoolEntry conflict : direct) {
      if (!signals(conflict) && ancestors(conflict, entries).stream().noneMatch(this::signals)) {
        return RejectionCode.CONFLICT.id();
      }
    }
    SpendResult result = spendRules.check(transaction, coins(context), context.next());
    if (result instanceof SpendResult.Refused refused) {
      return refused.rejection().code().id();
    }
    if (result instanceof SpendResult.Missing missing) {
      return missing(transaction, missing.outPoints(), context);
    }
    SpendResult.Spendable spendable = (SpendResult.Spendable) result;
    MempoolEntry entry =
        new MempoolEntry(
            transaction, spendable.fee(), spendable.signatureOperationsCost(), now, nextSequence);
    if (entry.signatureOperationsCost() > block.maxSignatureOperationsCost() / 5) {
      return RejectionCode.TOO_MANY_SIGNATURE_OPERATIONS.id();
    }
    return admit(entry, direct, now);
  }

  private String missing(Transaction transaction, List<OutPoint> missing, MempoolContext context) {
    for (OutPoint coin : missing) {
      if (entries.stream().anyMatch(e -> e.txid().equals(coin.txid()))) {
        return RejectionCode.MISSING_OR_SPENT.id();
      }
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      if (context.coins().coin(transaction.outPoint(i)) != null) {
        return "known";
      }
    }
    return "orphaned";
  }

  private String admit(MempoolEntry entry, List<MempoolEntry> direct, long now) {
    if (below(entry.fee().units(), entry.virtualSize(), limits.minFeePerKilobyte(), 1_000)) {
      return RejectionCode.FEE_TOO_LOW.id();
    }
    if (below(entry.fee().units(), entry.virtualSize(), demand(now), 1_000)) {
      return RejectionCode.MEMPOOL_FULL.id();
    }
    List<MempoolEntry> parents = entries.stream().filter(e -> isParent(e, entry)).toList();
    long children = entries.stream().filter(e -> isParent(entry, e)).count();
    if (Math.max(parents.size(), children) > limits.maxChain() - 1) {
      return RejectionCode.TOO_LONG_CHAIN.id();
    }
    List<MempoolEntry> replaced = withDescendants(direct, entries);
    if (!direct.isEmpty()) {
      String fault = replacementFault(entry, direct, parents, replaced);
      if (!fault.isEmpty()) {
        return fault;
      }
    }
    List<MempoolEntry> after = new ArrayList<>(entries);
    after.removeAll(replaced);
    after.add(entry);
    if (!keepsChainLimits(after)) {
      return RejectionCode.TOO_LONG_CHAIN.id();
    }
    Map<Hash256, RemovalReason> gone = new TreeMap<>();
    replaced.forEach(e -> gone.put(e.txid(), RemovalReason.REPLACED));
    List<FeeRate> evictedRates = new ArrayList<>();
    while (virtualBytes(after) > limits.maxVirtualBytes()) {
      List<MempoolEntry> all = after;
      MempoolEntry worst = all.stream().min((a, b) -> compareKeepWorth(a, b, all)).orElseThrow();
      evictedRates.add(keepRate(worst, after));
      List<MempoolEntry> evicted = withDescendants(List.of(worst), after);
      evicted.forEach(e -> gone.put(e.txid(), RemovalReason.EVICTED));
      after = new ArrayList<>(after);
      after.removeAll(evicted);
    }
    if (!after.contains(entry)) {
      return RejectionCode.MEMPOOL_FULL.id();
    }
    entries = after;
    nextSequence++;
    evictedRates.forEach(rate -> minimumFee.evicted(rate, now, fullness()));
    return "accepted " + gone;
  }

  private String replacementFault(
      MempoolEntry entry,
      List<MempoolEntry> direct,
      List<MempoolEntry> parents,
      List<MempoolEntry> replaced) {
    for (MempoolEntry conflict : direct) {
      if (!below(
          conflict.fee().units(),
          conflict.virtualSize(),
          entry.fee().units(),
          entry.virtualSize())) {
        return RejectionCode.REPLACEMENT_REFUSED.id();
      }
    }
    if (replaced.size() > 100) {
      return RejectionCode.TOO_MANY_REPLACEMENTS.id();
    }
    for (TransactionInput input : entry.transaction().inputs()) {
      for (MempoolEntry parent : parents) {
        if (!parent.txid().equals(input.previousOutput().txid())) {
          continue;
        }
        if (replaced.contains(parent)) {
          return RejectionCode.CONFLICT.id();
        }
        if (direct.stream().noneMatch(conflict -> isParent(parent, conflict))) {
          return RejectionCode.REPLACEMENT_ADDS_UNCONFIRMED.id();
        }
      }
    }
    long more = entry.fee().units() - fees(replaced);
    return more < 0 || below(more, entry.virtualSize(), limits.minFeePerKilobyte(), 1_000)
        ? RejectionCode.REPLACEMENT_REFUSED.id()
        : "";
  }

  boolean keepsChainLimits(List<MempoolEntry> all) {
    for (MempoolEntry entry : all) {
      List<MempoolEntry> up = withSelf(entry, ancestors(entry, all));
      List<MempoolEntry> down = withDescendants(List.of(entry), all);
      if (up.size() > limits.maxChain()
          || down.size() > limits.maxChain()
          || virtualBytes(up) > limits.maxChainVirtualBytes()
          || virtualBytes(down) > limits.maxChainVirtualBytes()) {
        return false;
      }
    }
    return true;
  }

  Map<Hash256, RemovalReason> blockConnected(Block block, long now) {
    Map<Hash256, RemovalReason> gone = new TreeMap<>();
    Set<Hash256> mined = new HashSet<>(block.txids());
    entries.stream()
        .filter(e -> mined.contains(e.txid()))
        .forEach(e -> gone.put(e.txid(), RemovalReason.MINED));
    entries = new ArrayList<>(entries.stream().filter(e -> !mined.contains(e.txid())).toList());
    List<MempoolEntry> conflicting =
        entries.stream()
            .filter(e -> block.transactions().stream().anyMatch(tx -> conflict(e, tx)))
            .toList();
    drop(conflicting, RemovalReason.CONFLICT, gone);
    minimumFee.blockConnected(now);
    return gone;
  }

  Map<Hash256, RemovalReason> revalidate(MempoolContext context) {
    Map<Hash256, RemovalReason> gone = new TreeMap<>();
    boolean changed = true;
    while (changed) {
      List<MempoolEntry> bad =
          entries.stream()
              .filter(
                  e ->
                      !TransactionRules.isFinal(
                              e.transaction(),
                              context.next().height(),
                              context.next().medianTimePast())
                          || !(spendRules.check(e.transaction(), coins(context), context.next())
                              instanceof SpendResult.Spendable))
              .toList();
      drop(bad, RemovalReason.INVALID, gone);
      changed = !bad.isEmpty();
    }
    return gone;
  }

  Map<Hash256, RemovalReason> expire(long now) {
    Map<Hash256, RemovalReason> gone = new TreeMap<>();
    drop(
        entries.stream().filter(e -> now - e.arrivalSeconds() >= limits.expirySeconds()).toList(),
        RemovalReason.EXPIRED,
        gone);
    return gone;
  }

  /** Other limits: the least worthy go until the rest fits. */
  Map<Hash256, RemovalReason> apply(MempoolLimits newLimits, long now) {
    minimumFee.floorBecomes(newLimits.minFeePerKilobyte(), now, fullness());
    limits = newLimits;
    Map<Hash256, RemovalReason> gone = new TreeMap<>();
    List<FeeRate> rates = new ArrayList<>();
    while (virtualBytes(entries) > limits.maxVirtualBytes()) {
      MempoolEntry worst =
          entries.stream().min((a, b) -> compareKeepWorth(a, b, entries)).orElseThrow();
      rates.add(keepRate(worst, entries));
      drop(List.of(worst), RemovalReason.EVICTED, gone);
    }
    rates.forEach(rate -> minimumFee.evicted(rate, now, fullness()));
    return gone;
  }

  private void drop(
      List<MempoolEntry> from, RemovalReason reason, Map<Hash256, RemovalReason> gone) {
    List<MempoolEntry> all = withDescendants(from, entries);
    all.forEach(e -> gone.put(e.txid(), reason));
    entries = new ArrayList<>(entries);
    entries.removeAll(all);
  }

  /** The best package that fits, again and again. */
  List<MempoolEntry> select(long weight, long operations) {
    List<MempoolEntry> left = new ArrayList<>(entries);
    List<MempoolEntry> selected = new ArrayList<>();
    Map<MempoolEntry, Integer> triedWith = new LinkedHashMap<>();
    long weightLeft = weight;
    long operationsLeft = operations;
    while (true) {
      List<MempoolEntry> all = left;
      MempoolEntry best =
          all.stream()
              .filter(e -> triedWith.getOrDefault(e, -1) != ancestors(e, all).size())
              .min((a, b) -> compareMiningWorth(a, b, all))
              .orElse(null);
      if (best == null) {
        return selected;
      }
      List<MempoolEntry> members = withSelf(best, ancestors(best, left));
      long memberWeight = members.stream().mapToLong(e -> e.transaction().weight()).sum();
      long memberOperations =
          members.stream().mapToLong(MempoolEntry::signatureOperationsCost).sum();
      if (memberWeight > weightLeft || memberOperations > operationsLeft) {
        triedWith.put(best, members.size() - 1);
        continue;
      }
      List<MempoolEntry> sorted = new ArrayList<>(members);
      sorted.sort(
          Comparator.<MempoolEntry>comparingInt(e -> ancestors(e, entries).size())
              .thenComparingLong(MempoolEntry::sequence));
      selected.addAll(sorted);
      weightLeft -= memberWeight;
      operationsLeft -= memberOperations;
      left = new ArrayList<>(left);
      left.removeAll(members);
    }
  }

  long demand(long now) {
    return minimumFee.perKilobyte(now, fullness());
  }

  private Fullness fullness() {
    return new Fullness(virtualBytes(entries), limits.maxVirtualBytes());
  }

  CoinView coins(MempoolContext context) {
    return outPoint -> {
      for (MempoolEntry entry : entries) {
        if (entry.txid().equals(outPoint.txid())) {
          return entry
              .transaction()
              .output(outPoint.index())
              .map(output -> new Coin(output, context.next().height(), false))
              .orElse(null);
        }
      }
      return context.coins().coin(outPoint);
    };
  }

  private static boolean isParent(MempoolEntry parent, MempoolEntry child) {
    return child.transaction().inputs().stream()
        .anyMatch(input -> input.previousOutput().txid().equals(parent.txid()));
  }

  static boolean conflict(MempoolEntry entry, Transaction transaction) {
    return entry.transaction().inputs().stream()
        .anyMatch(
            mine ->
                transaction.inputs().stream()
                    .anyMatch(other -> other.previousOutput().equals(mine.previousOutput())));
  }

  private boolean signals(MempoolEntry entry) {
    return entry.transaction().inputs().stream().anyMatch(in -> in.sequence() < 0xffff_fffeL);
  }

  static List<MempoolEntry> ancestors(MempoolEntry of, List<MempoolEntry> all) {
    List<MempoolEntry> found = new ArrayList<>(List.of(of));
    for (int i = 0; i < found.size(); i++) {
      MempoolEntry child = found.get(i);
      all.stream().filter(e -> isParent(e, child) && !found.contains(e)).forEach(found::add);
    }
    found.remove(of);
    return found;
  }

  private static List<MempoolEntry> withDescendants(List<MempoolEntry> of, List<MempoolEntry> all) {
    List<MempoolEntry> found = new ArrayList<>(of);
    for (int i = 0; i < found.size(); i++) {
      MempoolEntry parent = found.get(i);
      all.stream().filter(e -> isParent(parent, e) && !found.contains(e)).forEach(found::add);
    }
    return found;
  }

  private static List<MempoolEntry> withSelf(MempoolEntry self, List<MempoolEntry> others) {
    List<MempoolEntry> both = new ArrayList<>(others);
    both.add(self);
    return both;
  }

  private static int compareMiningWorth(MempoolEntry a, MempoolEntry b, List<MempoolEntry> all) {
    int byWorth = compare(miningRate(b, all), miningRate(a, all));
    return byWorth != 0 ? byWorth : Long.compare(a.sequence(), b.sequence());
  }

  private static FeeRate miningRate(MempoolEntry entry, List<MempoolEntry> all) {
    List<MempoolEntry> members = withSelf(entry, ancestors(entry, all));
    FeeRate together = FeeRate.of(fees(members), virtualBytes(members));
    return compare(entry.feeRate(), together) < 0 ? entry.feeRate() : together;
  }

  private static int compareKeepWorth(MempoolEntry a, MempoolEntry b, List<MempoolEntry> all) {
    int byWorth = compare(keepRate(a, all), keepRate(b, all));
    return byWorth != 0 ? byWorth : Long.compare(b.sequence(), a.sequence());
  }

  private static FeeRate keepRate(MempoolEntry entry, List<MempoolEntry> all) {
    List<MempoolEntry> members = withDescendants(List.of(entry), all);
    FeeRate together = FeeRate.of(fees(members), virtualBytes(members));
    return compare(entry.feeRate(), together) > 0 ? entry.feeRate() : together;
  }

  private static int compare(FeeRate a, FeeRate b) {
    return BigInteger.valueOf(a.units())
        .multiply(BigInteger.valueOf(b.virtualBytes()))
        .compareTo(BigInteger.valueOf(b.units()).multiply(BigInteger.valueOf(a.virtualBytes())));
  }

  private static boolean below(long unitsA, long bytesA, long unitsB, long bytesB) {
    return compare(FeeRate.of(unitsA, bytesA), FeeRate.of(unitsB, bytesB)) < 0;
  }

  static long virtualBytes(List<MempoolEntry> entries) {
    return entries.stream().mapToLong(MempoolEntry::virtualSize).sum();
  }

  static long fees(List<MempoolEntry> entries) {
    return entries.stream().mapToLong(entry -> entry.fee().units()).sum();
  }
}
