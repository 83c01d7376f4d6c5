package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.PublicKey;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.XOnlyPublicKey;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class MempoolTest {
  private static final long CSV_BLOCKS = 1;

  private final PoolFixture pool = PoolFixture.standard();

  private Payments.Payment payment(OutPoint... coins) {
    return pool.payments.payment(coins);
  }

  private static List<Transaction> transactions(List<MempoolEntry> entries) {
    return entries.stream().map(MempoolEntry::transaction).toList();
  }

  private static List<Removal> removals(MempoolOutcome outcome) {
    return ((MempoolOutcome.Accepted) outcome).removals();
  }

  private static List<Hash256> txids(List<Removal> removals) {
    return removals.stream().map(removal -> removal.entry().txid()).toList();
  }

  @Test
  void accept_goodPayment_isInWithItsFee() {
    OutPoint coin = pool.coin();
    Transaction paid = payment(coin).fee(500).make();

    MempoolOutcome outcome = pool.offer(paid);

    MempoolEntry entry = new MempoolEntry(paid, Amount.of(500), 1, pool.now, 0);
    assertThat(outcome).isEqualTo(new MempoolOutcome.Accepted(entry, List.of()));
    assertThat(pool.mempool.find(paid.txid())).isEqualTo(Optional.of(entry));
    assertThat(pool.mempool.contains(paid.txid())).isTrue();
    assertThat(pool.mempool.spender(coin)).isEqualTo(Optional.of(entry));
    assertThat(pool.mempool.size()).isEqualTo(1);
  }

  @Test
  void coins_afterPayment_haveTheNewAndNotTheSpent() {
    OutPoint coin = pool.coin();
    Transaction paid = pool.in(payment(coin).data(1).make());

    assertThat(pool.mempool.coins(pool.context()).coin(coin)).isNull();
    assertThat(pool.mempool.coins(pool.context()).coin(paid.outPoint(0)))
        .isEqualTo(new Coin(paid.outputs().get(0), PoolFixture.HEIGHT, false));
    assertThat(pool.mempool.coins(pool.context()).coin(paid.outPoint(1))).isNull();
    assertThat(pool.mempool.coins(pool.context()).coin(paid.outPoint(2))).isNull();
  }

  @Test
  void accept_sameTxidWithOtherWitness_isKnown() {
    Transaction paid = pool.in(payment(pool.coin()).make());
    Transaction other =
        paid.withInputs(List.of(paid.inputs().get(0).withWitness(Witness.of(Bytes.of((byte) 1)))));

    assertThat(other.txid()).isEqualTo(paid.txid());
    assertThat(pool.offer(other)).isEqualTo(new MempoolOutcome.AlreadyKnown());
  }

  @Test
  void accept_minedBefore_isKnown() {
    Transaction paid = payment(pool.coin()).make();
    pool.confirm(paid);

    assertThat(pool.offer(paid)).isEqualTo(new MempoolOutcome.AlreadyKnown());
  }

  @Test
  void accept_minedBeforeAndOnlyTheEighthOutputLeft_isKnown() {
    Transaction paid = payment(pool.coin()).outputs(9).make();
    pool.confirm(paid);
    for (int i = 0; i < 7; i++) {
      pool.chain.remove(paid.outPoint(i));
    }

    assertThat(pool.offer(paid)).isEqualTo(new MempoolOutcome.AlreadyKnown());
    pool.chain.remove(paid.outPoint(7));
    assertThat(pool.offer(paid)).isInstanceOf(MempoolOutcome.Orphaned.class);
  }

  @Test
  void accept_unknownCoinAndThousandsOfOutputs_looksUpAFew() {
    Transaction paid = payment(pool.payments.mint(1_000_000)).outputs(3_000).make();
    List<OutPoint> lookedUp = new ArrayList<>();
    CoinView counting =
        outPoint -> {
          lookedUp.add(outPoint);
          return null;
        };

    MempoolOutcome outcome =
        pool.mempool.accept(paid, 1, new MempoolContext(counting, pool.context().next()), pool.now);

    assertThat(outcome).isInstanceOf(MempoolOutcome.Orphaned.class);
    assertThat(lookedUp).filteredOn(coin -> coin.txid().equals(paid.txid())).hasSize(8);
  }

  @Test
  void accept_coinbase_isRefused() {
    Transaction coinbase = pool.block().transactions().get(0);

    assertThat(pool.refused(coinbase)).isEqualTo(RejectionCode.LOOSE_COINBASE);
  }

  @Test
  void accept_tooHeavy_isRefused() {
    assertThat(pool.refused(payment(pool.coin()).outputs(3_300).make()))
        .isEqualTo(RejectionCode.TRANSACTION_TOO_HEAVY);
  }

  @Test
  void accept_negativeOutput_isRefused() {
    assertThat(pool.refused(payment(pool.coin()).fee(1_000_001).make()))
        .isEqualTo(RejectionCode.BAD_OUTPUT_AMOUNT);
  }

  @Test
  void accept_moreOutThanIn_isRefused() {
    assertThat(pool.refused(payment(pool.coin()).fee(-1).make()))
        .isEqualTo(RejectionCode.INPUTS_BELOW_OUTPUTS);
  }

  @Test
  void accept_lockedUntilThisHeight_isRefused() {
    Payments.Payment locked = payment(pool.coin()).replaceable();

    assertThat(pool.refused(locked.lockTime(PoolFixture.HEIGHT).make()))
        .isEqualTo(RejectionCode.NOT_FINAL);
    pool.in(locked.lockTime(PoolFixture.HEIGHT - 1).make());
  }

  @Test
  void accept_relativeLockOnUnconfirmedCoin_isRefused() {
    Transaction parent = pool.in(payment(pool.coin()).make());

    assertThat(pool.refused(payment(parent.outPoint(0)).sequence(CSV_BLOCKS).make()))
        .isEqualTo(RejectionCode.SEQUENCE_LOCKED);
    pool.in(payment(parent.outPoint(0)).sequence(0).make());
  }

  @Test
  void accept_immatureCoinbase_isRefused() {
    assertThat(pool.refused(payment(pool.coin(PoolFixture.HEIGHT - 99, true)).make()))
        .isEqualTo(RejectionCode.IMMATURE_COINBASE);
    pool.in(payment(pool.coin(PoolFixture.HEIGHT - 100, true)).make());
  }

  @Test
  void accept_feeOneUnitBelowTheFloor_isRefused() {
    int room = payment(pool.coin()).make().virtualSize();

    assertThat(pool.refused(payment(pool.coin()).fee(room - 1).make()))
        .isEqualTo(RejectionCode.FEE_TOO_LOW);
    pool.in(payment(pool.coin()).fee(room).make());
  }

  @Test
  void accept_badSignature_isRefusedAndNothingIsLeft() {
    PoolFixture real =
        PoolFixture.verifying(SignatureChecks.of(SignatureVerifier.bouncyCastle(), 100));
    OutPoint coin = real.coin();
    Transaction good = real.payments.payment(coin).fee(900).replaceable().make();
    Transaction better = real.payments.payment(coin).fee(5_000).replaceable().make();
    Witness stolen = good.inputs().get(0).witness();
    Transaction bad = better.withInputs(List.of(better.inputs().get(0).withWitness(stolen)));
    real.in(good);

    assertThat(real.refused(bad)).isEqualTo(RejectionCode.BAD_SPEND);
    assertThat(txids(removals(real.offer(better)))).containsExactly(good.txid());
  }

  @Test
  void accept_checkedOnce_costsNoSignatureAgain() {
    AtomicInteger checks = new AtomicInteger();
    SignatureVerifier counting =
        new SignatureVerifier() {
          @Override
          public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
            checks.incrementAndGet();
            return true;
          }

          @Override
          public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
            return false;
          }
        };
    SignatureChecks signatures = SignatureChecks.of(counting, 100);
    PoolFixture counted = PoolFixture.verifying(signatures);
    OutPoint coin = counted.coin();
    Transaction paid = counted.in(counted.payments.payment(coin).make());

    assertThat(signatures.check(paid, List.of(counted.context().coins().coin(coin)))).isEmpty();
    assertThat(checks).hasValue(1);
  }

  @Test
  void accept_unknownCoin_waitsUntilItsParentComes() {
    Transaction parent = payment(pool.coin()).make();
    Transaction child = payment(parent.outPoint(0)).make();

    assertThat(pool.mempool.accept(child, 5, pool.context(), pool.now))
        .isEqualTo(new MempoolOutcome.Orphaned(List.of(parent.outPoint(0)), true));
    assertThat(pool.mempool.isOrphan(child.wtxid())).isTrue();
    pool.in(parent);
    assertThat(pool.mempool.childrenOf(parent.txid()))
        .containsExactly(new OrphanTransaction(child, 5, pool.now));
    pool.in(child);
    assertThat(pool.mempool.orphans()).isEmpty();
    assertThat(pool.mempool.stats(pool.now).orphans().recovered()).isEqualTo(1);
  }

  @Test
  void accept_heavyOrphan_isNotKept() {
    Transaction parent = payment(pool.coin()).make();
    Transaction child = payment(parent.outPoint(0)).outputs(900).make();

    assertThat(pool.offer(child))
        .isEqualTo(new MempoolOutcome.Orphaned(List.of(parent.outPoint(0)), false));
  }

  @Test
  void accept_outputThatParentHasNot_isRefused() {
    Transaction parent = pool.in(payment(pool.coin()).make());
    OutPoint none = parent.outPoint(1);
    Transaction child =
        Transaction.of(2, List.of(TransactionInput.spending(none)), parent.outputs(), 0);

    assertThat(pool.refused(child)).isEqualTo(RejectionCode.MISSING_OR_SPENT);
  }

  @Test
  void accept_26thOfChain_isRefused() {
    Transaction last = pool.chainOf(25);

    assertThat(pool.refused(payment(last.outPoint(0)).make()))
        .isEqualTo(RejectionCode.TOO_LONG_CHAIN);
  }

  @Test
  void accept_26thDescendant_isRefused() {
    Transaction parent = pool.in(payment(pool.coin()).fee(5_000).outputs(30).make());
    for (int i = 0; i < 24; i++) {
      pool.in(payment(parent.outPoint(i)).fee(200).make());
    }

    assertThat(pool.refused(payment(parent.outPoint(24)).fee(200).make()))
        .isEqualTo(RejectionCode.TOO_LONG_CHAIN);
  }

  @Test
  void accept_moreParentsThanAllowed_isRefused() {
    List<OutPoint> coins = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      coins.add(pool.in(payment(pool.coin()).make()).outPoint(0));
    }

    assertThat(pool.refused(payment(coins.toArray(OutPoint[]::new)).fee(9_000).make()))
        .isEqualTo(RejectionCode.TOO_LONG_CHAIN);
  }

  @Test
  void accept_chainOfTooManyVirtualBytes_isRefused() {
    Transaction parent = pool.in(payment(pool.coin()).fee(99_000).outputs(3_000).make());

    assertThat(pool.refused(payment(parent.outPoint(0)).fee(0).make()))
        .isEqualTo(RejectionCode.FEE_TOO_LOW);
    Transaction second = payment(pool.coin(), parent.outPoint(0)).fee(9_000).data(90).make();
    assertThat(parent.virtualSize() + second.virtualSize()).isGreaterThan(101_000);
    assertThat(pool.refused(second)).isEqualTo(RejectionCode.TOO_LONG_CHAIN);
  }

  @Test
  void accept_conflictWithOneThatDoesNotSignal_isRefused() {
    OutPoint coin = pool.coin();
    pool.in(payment(coin).make());

    assertThat(pool.refused(payment(coin).fee(50_000).make())).isEqualTo(RejectionCode.CONFLICT);
  }

  @Test
  void accept_conflictWithOneThatSignals_replacesItAndItsDescendants() {
    OutPoint coin = pool.coin();
    Transaction old = pool.in(payment(coin).replaceable().make());
    Transaction child = pool.in(payment(old.outPoint(0)).make());

    MempoolOutcome outcome = pool.offer(payment(coin).fee(5_000).make());

    assertThat(txids(removals(outcome))).containsExactly(child.txid(), old.txid());
    assertThat(removals(outcome)).allMatch(removal -> removal.reason() == RemovalReason.REPLACED);
    assertThat(pool.mempool.size()).isEqualTo(1);
  }

  @Test
  void accept_conflictWithChildOfOneThatSignals_replacesIt() {
    Transaction parent = pool.in(payment(pool.coin()).replaceable().make());
    pool.in(payment(parent.outPoint(0)).make());

    pool.in(payment(parent.outPoint(0)).fee(5_000).make());
  }

  @Test
  void accept_replacementAtNoBetterRate_isRefused() {
    OutPoint coin = pool.coin();
    pool.in(payment(coin).fee(1_000).replaceable().make());

    assertThat(pool.refused(payment(coin).fee(1_001).outputs(2).make()))
        .isEqualTo(RejectionCode.REPLACEMENT_REFUSED);
  }

  @Test
  void accept_replacementThatDoesNotPayForItsRoom_isRefused() {
    OutPoint coin = pool.coin();
    int room = pool.in(payment(coin).fee(1_000).replaceable().make()).virtualSize();

    assertThat(pool.refused(payment(coin).fee(1_000 + room - 1).outputs(1).make()))
        .isEqualTo(RejectionCode.REPLACEMENT_REFUSED);
    pool.in(payment(coin).fee(1_000 + room).make());
  }

  @Test
  void accept_replacementThatPaysLessThanTheDescendants_isRefused() {
    OutPoint coin = pool.coin();
    Transaction old = pool.in(payment(coin).replaceable().make());
    pool.in(payment(old.outPoint(0)).fee(90_000).make());

    assertThat(pool.refused(payment(coin).fee(50_000).make()))
        .isEqualTo(RejectionCode.REPLACEMENT_REFUSED);
  }

  @Test
  void accept_replacementWithNewUnconfirmedCoin_isRefused() {
    OutPoint coin = pool.coin();
    pool.in(payment(coin).replaceable().make());
    Transaction other = pool.in(payment(pool.coin()).make());

    assertThat(pool.refused(payment(coin, other.outPoint(0)).fee(50_000).make()))
        .isEqualTo(RejectionCode.REPLACEMENT_ADDS_UNCONFIRMED);
  }

  @Test
  void accept_replacementThatSpendsWhatItReplaces_isRefused() {
    OutPoint coin = pool.coin();
    Transaction old = pool.in(payment(coin).replaceable().make());

    assertThat(pool.refused(payment(coin, old.outPoint(0)).fee(50_000).make()))
        .isEqualTo(RejectionCode.CONFLICT);
  }

  @Test
  void accept_replacementOf101_isRefused() {
    List<OutPoint> coins = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      coins.add(pool.coin());
      pool.in(payment(coins.get(i)).fee(200).replaceable().make());
    }

    assertThat(pool.refused(payment(coins.toArray(OutPoint[]::new)).fee(500_000).make()))
        .isEqualTo(RejectionCode.TOO_MANY_REPLACEMENTS);
    coins.remove(100);
    pool.in(payment(coins.toArray(OutPoint[]::new)).fee(500_000).make());
  }

  @Test
  void accept_replacementOf101ThatDoNotSignal_isRefusedForTheirNumber() {
    List<OutPoint> coins = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      coins.add(pool.coin());
      pool.in(payment(coins.get(i)).make());
    }

    assertThat(pool.refused(payment(coins.toArray(OutPoint[]::new)).fee(500_000).make()))
        .isEqualTo(RejectionCode.TOO_MANY_REPLACEMENTS);
    coins.remove(100);
    assertThat(pool.refused(payment(coins.toArray(OutPoint[]::new)).fee(500_000).make()))
        .isEqualTo(RejectionCode.CONFLICT);
  }

  @Test
  void accept_replacementOf101WithDescendants_isRefused() {
    List<OutPoint> coins = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      coins.add(pool.coin());
      Transaction parent = pool.in(payment(coins.get(i)).fee(200).replaceable().make());
      pool.in(payment(parent.outPoint(0)).fee(200).make());
    }

    assertThat(pool.refused(payment(coins.toArray(OutPoint[]::new)).fee(500_000).make()))
        .isEqualTo(RejectionCode.TOO_MANY_REPLACEMENTS);
  }

  @Test
  void accept_full_evictsThePackageWorthLeastAndAsksForMore() {
    PoolFixture small = PoolFixture.with(new MempoolLimits(1_000, 1_000, 25, 101_000, 1_000));
    Transaction parent = small.in(small.payments.payment(small.coin()).fee(120).make());
    Transaction child = small.in(small.payments.payment(parent.outPoint(0)).fee(9_000).make());
    Transaction poor = small.in(small.payments.payment(small.coin()).fee(330).make());
    List<Removal> gone = new ArrayList<>();
    while (gone.isEmpty()) {
      gone.addAll(removals(small.offer(small.payments.payment(small.coin()).fee(2_000).make())));
    }

    assertThat(txids(gone)).containsExactly(poor.txid());
    assertThat(gone.get(0).reason()).isEqualTo(RemovalReason.EVICTED);
    assertThat(small.mempool.contains(child.txid())).isTrue();
    assertThat(small.mempool.minFeePerKilobyte(small.now))
        .isEqualTo(FeeRate.of(330, poor.virtualSize()).unitsPerKilobyte() + 1_000);
    assertThat(small.refused(small.payments.payment(small.coin()).fee(330).make()))
        .isEqualTo(RejectionCode.MEMPOOL_FULL);
  }

  @Test
  void accept_fullOfBetter_isRefusedAndNothingIsLeft() {
    PoolFixture small = PoolFixture.with(new MempoolLimits(1_000, 1_000, 25, 101_000, 1_000));
    for (int i = 0; i < 9; i++) {
      small.in(small.payments.payment(small.coin()).fee(2_000).make());
    }

    assertThat(small.refused(small.payments.payment(small.coin()).fee(1_000).make()))
        .isEqualTo(RejectionCode.MEMPOOL_FULL);
    assertThat(small.mempool.minFeePerKilobyte(small.now)).isEqualTo(1_000);
  }

  @Test
  void apply_lessRoom_evictsWhatIsWorthLeastAndAsksForMore() {
    Transaction poor = pool.in(payment(pool.coin()).fee(330).make());
    Transaction child = pool.in(payment(poor.outPoint(0)).fee(340).make());
    Transaction good = pool.in(payment(pool.coin()).fee(100_000).data(90).make());
    MempoolLimits less = new MempoolLimits(good.virtualSize(), 1_000, 25, 101_000, 1_000);

    List<Removal> gone = pool.mempool.apply(less, pool.now);

    assertThat(txids(gone)).containsExactly(child.txid(), poor.txid());
    assertThat(gone).allMatch(removal -> removal.reason() == RemovalReason.EVICTED);
    assertThat(transactions(pool.mempool.entries())).containsExactly(good);
    assertThat(pool.mempool.limits()).isEqualTo(less);
    assertThat(pool.mempool.minFeePerKilobyte(pool.now))
        .isEqualTo(FeeRate.of(670, 2L * poor.virtualSize()).unitsPerKilobyte() + 1_000);
    assertThat(pool.mempool.stats(pool.now).flow().evicted()).isEqualTo(2);
  }

  @Test
  void apply_higherFloor_keepsWhatIsThereAndRefusesTheNext() {
    Transaction before = pool.in(payment(pool.coin()).make());
    MempoolLimits dear = new MempoolLimits(64_000_000, 50_000, 25, 101_000, 1_000);

    assertThat(pool.mempool.apply(dear, pool.now)).isEmpty();

    assertThat(transactions(pool.mempool.entries())).containsExactly(before);
    assertThat(pool.refused(payment(pool.coin()).make())).isEqualTo(RejectionCode.FEE_TOO_LOW);
    assertThat(pool.mempool.minFeePerKilobyte(pool.now)).isEqualTo(50_000);
    pool.in(payment(pool.coin()).fee(50_000).make());
  }

  @Test
  void apply_shorterChains_keepsTheLongOneAndLetsItGrowNoMore() {
    Transaction last = pool.chainOf(5);

    assertThat(pool.mempool.apply(new MempoolLimits(64_000_000, 0, 3, 101_000, 1_000), pool.now))
        .isEmpty();

    assertThat(pool.mempool.size()).isEqualTo(5);
    assertThat(pool.refused(payment(last.outPoint(0)).make()))
        .isEqualTo(RejectionCode.TOO_LONG_CHAIN);
  }

  @Test
  void apply_shorterExpiry_isWhatTheNextExpireGoesBy() {
    pool.in(payment(pool.coin()).make());
    pool.mempool.apply(new MempoolLimits(64_000_000, 0, 3, 101_000, 10), pool.now);

    assertThat(pool.mempool.expire(pool.now + 9)).isEmpty();
    assertThat(pool.mempool.expire(pool.now + 10)).hasSize(1);
  }

  @Test
  void expire_oldParent_takesItsYoungChildren() {
    Transaction parent = pool.in(payment(pool.coin()).make());
    long expiry = MempoolLimits.DEFAULT.expirySeconds();
    pool.now += expiry - 1;
    Transaction child = pool.in(payment(parent.outPoint(0)).make());

    assertThat(pool.mempool.expire(pool.now)).isEmpty();
    List<Removal> gone = pool.mempool.expire(pool.now + 1);

    assertThat(txids(gone)).containsExactly(child.txid(), parent.txid());
    assertThat(gone).allMatch(removal -> removal.reason() == RemovalReason.EXPIRED);
  }

  @Test
  void expire_orphans_goToo() {
    Transaction parent = payment(pool.coin()).make();
    pool.offer(payment(parent.outPoint(0)).make());

    pool.mempool.expire(pool.now + 1_200);

    assertThat(pool.mempool.orphans()).isEmpty();
  }

  @Test
  void blockConnected_parentMined_childStaysWithoutAncestor() {
    Transaction parent = pool.chainOf(24);
    Transaction child = pool.in(payment(parent.outPoint(0)).make());
    List<MempoolEntry> all = pool.mempool.entries();
    Transaction first = all.get(0).transaction();

    List<Removal> gone = pool.mempool.blockConnected(pool.block(first), pool.now);
    pool.confirm(first);

    assertThat(gone).containsExactly(new Removal(all.get(0), RemovalReason.MINED));
    pool.in(payment(child.outPoint(0)).make());
  }

  @Test
  void blockConnected_anotherSpendOfTheCoin_removesConflictAndDescendants() {
    OutPoint coin = pool.coin();
    Transaction here = pool.in(payment(coin).make());
    Transaction child = pool.in(payment(here.outPoint(0)).make());

    List<Removal> gone =
        pool.mempool.blockConnected(pool.block(payment(coin).fee(1).make()), pool.now);

    assertThat(txids(gone)).containsExactly(child.txid(), here.txid());
    assertThat(gone).allMatch(removal -> removal.reason() == RemovalReason.CONFLICT);
  }

  @Test
  void blockConnected_orphanMinedOrInConflict_waitsNoMore() {
    Transaction parent = payment(pool.coin()).outputs(3).make();
    Transaction mined = payment(parent.outPoint(0)).make();
    Transaction conflicting = payment(parent.outPoint(0), parent.outPoint(1)).make();
    Transaction waiting = payment(parent.outPoint(2)).make();
    List.of(mined, conflicting, waiting).forEach(pool::offer);

    pool.mempool.blockConnected(pool.block(parent, mined), pool.now);

    assertThat(pool.mempool.orphans()).containsExactly(new OrphanTransaction(waiting, 0, pool.now));
  }

  @Test
  void revalidate_coinGone_removesItWithDescendants() {
    OutPoint coin = pool.coin();
    Transaction parent = pool.in(payment(coin).make());
    Transaction child = pool.in(payment(parent.outPoint(0)).make());
    Transaction other = pool.in(payment(pool.coin()).make());
    pool.chain.remove(coin);

    List<Removal> gone = pool.mempool.revalidate(pool.context());

    assertThat(txids(gone)).containsExactly(child.txid(), parent.txid());
    assertThat(gone).allMatch(removal -> removal.reason() == RemovalReason.INVALID);
    assertThat(transactions(pool.mempool.entries())).containsExactly(other);
  }

  @Test
  void accept_parentComesBackBelowItsChild_joinsThem() {
    Transaction parent = pool.in(payment(pool.coin()).fee(200).make());
    pool.mempool.blockConnected(pool.block(parent), pool.now);
    OutPoint coin = parent.inputs().get(0).previousOutput();
    Coin before = new Coin(pool.payments.output(coin), 1, false);
    pool.confirm(parent);
    Transaction child = pool.in(payment(parent.outPoint(0)).fee(9_000).make());
    pool.chain.remove(parent.outPoint(0));
    pool.chain.put(coin, before);

    pool.in(parent);

    assertThat(pool.mempool.revalidate(pool.context())).isEmpty();
    assertThat(transactions(pool.mempool.select(4_000_000, 80_000))).containsExactly(parent, child);
  }

  @Test
  void select_childPaysForParent_takesBothFirst() {
    Transaction middle = pool.in(payment(pool.coin()).fee(3_000).make());
    Transaction parent = pool.in(payment(pool.coin()).fee(120).make());
    Transaction child = pool.in(payment(parent.outPoint(0)).fee(20_000).make());

    assertThat(transactions(pool.mempool.select(4_000_000, 80_000)))
        .containsExactly(parent, child, middle);
    assertThat(transactions(pool.mempool.select(child.weight() * 2L, 80_000)))
        .containsExactly(parent, child);
  }

  @Test
  void select_equalRates_inOrderOfArrival() {
    List<Transaction> paid = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      paid.add(pool.in(payment(pool.coin()).make()));
    }

    assertThat(transactions(pool.mempool.select(4_000_000, 80_000))).isEqualTo(paid);
  }

  @Test
  void select_noRoomForTheBest_takesWhatFits() {
    pool.in(payment(pool.coin()).fee(90_000).outputs(50).make());
    Transaction small = pool.in(payment(pool.coin()).make());

    assertThat(transactions(pool.mempool.select(1_000, 80_000))).containsExactly(small);
  }

  @Test
  void select_signatureOperationsUsedUp_leavesTheRest() {
    pool.in(payment(pool.coin()).fee(5_000).toLegacy().make());
    Transaction light = pool.in(payment(pool.coin()).make());

    assertThat(transactions(pool.mempool.select(4_000_000, 4))).containsExactly(light);
  }

  @Test
  void select_moreFeesThanThereIsMoney_staysBelow() {
    for (int i = 0; i < 3; i++) {
      OutPoint coin = pool.payments.mint(Amount.MAX_UNITS);
      pool.chain.put(coin, new Coin(pool.payments.output(coin), 1, false));
      pool.in(payment(coin).fee(Amount.MAX_UNITS / 2).make());
    }

    assertThat(pool.mempool.select(4_000_000, 80_000)).hasSize(2);
  }

  @Test
  void select_thousandsThatDoNotFit_givesUp() {
    for (int i = 0; i < 1_200; i++) {
      pool.in(payment(pool.coin()).fee(5_000).outputs(10).make());
    }
    pool.in(payment(pool.coin()).make());

    assertThat(pool.mempool.select(1_000, 80_000)).isEmpty();
  }

  @Test
  void stats_afterOneOfEach_countThem() {
    OutPoint coin = pool.coin();
    Transaction mined = pool.in(payment(coin).replaceable().make());
    Transaction better = pool.in(payment(coin).fee(5_000).make());
    pool.refused(payment(pool.coin()).fee(1).make());
    pool.mempool.blockConnected(pool.block(better), pool.now);
    Transaction left = pool.in(payment(pool.coin()).fee(700).make());

    MempoolStats stats = pool.mempool.stats(pool.now);

    assertThat(mined.txid()).isNotEqualTo(better.txid());
    assertThat(stats.flow()).isEqualTo(new MempoolStats.Flow(3, 1, 1, 0, 1, 0, 0, 0));
    assertThat(stats.virtualBytes()).isEqualTo(left.virtualSize());
    assertThat(stats.feeUnits()).isEqualTo(700);
    assertThat(stats.minFeePerKilobyte()).isEqualTo(1_000);
    assertThat(stats.orphans().capacity()).isEqualTo(100);
  }
}
