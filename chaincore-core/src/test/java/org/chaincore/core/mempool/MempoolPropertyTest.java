package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A mempool over a chain that moves, step by step beside {@link ModelMempool}. */
class MempoolPropertyTest {
  private static final OrphanLimits ORPHANS = new OrphanLimits(10, 1_000_000, 2, 8, 3_000);

  @Test
  void anySequence_besideTheModel_agreesAtEveryStep() {
    SeededRun.of(200, 150).check((random, size) -> new Run(random).steps(size));
  }

  private static final class Run {
    private final RandomGenerator random;
    private final PoolWorld world = new PoolWorld();
    private MempoolLimits limits;
    private final Mempool mempool;
    private final ModelMempool model;
    private final List<OutPoint> coins = new ArrayList<>();
    private final List<Transaction> made = new ArrayList<>();

    Run(RandomGenerator random) {
      this.random = random;
      this.limits = someLimits();
      this.mempool = world.emptyMempool(new PolicyLimits(limits, ORPHANS, 100, 100, 1_000));
      this.model = new ModelMempool(PoolWorld.PARAMS, limits);
    }

    void steps(int count) {
      for (int i = 0; i < 6; i++) {
        mine(mempool);
      }
      for (int i = 0; i < count; i++) {
        world.now += random.nextInt(200);
        step();
        check();
      }
    }

    private void step() {
      int kind = random.nextInt(100);
      if (kind < 72) {
        offer(pay());
      } else if (kind < 75) {
        limits = someLimits();
        assertRemoved(mempool.apply(limits, world.now), model.apply(limits, world.now));
      } else if (kind < 80) {
        offer(made.isEmpty() ? pay() : made.get(random.nextInt(made.size())));
      } else if (kind < 86) {
        mine(mempool);
      } else if (kind < 90) {
        mine(anotherMinersMempool());
      } else if (kind < 96) {
        reorganise();
      } else {
        world.now += random.nextInt(15_000);
        assertRemoved(mempool.expire(world.now), model.expire(world.now));
      }
    }

    private MempoolLimits someLimits() {
      long room = 1_000L * (1 + random.nextInt(6));
      int floor = 500 * random.nextInt(5);
      return new MempoolLimits(room, floor, 5, 1_200, 10_000 + random.nextInt(20_000));
    }

    private Transaction pay() {
      List<OutPoint> from = new ArrayList<>();
      int inputs = 1 + random.nextInt(2);
      for (int i = 0; i < inputs; i++) {
        OutPoint coin = pickCoin();
        if (!from.contains(coin)) {
          from.add(coin);
        }
      }
      Payments.Payment payment =
          world
              .payments
              .payment(from.toArray(OutPoint[]::new))
              .fee(random.nextInt(200 + random.nextInt(4_000)))
              .outputs(1 + random.nextInt(4))
              .data(random.nextInt(10) == 0 ? random.nextInt(8) : 0)
              .sequence(sequence());
      if (random.nextInt(5) == 0) {
        payment.toLegacy();
      }
      if (random.nextInt(20) == 0) {
        payment.lockTime(world.tip.height() + random.nextInt(3));
      }
      Transaction transaction = payment.make();
      remember(transaction);
      return transaction;
    }

    /** Mostly one that is free, or one that the mempool spends already; young ones make chains. */
    private OutPoint pickCoin() {
      int kind = random.nextInt(10);
      int span = Math.min(coins.size(), random.nextBoolean() ? 10 : 60);
      CoinView free = mempool.coins(world.context());
      for (int tries = 0; tries < 20; tries++) {
        OutPoint coin = coins.get(coins.size() - 1 - random.nextInt(span));
        boolean isWanted =
            switch (kind) {
              case 0 -> true;
              case 1, 2 -> mempool.spender(coin).isPresent();
              default -> isMature(free.coin(coin));
            };
        if (isWanted) {
          return coin;
        }
      }
      return coins.get(random.nextInt(coins.size()));
    }

    private boolean isMature(@Nullable Coin coin) {
      return coin != null && (!coin.isCoinbase() || coin.height() < world.tip.height());
    }

    private long sequence() {
      return switch (random.nextInt(10)) {
        case 0, 1 -> TransactionInput.FINAL_SEQUENCE;
        case 2 -> random.nextInt(5) == 0 ? random.nextInt(3) : Payments.REPLACEABLE;
        case 3 -> random.nextInt(5) == 0 ? (1L << 22) | random.nextInt(3) : Payments.REPLACEABLE;
        default -> Payments.REPLACEABLE;
      };
    }

    private void remember(Transaction transaction) {
      made.add(transaction);
      for (int i = 0; i < transaction.outputs().size(); i++) {
        if (transaction.outputs().get(i).script().length() == 22
            && transaction.outputs().get(i).units() > 10_000) {
          coins.add(transaction.outPoint(i));
        }
      }
    }

