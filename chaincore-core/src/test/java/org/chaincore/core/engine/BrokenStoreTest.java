package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/** Nothing half-applied, nothing lost, when the store fails. */
class BrokenStoreTest {
  private static final int DEEP = 1_000;

  private final BreakingStore store = new BreakingStore(InMemoryChainStore.create());
  private final ChainFixture chain = ChainFixture.on(store, DEEP);

  /** All that a caller can see. */
  private record Seen(
      Hash256 tip,
      long coins,
      List<Hash256> orphans,
      Set<Hash256> mempool,
      Set<Hash256> invalid,
      long cursor) {
    static Seen of(ChainEngine engine, List<Block> blocks) {
      Set<Hash256> invalid =
          blocks.stream()
              .flatMap(block -> engine.view().find(block.hash()).stream())
              .filter(HeaderNode::isInvalid)
              .map(HeaderNode::hash)
              .collect(Collectors.toSet());
      return new Seen(
          engine.view().tip().hash(),
          engine.coinCount(),
          engine.orphans().stream().map(OrphanBlock::hash).toList(),
          engine.mempool().stream().map(e -> e.transaction().txid()).collect(Collectors.toSet()),
          invalid,
          engine.events().cursor());
    }

    Seen withoutCursor() {
      return new Seen(tip, coins, orphans, mempool, invalid, 0);
    }
  }

  @Test
  void accept_storeFailsAtCommit_leavesNoTraceAndTakesItLater() {
    chain.mine(2);
    Block block = chain.branch(chain.tip(), 1).get(0);
    Seen before = Seen.of(chain.engine(), List.of(block));
    store.breakAfter(0);
    assertThatThrownBy(() -> chain.deliver(block)).isInstanceOf(StoreException.class);
    assertThat(Seen.of(chain.engine(), List.of(block))).isEqualTo(before);
    assertThat(chain.engine().view().find(block.hash())).isEmpty();
    assertThat(chain.deliver(block)).isInstanceOf(BlockOutcome.Accepted.class);
    assertThat(chain.engine().view().height()).isEqualTo(3);
  }

  @Test
  void acceptHeaders_storeFails_leavesNoHeaders() {
    List<Block> branch = chain.branch(chain.genesis(), 5);
    var headers = branch.stream().map(Block::header).toList();
    store.breakAfter(0);
    assertThatThrownBy(() -> chain.engine().acceptHeaders(headers, chain.now()))
        .isInstanceOf(StoreException.class);
    assertThat(chain.engine().view().find(branch.get(0).hash())).isEmpty();
    assertThat(chain.engine().acceptHeaders(headers, chain.now()).added()).isEqualTo(5);
  }

  @Test
  void accept_storeFailsAtOrphan_keepsItAndRecoversItLater() {
    List<Block> branch = chain.branch(chain.genesis(), 3);
    chain.deliver(branch.subList(1, 3));
    store.onCommit(() -> {}, () -> store.breakAfter(0));
    assertThatThrownBy(() -> chain.deliver(branch.get(0))).isInstanceOf(StoreException.class);
    store.onCommit(() -> {}, () -> {});
    store.mend();
    assertThat(chain.engine().view().height()).isEqualTo(1);
    assertThat(chain.engine().orphans()).hasSize(2);
    chain.engine().expire(chain.now());
    assertThat(chain.engine().view().height()).isEqualTo(3);
    assertThat(chain.engine().orphans()).isEmpty();
  }

  @Test
  void invalidate_storeFails_leavesChainAndMark() {
    List<Block> mined = chain.mine(4);
    Seen before = Seen.of(chain.engine(), mined);
    for (int call = 0; call < 4; call++) {
      store.breakAfter(call);
      assertThatThrownBy(() -> chain.engine().invalidate(mined.get(2).hash(), chain.now()))
          .isInstanceOf(StoreException.class);
      assertThat(Seen.of(chain.engine(), mined)).isEqualTo(before);
    }
    store.mend();
    assertThat(chain.engine().invalidate(mined.get(2).hash(), chain.now())).isTrue();
    assertThat(chain.engine().view().height()).isEqualTo(2);
  }

  @Test
  void reconsider_storeFailsAfterMarks_goesOnWithNextChange() {
    List<Block> mined = chain.mine(4);
    chain.engine().invalidate(mined.get(1).hash(), chain.now());
    store.breakAfter(1);
    assertThatThrownBy(() -> chain.engine().reconsider(mined.get(1).hash(), chain.now()))
        .isInstanceOf(StoreException.class);
    assertThat(chain.engine().view().height()).isEqualTo(1);
    chain.engine().expire(chain.now());
    assertThat(chain.engine().view().height()).isEqualTo(4);
  }

  @Test
  void open_storeStoppedBetweenMarksAndMove_findsBestChain() {
    List<Block> mined = chain.mine(4);
    chain.engine().invalidate(mined.get(1).hash(), chain.now());
    store.breakAfter(1);
    assertThatThrownBy(() -> chain.engine().reconsider(mined.get(1).hash(), chain.now()))
        .isInstanceOf(StoreException.class);
    chain.restart();
    assertThat(chain.engine().view().height()).isEqualTo(4);
  }

