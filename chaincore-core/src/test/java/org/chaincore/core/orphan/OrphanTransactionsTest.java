package org.chaincore.core.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

class OrphanTransactionsTest {
  private final Payments payments = Payments.withAnySignature();
  private final OrphanTransactions orphans = OrphanTransactions.of(OrphanLimits.DEFAULT);

  private Transaction orphan() {
    return payments.payment(payments.mint(10_000)).make();
  }

  @Test
  void add_sameAgain_staysOnceAsItCame() {
    Transaction orphan = orphan();

    assertThat(orphans.add(orphan, 1, 10)).isTrue();
    assertThat(orphans.add(orphan, 2, 20)).isTrue();
    assertThat(orphans.list()).containsExactly(new OrphanTransaction(orphan, 1, 10));
  }

  @Test
  void add_sameTxidWithSpoiledWitness_keepsBoth() {
    Transaction orphan = orphan();
    Transaction spoiled =
        orphan.withInputs(
            List.of(orphan.inputs().get(0).withWitness(Witness.of(Bytes.of((byte) 1)))));

    orphans.add(spoiled, 1, 10);
    orphans.add(orphan, 2, 10);

    assertThat(orphans.childrenOf(orphan.inputs().get(0).previousOutput().txid()))
        .containsExactly(
            new OrphanTransaction(spoiled, 1, 10), new OrphanTransaction(orphan, 2, 10));
  }

  @Test
  void add_floodOfOneSource_leavesTheSharesOfOthers() {
    List<Transaction> honest = new ArrayList<>();
    for (int source = 2; source < 12; source++) {
      for (int i = 0; i < 4; i++) {
        honest.add(orphan());
        orphans.add(honest.get(honest.size() - 1), source, 10);
      }
    }
    for (int i = 0; i < 500; i++) {
      orphans.add(orphan(), 1, 20);
    }

    assertThat(orphans.stats().size()).isEqualTo(100);
    assertThat(honest).allMatch(transaction -> orphans.contains(transaction.wtxid()));
  }

  @Test
  void add_noPlaces_isRefused() {
    OrphanTransactions none = OrphanTransactions.of(new OrphanLimits(1, 10_000, 0, 0, 10));

    assertThat(none.add(orphan(), 1, 1)).isFalse();
    assertThat(none.stats().evicted()).isEqualTo(1);
  }

  @Test
  void remove_oneThatIsNotThere_changesNothing() {
    orphans.remove(orphan());

    assertThat(orphans.stats().recovered()).isZero();
  }

  @Test
  void expire_old_areForgottenWithTheirPlace() {
    Transaction orphan = orphan();
    orphans.add(orphan, 1, 10);

    assertThat(orphans.expire(1_209)).isEmpty();
    assertThat(orphans.expire(1_210)).containsExactly(new OrphanTransaction(orphan, 1, 10));
    assertThat(orphans.childrenOf(orphan.inputs().get(0).previousOutput().txid())).isEmpty();
    assertThat(orphans.stats().expired()).isEqualTo(1);
  }
}
