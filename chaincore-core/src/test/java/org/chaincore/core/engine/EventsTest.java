package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.core.block.Block;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventsTest {
  private final ChainFixture chain = ChainFixture.begin();

  @Test
  void accept_reorganisation_isOneEvent() {
    chain.mine(2);
    ChainFixture.Fork fork = chain.fork(3, 5);
    chain.deliver(fork.left());
    chain.deliver(fork.right().subList(0, 3));
    long cursor = chain.engine().events().cursor();
    chain.deliver(fork.right().get(3));
    ChainEvent event = chain.eventsFrom(cursor).get(0);
    assertThat(chain.eventsFrom(cursor)).hasSize(1);
    assertThat(((ChainEvent.TipChanged) event).disconnected())
        .extracting(ChainEvent.BlockRef::height)
        .containsExactly(5, 4, 3);
    assertThat(((ChainEvent.TipChanged) event).connected())
        .extracting(ChainEvent.BlockRef::hash)
        .isEqualTo(fork.right().subList(0, 4).stream().map(Block::hash).toList());
  }

  @Test
  void accept_orphansThenParent_toldInOrder() {
    List<Block> branch = chain.branch(chain.genesis(), 3);
    chain.deliver(List.of(branch.get(2), branch.get(1), branch.get(0)));
    assertThat(chain.eventsFrom(0))
        .<Class<?>>extracting(Object::getClass)
        .containsExactly(
            ChainEvent.BlockOrphaned.class,
            ChainEvent.BlockOrphaned.class,
            ChainEvent.TipChanged.class,
            ChainEvent.TipChanged.class,
            ChainEvent.OrphanRecovered.class,
            ChainEvent.TipChanged.class,
            ChainEvent.OrphanRecovered.class);
  }

  @Test
  void accept_invalidParentOfOrphans_dropsThemAndSaysSo() {
    Block bad = chain.draftOn(chain.genesis()).reward(2 * ChainFixture.REWARD).make();
    List<Block> above = chain.branch(bad, 2);
    chain.deliver(above);
    chain.deliver(bad);
    assertThat(chain.engine().orphans()).isEmpty();
    assertThat(chain.eventsFrom(2))
        .extracting(event -> ((ChainEvent.BlockRejected) event).rejection().code())
        .containsExactly(
            RejectionCode.BAD_COINBASE_AMOUNT,
            RejectionCode.INVALID_PARENT,
            RejectionCode.INVALID_PARENT);
  }

  @Test
  void accept_oneBadBlockOverAndOver_toldOnce() {
    Block bad = chain.draftOn(chain.genesis()).reward(2 * ChainFixture.REWARD).make();
    Block foreign = chain.draftOn(chain.genesis()).foreignRoot().make();
    Block workless = chain.draftOn(chain.genesis()).unmined().make();
    for (int i = 0; i < 3; i++) {
      chain.deliver(List.of(bad, foreign, workless));
    }
    assertThat(chain.eventsFrom(0)).hasSize(1);
  }

  @Test
  void accept_orphanWithoutWork_countedNotKept() {
    Block unknown = chain.branch(chain.genesis(), 1).get(0);
    BlockOutcome outcome = chain.deliver(chain.draftOn(unknown).unmined().make());
    assertThat(outcome).isInstanceOf(BlockOutcome.Rejected.class);
    assertThat(chain.engine().orphanStats().rejectedPow()).isEqualTo(1);
    assertThat(chain.engine().orphans()).isEmpty();
  }

  @Test
  void accept_tooDeep_toldAndLeftToTheHost() {
    ChainFixture shallow = ChainFixture.on(InMemoryChainStore.create(), 2);
    ChainFixture.Fork fork = shallow.fork(3, 4);
    shallow.deliver(fork.left());
    shallow.deliver(fork.right());
    assertThat(shallow.engine().view().tip().hash()).isEqualTo(fork.left().get(2).hash());
    assertThat(shallow.eventsFrom(0))
        .filteredOn(event -> event instanceof ChainEvent.ReorgRefused)
        .extracting(event -> ((ChainEvent.ReorgRefused) event).depth())
        .containsExactly(3);
    shallow.engine().allowDeepReorg(shallow.now());
    assertThat(shallow.engine().view().tip().hash()).isEqualTo(fork.right().get(3).hash());
  }

  @Test
  void invalidate_besideADeepBranchOfMoreWork_doesNotFollowThat() {
    ChainFixture shallow = ChainFixture.on(InMemoryChainStore.create(), 2);
    ChainFixture.Fork fork = shallow.fork(5, 6);
    shallow.deliver(fork.left());
    shallow.deliver(fork.right());
    shallow.engine().invalidate(fork.left().get(4).hash(), shallow.now());
    assertThat(shallow.engine().view().tip().hash()).isEqualTo(fork.left().get(3).hash());
  }

  @Test
  void accept_returns_holdingNoLock() {
    chain.mine(3);
    chain.locks().assertNoneHeld("after a change");
  }

  @Test
  void publish_readerThatSeesTheEvent_getsTheChainLock()
      throws ExecutionException, InterruptedException {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch watching = new CountDownLatch(1);
      Future<Integer> reader =
          executor.submit(
              () -> {
                watching.countDown();
                while (chain.engine().events().cursor() == 0) {
                  Thread.onSpinWait();
                }
                chain.engine().orphans();
                return chain.engine().view().height();
              });
      watching.await();
      chain.mine(1);
      assertThat(reader.get()).isEqualTo(1);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void accept_orphansWithoutEnd_toldOnlyWhileThereIsRoom() {
    int room = PolicyLimits.DEFAULT.orphans().maxBlocks();
    for (int i = 0; i < 3 * room; i++) {
      Block unknown = chain.blockOn(chain.genesis());
      chain.engine().accept(chain.blockOn(unknown), 1, chain.now());
    }
    assertThat(chain.engine().orphanStats().evicted()).isEqualTo(2L * room);
    assertThat(chain.eventsFrom(0)).hasSize(room);
    chain.mine(1);
    assertThat(chain.eventsFrom(room)).hasSize(1);
  }

  @Test
  void accept_orphanThatBreaksARule_refusalToldBeforeRecovery() {
    Block parent = chain.blockOn(chain.genesis());
    Block bad = chain.draftOn(parent).reward(2 * ChainFixture.REWARD).make();
    chain.deliver(List.of(bad, parent));
    assertThat(chain.eventsFrom(1))
        .<Class<?>>extracting(Object::getClass)
        .containsExactly(
            ChainEvent.TipChanged.class,
            ChainEvent.BlockRejected.class,
            ChainEvent.OrphanRecovered.class);
  }

  @Test
  void accept_orphanRefusedWithoutBeingRemembered_toldBeforeRecovery() {
    Block parent = chain.blockOn(chain.genesis());
    // Its time is only compared with its ancestors' when they are there.
    Block early = chain.draftOn(parent).time(0).make();
    chain.deliver(List.of(early, parent));
    assertThat(chain.eventsFrom(1))
        .<Class<?>>extracting(Object::getClass)
        .containsExactly(
            ChainEvent.TipChanged.class,
            ChainEvent.BlockRejected.class,
            ChainEvent.OrphanRecovered.class);
  }

  @Test
  void accept_orphanThatWaitsAlready_keepsWaiting() {
    Block parent = chain.blockOn(chain.genesis());
    Block orphan = chain.blockOn(parent);
    BlockOutcome waits = new BlockOutcome.Orphaned(parent.hash(), true);
    assertThat(chain.deliver(orphan)).isEqualTo(waits);
    assertThat(chain.deliver(Block.parse(orphan.toWire()))).isEqualTo(waits);
    assertThat(chain.engine().orphans()).hasSize(1);
    assertThat(chain.eventsFrom(0)).hasSize(1);
  }

  @Test
  void accept_falseBodyOfAnOrphanThatWaits_isRefusedAndLeavesThatAlone() {
    Block parent = chain.blockOn(chain.genesis());
    Block orphan = chain.blockOn(parent);
    chain.deliver(orphan);
    assertThat(chain.deliver(new Block(orphan.header(), parent.transactions())))
        .isInstanceOf(BlockOutcome.Rejected.class);
    chain.deliver(parent);
    assertThat(chain.tip()).isEqualTo(orphan);
  }

  @Test
  void accept_orphanThatCannotBeJudged_isDroppedAndHarmsNobody() {
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture failing = ChainFixture.on(store, 10);
    List<Block> branch = failing.branch(failing.genesis(), 2);
    Block sibling = failing.blockOn(branch.get(0));
    failing.deliver(List.of(branch.get(1), sibling));
    AtomicInteger commits = new AtomicInteger();
    store.onCommit(
        () -> {
          if (commits.incrementAndGet() == 2) {
            throw new IllegalArgumentException("a bug");
          }
        },
        () -> {});
    assertThatThrownBy(() -> failing.deliver(branch.get(0))).hasMessage("a bug");
    assertThat(failing.engine().orphans()).extracting(OrphanBlock::block).containsExactly(sibling);
    failing.engine().expire(failing.now());
    assertThat(failing.engine().orphans()).isEmpty();
    assertThat(failing.tip()).isEqualTo(sibling);
  }

  @Test
  void change_thatFailsHalfway_tellsWhatItDid() {
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture breaking = ChainFixture.on(store, 10);
    List<Block> branch = breaking.branch(breaking.genesis(), 2);
    breaking.deliver(branch.get(1));
    store.onCommit(() -> {}, () -> store.breakAfter(0));
    assertThatThrownBy(() -> breaking.deliver(branch.get(0))).isInstanceOf(StoreException.class);
    assertThat(breaking.eventsFrom(1))
        .<Class<?>>extracting(Object::getClass)
        .containsExactly(ChainEvent.TipChanged.class);
  }

  @Test
  void change_fromWithinAChange_isRefused() {
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture looping = ChainFixture.on(store, 10);
    Block block = looping.branch(looping.genesis(), 1).get(0);
    store.onCommit(() -> looping.engine().expire(looping.now()), () -> {});
    assertThatThrownBy(() -> looping.deliver(block))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("within a change");
    store.onCommit(() -> {}, () -> {});
    assertThat(looping.deliver(block)).isInstanceOf(BlockOutcome.Accepted.class);
  }

  @Test
  @Timeout(60)
  void publish_whileTheNextWriterIsHalfDone_doesNotShowItsEvents() throws Exception {
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture shared = ChainFixture.on(store, 10);
    List<Block> blocks = shared.branch(shared.genesis(), 3);
    shared.deliver(blocks.get(2));
    AtomicInteger commits = new AtomicInteger();
    CountDownLatch halfDone = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    // The third commit is that of the orphan, after the second block's events were staged.
    store.onCommit(
        () -> {
          if (commits.incrementAndGet() == 3) {
            halfDone.countDown();
            awaitSoon(goOn);
          }
        },
        () -> {});
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      Future<?> first;
      Future<?> second;
      EventReader log = shared.engine().events();
      // The log is its own monitor: the first writer lets go of its lock, and cannot publish yet.
      synchronized (log) {
        first = writers.submit(() -> shared.deliver(blocks.get(0)));
        while (shared.engine().view().height() < 1) {
          Thread.onSpinWait();
        }
        second = writers.submit(() -> shared.deliver(blocks.get(1)));
        awaitSoon(halfDone);
      }
      first.get();
      assertThat(log.cursor()).isEqualTo(2);
      goOn.countDown();
      second.get();
      assertThat(log.cursor()).isEqualTo(5);
    } finally {
      goOn.countDown();
      writers.shutdownNow();
    }
  }

  private static void awaitSoon(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
