package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AddressIndexTest {
  /** The slow way: from the first block on, every time. */
  private static Map<Bytes, Long> balances(ChainEngine engine) {
    Map<OutPoint, Bytes> owners = new HashMap<>();
    Map<OutPoint, Long> worths = new HashMap<>();
    HeaderNode genesis = engine.view().at(0).orElseThrow();
    for (HeaderNode node : engine.view().above(genesis, Integer.MAX_VALUE)) {
      for (Transaction transaction : engine.block(node.hash()).orElseThrow().transactions()) {
        transaction.inputs().forEach(input -> worths.remove(input.previousOutput()));
        for (int i = 0; i < transaction.outputs().size(); i++) {
          owners.put(transaction.outPoint(i), transaction.outputs().get(i).script());
          if (!DataOutput.matches(transaction.outputs().get(i).script())) {
            worths.put(transaction.outPoint(i), transaction.outputs().get(i).units());
          }
        }
      }
    }
    Map<Bytes, Long> balances = new HashMap<>();
    worths.forEach((coin, units) -> balances.merge(owners.get(coin), units, Long::sum));
    return balances;
  }

  /** Both ways to know: on the heap, and from a store that keeps indexes. */
  private static ChainStore store(boolean isIndexed) {
    return isIndexed ? InMemoryChainStore.indexed() : InMemoryChainStore.create();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void index_overRandomForks_agreesWithCountingAnew(boolean isIndexed) {
    for (long seed = 1; seed <= 8; seed++) {
      ChainStore store = store(isIndexed);
      ChainFixture chain = ChainFixture.on(store, 100);
      AddressIndex index = AddressIndex.of(store, chain.engine(), chain.locks());
      SplittableRandom random = new SplittableRandom(seed);
      chain.mine(8);
      for (int step = 0; step < 30; step++) {
        if (random.nextInt(3) == 0) {
          ChainFixture.Fork fork = chain.fork(1 + random.nextInt(2), 3);
          chain.deliver(fork.left());
          compare(index, chain, seed);
          chain.deliver(fork.right());
        } else {
          chain.mineWith(chain.pay(chain.coin(), 1_000, 2_000));
        }
        compare(index, chain, seed);
      }
    }
  }

  private static void compare(AddressIndex index, ChainFixture chain, long seed) {
    Map<Bytes, Long> expected = balances(chain.engine());
    index.ask(
        books -> {
          expected.forEach(
              (script, units) -> {
                AddressAccount account = books.ledger().account(script).orElseThrow();
                assertThat(account.balanceUnits()).as("seed " + seed).isEqualTo(units);
                assertThat(
                        account.coins().values().stream()
                            .mapToLong(AddressAccount.OwnedCoin::units)
                            .sum())
                    .isEqualTo(units);
                assertThat(
                        account.history().stream()
                            .mapToLong(AddressAccount.HistoryEntry::units)
                            .sum())
                    .isEqualTo(units);
              });
          return true;
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void index_ofReorganisedChain_forgetsTransactionsThatLeft(boolean isIndexed) {
    ChainStore store = store(isIndexed);
    ChainFixture chain = ChainFixture.on(store, 100);
    AddressIndex index = AddressIndex.of(store, chain.engine(), chain.locks());
    chain.mine(5);
    Block parent = chain.tip();
    Transaction payment = chain.pay(chain.coin(), 1_000);
    chain.mineWith(payment);
    assertThat(index.<Boolean>ask(b -> b.ledger().blockOf(payment.txid()).isPresent())).isTrue();

    chain.deliver(chain.branch(parent, 2));

    assertThat(index.<Boolean>ask(b -> b.ledger().blockOf(payment.txid()).isPresent())).isFalse();
  }

  @Test
  void index_behindManyBlocks_isBuiltPieceByPiece() {
    ChainFixture chain = ChainFixture.begin();
    AddressIndex index = AddressIndex.of(chain.engine(), chain.locks());
    chain.mine(AddressIndex.BLOCKS_AT_ONCE + 10);

    assertThat(index.catchUp()).isFalse();
    assertThat(index.catchUp()).isTrue();
  }

  @Test
  void index_beyondItsLimit_saysSoAndHarmsNobody() {
    ChainFixture chain = ChainFixture.begin();
    AddressIndex index = AddressIndex.of(chain.engine(), chain.locks(), 3);
    chain.mine(10);

    assertThatThrownBy(() -> index.ask(AddressIndex.Books::tip)).isInstanceOf(ApiFault.class);
    assertThat(chain.mine(1)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pending_followedThroughEvents_isWhatTheMempoolHolds(boolean isIndexed) {
    ChainStore store = store(isIndexed);
    ChainFixture chain = ChainFixture.on(store, 100);
    AddressIndex index = AddressIndex.of(store, chain.engine(), chain.locks());
    chain.mine(8);
    Transaction first = chain.pay(chain.coin(), 10_000);
    Transaction child = chain.pay(first.outPoint(0), 4_000);
    chain.offer(first);
    chain.offer(child);
    Bytes script = child.outputs().get(0).script();

    Map<?, Long> waiting = index.ask(books -> books.pending().of(script));
    assertThat(waiting).hasSize(2);
    assertThat(waiting.values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(4_000 - ChainFixture.REWARD);
    assertThat(index.<Boolean>ask(b -> b.pending().isSpent(first.outPoint(0)))).isTrue();
    chain.mineWith(first);

    assertThat(index.<Map<?, Long>>ask(b -> b.pending().of(script))).hasSize(1);
    assertThat(List.of(chain.tip().transactions().get(1))).containsExactly(first);
  }

  @Test
  void account_ofBothKinds_isTheSame() {
    ChainStore store = InMemoryChainStore.indexed();
    ChainFixture chain = ChainFixture.on(store, 100);
    AddressIndex stored = AddressIndex.of(store, chain.engine(), chain.locks());
    AddressIndex heap = AddressIndex.of(chain.engine(), LockRegistry.create());
    chain.mine(30);
    for (int i = 0; i < 10; i++) {
      Transaction first = chain.pay(chain.coin(), 9_000, 8_000);
      chain.mineWith(first, chain.pay(first.outPoint(0), 4_000, 3_000), chain.pay(chain.coin(), 5));
    }
    for (Bytes script : balances(chain.engine()).keySet()) {
      AddressAccount expected = account(heap, script);
      AddressAccount account = account(stored, script);
      assertThat(account.balanceUnits()).isEqualTo(expected.balanceUnits());
      assertThat(account.history()).isEqualTo(expected.history());
      assertThat(account.coins().keySet()).isEqualTo(expected.coins().keySet());
      account
          .coins()
          .forEach(
              (at, coin) -> {
                AddressAccount.OwnedCoin of = Objects.requireNonNull(expected.coins().get(at));
                assertThat(of.isCoinbase()).isEqualTo(coin.isCoinbase());
                assertThat(of.height()).isEqualTo(coin.height());
                assertThat(of.units()).isEqualTo(coin.units());
              });
      for (int height = 0; height <= 40; height++) {
        int above = height;
        assertThat(stored.<Long>ask(b -> b.ledger().coinbaseUnitsAbove(above, account)))
            .isEqualTo(heap.<Long>ask(b -> b.ledger().coinbaseUnitsAbove(above, expected)));
      }
    }
    assertThat(stored.<Boolean>ask(b -> b.ledger().account(Bytes.of((byte) 9)).isPresent()))
        .isFalse();
  }

  private static AddressAccount account(AddressIndex index, Bytes script) {
    return index.ask(books -> books.ledger().account(script).orElseThrow());
  }

  @Test
  void account_ofAStoreWithMoreThanAPage_isWhole() {
    ChainStore store = InMemoryChainStore.indexed();
    ChainFixture chain = ChainFixture.on(store, 100);
    AddressIndex index = AddressIndex.of(store, chain.engine(), chain.locks());
    chain.mine(800);
    Bytes script = chain.tip().transactions().get(0).outputs().get(0).script();
    AddressAccount account = account(index, script);
    assertThat(account.coins()).hasSize(800);
    assertThat(account.history()).hasSize(800);
  }
}
