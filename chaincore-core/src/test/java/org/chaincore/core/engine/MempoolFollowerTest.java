package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class MempoolFollowerTest {
  private final ChainFixture chain = ChainFixture.begin();

  private List<RemovalReason> reasonsFor(Transaction transaction) {
    return chain.eventsFrom(0).stream()
        .filter(event -> event instanceof ChainEvent.TransactionRemoved)
        .map(event -> (ChainEvent.TransactionRemoved) event)
        .filter(removed -> removed.txid().equals(transaction.txid()))
        .map(ChainEvent.TransactionRemoved::reason)
        .toList();
  }

  @Test
  void accept_blockWithTransaction_takesItOut() {
    chain.mine(4);
    Transaction payment = chain.pay(chain.coin(), 40_000);
    assertThat(chain.offer(payment)).isInstanceOf(MempoolOutcome.Accepted.class);
    chain.mineWith(payment);
    assertThat(chain.mempool()).isEmpty();
    assertThat(reasonsFor(payment)).containsExactly(RemovalReason.MINED);
  }

  @Test
  void accept_reorganisation_putsTransactionsBack() {
    chain.mine(4);
    Transaction parent = chain.pay(chain.coin(), 40_000);
    Transaction child = chain.pay(parent.outPoint(0), 30_000);
    Block stale = chain.blockOn(chain.tip(), parent, child);
    List<Block> longer = chain.branch(chain.tip(), 2);
    chain.deliver(stale);
    chain.deliver(longer);
    assertThat(chain.mempool()).containsExactly(parent.txid(), child.txid());
    chain.mineWith(parent, child);
    assertThat(chain.mempool()).isEmpty();
  }

  @Test
  void accept_reorganisationThatMinesItToo_doesNotPutItBack() {
    chain.mine(4);
    Transaction payment = chain.pay(chain.coin(), 40_000);
    Transaction next = chain.pay(payment.outPoint(0), 30_000);
    Block stale = chain.blockOn(chain.tip(), payment);
    Block other = chain.blockOn(chain.tip(), payment, next);
    Block top = chain.branch(other, 1).get(0);
    chain.deliver(List.of(stale, other, top));
    assertThat(chain.mempool()).isEmpty();
    assertThat(reasonsFor(payment)).isEmpty();
  }

  @Test
  void accept_reorganisationThatMinesAConflict_tellsOfTheLoser() {
    chain.mine(4);
    OutPoint coin = chain.coin();
    Transaction loser = chain.pay(coin, 40_000);
    Transaction winner = chain.pay(coin, 39_000);
    chain.offer(loser);
    Block stale = chain.blockOn(chain.tip(), loser);
    Block other = chain.blockOn(chain.tip(), winner);
    Block top = chain.branch(other, 1).get(0);
    chain.deliver(List.of(stale, other, top));
    assertThat(chain.mempool()).isEmpty();
    assertThat(reasonsFor(loser)).containsExactly(RemovalReason.MINED, RemovalReason.CONFLICT);
  }

  @Test
  void accept_blockWithConflict_takesItAndItsChildrenOut() {
    chain.mine(4);
    OutPoint coin = chain.coin();
    Transaction loser = chain.pay(coin, 40_000);
    Transaction child = chain.pay(loser.outPoint(0), 30_000);
    chain.offer(loser);
    chain.offer(child);
    chain.mineWith(chain.pay(coin, 39_000));
    assertThat(chain.mempool()).isEmpty();
    assertThat(reasonsFor(loser)).containsExactly(RemovalReason.CONFLICT);
    assertThat(reasonsFor(child)).containsExactly(RemovalReason.CONFLICT);
  }

  @Test
  void accept_reorganisationUnripensACoinbase_dropsItsSpend() {
    chain.mine(3);
    Transaction spend = chain.pay(chain.coin(), 40_000);
    chain.offer(spend);
    chain.engine().invalidate(chain.tip().hash(), chain.now());
    assertThat(chain.mempool()).isEmpty();
    assertThat(reasonsFor(spend)).containsExactly(RemovalReason.INVALID);
  }

  @Test
  void accept_reorganisationTakesTheCoinAway_tellsOfIt() {
    chain.mine(1);
    List<Block> longer = chain.branch(chain.tip(), 6);
    List<Block> stale = chain.mine(3);
    OutPoint coinbase = stale.get(0).transactions().get(0).outPoint(0);
    Transaction spend = chain.pay(coinbase, 40_000);
    chain.offer(spend);
    chain.mineWith(spend);
    chain.deliver(longer);
    assertThat(chain.mempool()).isEmpty();
    assertThat(reasonsFor(spend)).containsExactly(RemovalReason.MINED, RemovalReason.INVALID);
  }

  @Test
  void accept_parentOfOrphanTransaction_takesBothIn() {
    chain.mine(4);
    Transaction parent = chain.pay(chain.coin(), 40_000);
    Transaction child = chain.pay(parent.outPoint(0), 30_000);
    Transaction grandchild = chain.pay(child.outPoint(0), 20_000);
    assertThat(chain.offer(grandchild)).isInstanceOf(MempoolOutcome.Orphaned.class);
    assertThat(chain.offer(child)).isInstanceOf(MempoolOutcome.Orphaned.class);
    chain.offer(parent);
    assertThat(chain.mempool()).containsExactly(parent.txid(), child.txid(), grandchild.txid());
  }

  @Test
  void accept_blockWithParentOfOrphanTransaction_takesTheChildIn() {
    chain.mine(4);
    Transaction parent = chain.pay(chain.coin(), 40_000);
    Transaction child = chain.pay(parent.outPoint(0), 30_000);
    chain.offer(child);
    chain.mineWith(parent);
    assertThat(chain.mempool()).containsExactly(child.txid());
  }

  @Test
  void expire_oldTransaction_isTold() {
    chain.mine(4);
    Transaction payment = chain.pay(chain.coin(), 40_000);
    chain.offer(payment);
    assertThat(chain.engine().mempoolEntry(payment.txid())).isPresent();
    chain.engine().expire(chain.now() + 86_400);
    assertThat(reasonsFor(payment)).containsExactly(RemovalReason.EXPIRED);
  }

  @Test
  void accept_randomTrees_noTransactionIsLostUntold() {
    SeededRun.of(1_000, 30)
        .check(
            (random, size) -> {
              RandomTree tree = RandomTree.of(random, size);
              ChainEngine engine =
                  ChainEngine.open(
                      EngineSetup.inMemory(RandomTree.PARAMS)
                          .withLimits(
                              ChainFixture.setupOn(InMemoryChainStore.create(), 1_000).limits())
                          .withSignatures(new MarkedSignatures()));
              for (Block block : tree.shuffled()) {
                for (Transaction transaction : block.transactions()) {
                  if (random.nextInt(2) == 0) {
                    engine.accept(transaction, 0, RandomTree.NOW);
                  }
                }
                engine.accept(block, 0, RandomTree.NOW);
                if (random.nextInt(6) == 0) {
                  engine.invalidate(block.hash(), RandomTree.NOW);
                }
                checkAccounts(engine);
              }
            });
  }

  /** What the events say of each transaction is where it is. */
  private static void checkAccounts(ChainEngine engine) {
    Map<Hash256, RemovalReason> left = new HashMap<>();
    Set<Hash256> in = new HashSet<>();
    EventReader.Page.Events page = (EventReader.Page.Events) engine.events().read(0, 10_000);
    for (ChainEvent event : page.events()) {
      if (event instanceof ChainEvent.TransactionAccepted accepted) {
        assertThat(in.add(accepted.transaction().txid())).isTrue();
        left.remove(accepted.transaction().txid());
      } else if (event instanceof ChainEvent.TransactionRemoved removed) {
        in.remove(removed.txid());
        left.put(removed.txid(), removed.reason());
      }
    }
    Set<Hash256> mempool =
        engine.mempool().stream()
            .map(entry -> entry.transaction().txid())
            .collect(Collectors.toSet());
    assertThat(in).isEqualTo(mempool);
    Set<Hash256> mined =
        engine.view().above(engine.view().at(0).orElseThrow(), 1_000).stream()
            .flatMap(node -> engine.block(node.hash()).orElseThrow().transactions().stream())
            .map(Transaction::txid)
            .collect(Collectors.toSet());
    left.forEach(
        (txid, reason) -> {
          if (reason == RemovalReason.MINED) {
            assertThat(mined).contains(txid);
          }
        });
  }
}
