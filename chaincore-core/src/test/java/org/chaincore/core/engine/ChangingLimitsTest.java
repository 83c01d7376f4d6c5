package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.junit.jupiter.api.Test;

/** The mempool's limits, changed while the engine runs. */
class ChangingLimitsTest {
  private static final MempoolLimits SMALL = new MempoolLimits(1_000, 0, 25, 101_000, 86_400);
  private static final MempoolLimits DEAR =
      new MempoolLimits(1_000_000, 1_000_000, 25, 101_000, 86_400);

  private final BreakingStore store = new BreakingStore(InMemoryChainStore.create());
  private final ChainFixture chain = ChainFixture.on(store, 1_000);

  private List<Transaction> fill(int payments) {
    chain.mine(payments + ChainFixture.MATURITY);
    List<Transaction> paid = new ArrayList<>();
    for (int i = 0; i < payments; i++) {
      paid.add(chain.pay(chain.coin(), 40_000 - i));
      assertThat(chain.offer(paid.get(i))).isInstanceOf(MempoolOutcome.Accepted.class);
    }
    return paid;
  }

  @Test
  void apply_lessRoom_tellsOfEachEviction() {
    List<Transaction> paid = fill(20);
    int kept = 1_000 / paid.get(0).virtualSize();
    long cursor = chain.engine().events().cursor();

    chain.engine().apply(SMALL, chain.now());

    assertThat(chain.mempool())
        .isEqualTo(paid.subList(20 - kept, 20).stream().map(Transaction::txid).toList());
    assertThat(chain.eventsFrom(cursor))
        .isEqualTo(
            paid.subList(0, 20 - kept).stream()
                .map(gone -> new ChainEvent.TransactionRemoved(gone.txid(), RemovalReason.EVICTED))
                .toList());
    assertThat(chain.engine().mempoolLimits()).isEqualTo(SMALL);
  }

  @Test
  void apply_higherFloor_holdsForWhatComesNext() {
    fill(2);

    chain.engine().apply(DEAR, chain.now());

    assertThat(chain.mempool()).hasSize(2);
    assertThat(chain.engine().mempoolStats(chain.now()).minFeePerKilobyte()).isEqualTo(1_000_000);
    chain.mine(1);
    MempoolOutcome outcome = chain.offer(chain.pay(chain.coin(), 40_000));
    assertThat(((MempoolOutcome.Rejected) outcome).rejection().code())
        .isEqualTo(RejectionCode.FEE_TOO_LOW);
  }

  @Test
  void apply_sameLimits_tellsOfNothing() {
    fill(2);
    long cursor = chain.engine().events().cursor();

    chain.engine().apply(chain.engine().mempoolLimits(), chain.now());

    assertThat(chain.engine().events().cursor()).isEqualTo(cursor);
    assertThat(chain.mempool()).hasSize(2);
  }

  @Test
  void apply_fromWithinAChange_isRefusedAndChangesNothing() {
    fill(20);
    MempoolLimits before = chain.engine().mempoolLimits();
    List<Throwable> refusals = new ArrayList<>();
    store.onCommit(
        () -> {
          try {
            chain.engine().apply(SMALL, chain.now());
          } catch (IllegalStateException e) {
            refusals.add(e);
          }
        },
        () -> {});

    chain.mine(1);

    assertThat(refusals).hasSize(1);
    assertThat(chain.engine().mempoolLimits()).isEqualTo(before);
    assertThat(chain.mempool()).hasSize(20);
  }

  @Test
  void apply_storeStillBroken_changesNothing() {
    List<Transaction> paid = fill(20);
    MempoolLimits before = chain.engine().mempoolLimits();
    Block parent = chain.branch(chain.tip(), 1).get(0);
    Block child = chain.branch(parent, 1).get(0);
    chain.deliver(child);
    // The parent is committed, and the orphan that waited for it is not: a rest to be taken up.
    store.onCommit(() -> {}, () -> store.breakAfter(0));
    assertThatThrownBy(() -> chain.deliver(parent)).isInstanceOf(StoreException.class);
    store.onCommit(() -> {}, () -> {});
    assertThat(chain.engine().view().tip().hash()).isEqualTo(parent.hash());
    store.breakAfter(0);

    assertThatThrownBy(() -> chain.engine().apply(SMALL, chain.now()))
        .isInstanceOf(StoreException.class);

    assertThat(chain.engine().mempoolLimits()).isEqualTo(before);
    assertThat(chain.mempool()).isEqualTo(paid.stream().map(Transaction::txid).toList());
    store.mend();
    chain.engine().apply(SMALL, chain.now());
    assertThat(chain.engine().mempoolLimits()).isEqualTo(SMALL);
    assertThat(chain.engine().view().tip().hash()).isEqualTo(child.hash());
  }
}