  @Test
  void template_mempoolCouldNotFollow_staysOnItsOwnChain() {
    chain.mine(4);
    Transaction payment = chain.pay(chain.coin(), 40_000);
    chain.offer(payment);
    Transaction other = chain.pay(chain.coin(), 40_000);
    Block left = chain.blockOn(chain.tip(), other);
    Block right = chain.blockOn(chain.tip(), payment);
    Block top = chain.branch(right, 1).get(0);
    chain.deliver(List.of(left, right));
    // The move itself reads four times before its commit; the mempool's reads come after.
    store.onCommit(() -> {}, () -> store.breakAfter(0));
    assertThatThrownBy(() -> chain.deliver(top)).isInstanceOf(StoreException.class);
    store.onCommit(() -> {}, () -> {});
    store.mend();
    assertThat(chain.engine().view().tip().hash()).isEqualTo(top.hash());
    assertThat(chain.mempool()).contains(payment.txid());
    chain.engine().expire(chain.now());
    assertThat(chain.mempool()).containsExactly(other.txid());
  }

  @Test
  void commit_whileItRuns_readersSeeTheOldChain() {
    chain.mine(3);
    Transaction payment = chain.pay(chain.coin(), 30_000);
    chain.offer(payment);
    ChainFixture.Fork fork = chain.fork(1, 2);
    chain.deliver(fork.left());
    List<String> seen = new ArrayList<>();
    for (Block block : fork.right()) {
      Seen before = Seen.of(chain.engine(), List.of());
      Supplier<Seen> now =
          () ->
              new Seen(
                  chain.engine().view().tip().hash(),
                  before.coins(),
                  before.orphans(),
                  before.mempool(),
                  Set.of(),
                  chain.engine().events().cursor());
      Runnable look = () -> seen.add(now.get().equals(before) ? "old" : "new");
      store.onCommit(look, look);
      chain.deliver(block);
    }
    assertThat(seen).containsExactly("old", "old", "old", "old");
    assertThat(chain.engine().view().tip().hash()).isEqualTo(fork.right().get(1).hash());
  }

  @Test
  void change_storeFailsAnywhere_endsLikeAWholeOne() {
    SeededRun.of(1_000, 20).check((random, size) -> new Twins(random, size).run());
  }

  /** Two engines that are told the same, one on a store that breaks now and then. */
  private static final class Twins {
    private final RandomGenerator random;
    private final RandomTree tree;
    private final BreakingStore breaking = new BreakingStore(InMemoryChainStore.create());
    private final ChainEngine broken;
    private final ChainEngine whole;
    private Seen afterFailure;

    Twins(RandomGenerator random, int size) {
      this.random = random;
      this.tree = RandomTree.of(random, size);
      this.broken = open(breaking);
      this.whole = open(InMemoryChainStore.create());
      this.afterFailure = Seen.of(broken, List.of());
    }

    private static ChainEngine open(ChainStore store) {
      EngineSetup setup = ChainFixture.setupOn(store, DEEP);
      return ChainEngine.open(
          EngineSetup.inMemory(RandomTree.PARAMS)
              .withStore(store)
              .withLimits(setup.limits())
              .withSignatures(new MarkedSignatures()));
    }

    void run() {
      for (Block block : tree.shuffled()) {
        change(engine -> engine.accept(block, 0, RandomTree.NOW));
        for (Transaction transaction : block.transactions()) {
          if (random.nextInt(3) == 0) {
            change(engine -> engine.accept(transaction, 0, RandomTree.NOW));
          }
        }
        Hash256 some = tree.blocks().get(random.nextInt(tree.blocks().size())).hash();
        if (random.nextInt(8) == 0) {
          change(engine -> engine.invalidate(some, RandomTree.NOW));
        } else if (random.nextInt(4) == 0) {
          changeInSteps(engine -> engine.reconsider(some, RandomTree.NOW));
        }
      }
    }

    private void change(Consumer<ChainEngine> change) {
      Seen before = Seen.of(broken, tree.blocks());
      if (changeInSteps(change)) {
        Seen after = afterFailure;
        // What was done although the store failed later is told in the events.
        if (after.cursor() == before.cursor()) {
          assertThat(after).isEqualTo(before);
        }
      }
    }

    /** Says whether the store failed. */
    private boolean changeInSteps(Consumer<ChainEngine> change) {
      breaking.breakAfter(random.nextInt(6));
      boolean failed = false;
      try {
        change.accept(broken);
      } catch (StoreException e) {
        failed = true;
      }
      breaking.mend();
      afterFailure = Seen.of(broken, tree.blocks());
      if (failed) {
        change.accept(broken);
      }
      change.accept(whole);
      assertThat(Seen.of(broken, tree.blocks()).withoutCursor())
          .isEqualTo(Seen.of(whole, tree.blocks()).withoutCursor());
      assertThat(tips(broken)).isEqualTo(tips(whole));
      return failed;
    }

    private static List<ChainEvent> tips(ChainEngine engine) {
      EventReader.Page.Events page = (EventReader.Page.Events) engine.events().read(0, 10_000);
      return page.events().stream().filter(e -> e instanceof ChainEvent.TipChanged).toList();
    }
  }
}