    /** Sometimes a child comes first, and its parent is offered as an orphan's parent is. */
    private void offer(Transaction first) {
      if (random.nextInt(6) == 0) {
        return;
      }
      Deque<OrphanTransaction> open = new ArrayDeque<>();
      open.add(new OrphanTransaction(first, random.nextInt(3), world.now));
      while (!open.isEmpty()) {
        OrphanTransaction next = open.remove();
        MempoolOutcome outcome =
            mempool.accept(next.transaction(), next.source(), world.context(), world.now);
        String expected = model.accept(next.transaction(), world.context(), world.now);
        assertThat(inWords(outcome)).isEqualTo(expected);
        if (outcome instanceof MempoolOutcome.Accepted) {
          open.addAll(mempool.childrenOf(next.transaction().txid()));
        }
        check();
      }
    }

    private static String inWords(MempoolOutcome outcome) {
      if (outcome instanceof MempoolOutcome.Accepted accepted) {
        return "accepted " + reasons(accepted.removals());
      }
      if (outcome instanceof MempoolOutcome.Rejected rejected) {
        Rejection rejection = rejected.rejection();
        return rejection.code().id();
      }
      return outcome instanceof MempoolOutcome.Orphaned ? "orphaned" : "known";
    }

    private void mine(Mempool from) {
      Block block = world.mine(from);
      connected(block);
    }

    private void connected(Block block) {
      remember(block.transactions().get(0));
      made.remove(made.size() - 1);
      assertRemoved(
          mempool.blockConnected(block, world.now), model.blockConnected(block, world.now));
    }

    /** One that knows some of all transactions that were ever made. */
    private Mempool anotherMinersMempool() {
      Mempool other = world.emptyMempool(PolicyLimits.DEFAULT);
      for (int i = Math.max(0, made.size() - 30); i < made.size(); i++) {
        if (random.nextInt(3) == 0) {
          other.accept(made.get(i), 0, world.context(), world.now);
        }
      }
      return other;
    }

    private void reorganise() {
      int depth = 1 + random.nextInt(3);
      List<Block> gone = world.disconnect(depth);
      List<Block> joined = new ArrayList<>();
      for (int i = 0; i <= depth; i++) {
        joined.add(world.mine(anotherMinersMempool()));
      }
      joined.forEach(this::connected);
      for (Block block : gone) {
        for (Transaction transaction : PoolWorld.withoutCoinbase(block)) {
          MempoolOutcome outcome = mempool.accept(transaction, 0, world.context(), world.now);
          assertThat(inWords(outcome))
              .isEqualTo(model.accept(transaction, world.context(), world.now));
        }
      }
      assertRemoved(mempool.revalidate(world.context()), model.revalidate(world.context()));
    }

    private static void assertRemoved(
        List<Removal> removals, Map<Hash256, RemovalReason> expected) {
      assertThat(reasons(removals)).isEqualTo(expected);
      assertThat(removals).hasSize(expected.size());
    }

    private static Map<Hash256, RemovalReason> reasons(List<Removal> removals) {
      Map<Hash256, RemovalReason> reasons = new TreeMap<>();
      removals.forEach(removal -> reasons.put(removal.entry().txid(), removal.reason()));
      return reasons;
    }

    private void check() {
      List<MempoolEntry> entries = mempool.entries();
      assertThat(entries).isEqualTo(model.entries());
      MempoolStats stats = mempool.stats(world.now);
      assertThat(stats.transactions()).isEqualTo(entries.size());
      assertThat(stats.virtualBytes())
          .isEqualTo(ModelMempool.virtualBytes(entries))
          .isLessThanOrEqualTo(limits.maxVirtualBytes());
      assertThat(stats.feeUnits()).isEqualTo(ModelMempool.fees(entries));
      assertThat(stats.minFeePerKilobyte())
          .isEqualTo(Math.max(limits.minFeePerKilobyte(), model.demand(world.now)));
      assertThat(accepted(stats.flow())).isEqualTo(stats.flow().accepted() - entries.size());
      assertThat(model.keepsChainLimits(entries)).isTrue();
      checkCoins(entries);
      long weight = random.nextInt(12_000);
      long operations = random.nextInt(40);
      assertThat(mempool.select(weight, operations)).isEqualTo(model.select(weight, operations));
    }

    private static long accepted(MempoolStats.Flow flow) {
      return flow.mined()
          + flow.conflicting()
          + flow.replaced()
          + flow.expired()
          + flow.evicted()
          + flow.invalid();
    }

    private void checkCoins(List<MempoolEntry> entries) {
      Set<Hash256> here = new HashSet<>();
      Set<OutPoint> spent = new HashSet<>();
      entries.forEach(entry -> here.add(entry.txid()));
      for (MempoolEntry entry : entries) {
        for (TransactionInput input : entry.transaction().inputs()) {
          OutPoint coin = input.previousOutput();
          assertThat(spent.add(coin)).as("spent twice: %s", coin).isTrue();
          assertThat(here.contains(coin.txid()) || world.coins.coin(coin) != null)
              .as("coin of nobody: %s", coin)
              .isTrue();
          assertThat(mempool.coins(world.context()).coin(coin)).isNull();
        }
      }
    }
  }
}
