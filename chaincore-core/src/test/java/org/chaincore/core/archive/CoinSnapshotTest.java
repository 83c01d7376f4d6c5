package org.chaincore.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.FailsOnce;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class CoinSnapshotTest {
  private static final int HEIGHT = 6;

  private final InMemoryChainStore store = InMemoryChainStore.create();
  private final ChainFixture source = ChainFixture.on(store, 100);
  private final List<Block> blocks = source.mine(HEIGHT);
  private final List<BlockHeader> headers = blocks.stream().map(Block::header).toList();

  /** The coins in order. */
  private NavigableMap<OutPoint, Coin> coins() {
    TreeMap<OutPoint, Coin> coins = new TreeMap<>(CoinSnapshots.ORDER);
    store
        .snapshots()
        .orElseThrow()
        .read(
            new CoinSnapshots.Sink() {
              @Override
              public void begin(Hash256 tip, int height, long count) {}

              @Override
              public void coin(OutPoint outPoint, Coin coin) {
                coins.put(outPoint, coin);
              }
            });
    return coins;
  }

  /** A snapshot that is made by hand. */
  private final class Forgery {
    private int height = HEIGHT;
    private long count = HEIGHT;
    private Hash256 block = blocks.get(HEIGHT - 1).hash();
    private List<BlockHeader> chain = headers;
    private List<byte[]> coinFrames = List.of(frame(coins()));

    byte[] bytes() {
      Memory out = new Memory();
      ChainIdentity network = ChainIdentity.of(source.engine().params());
      FrameWriter archive =
          new FrameWriter(out, new ArchiveHead(ArchiveHead.Kind.SNAPSHOT, network, height, count));
      archive.frame(ByteWriter.create().hash(block).toArray());
      archive.frame(ChainExport.frameOf(chain));
      coinFrames.forEach(archive::frame);
      return out.bytes();
    }
  }

  private static byte[] frame(Map<OutPoint, Coin> coins) {
    ByteWriter out = ByteWriter.create();
    coins.forEach((outPoint, coin) -> CoinSetHash.write(out, outPoint, coin));
    return out.toArray();
  }

  private Hash256 trusted(Map<OutPoint, Coin> coins) {
    CoinSetHash hash = CoinSetHash.of(blocks.get(HEIGHT - 1).hash(), HEIGHT, coins.size());
    coins.forEach(hash::add);
    return hash.result();
  }

  private CoinSetHash.Id restore(InMemoryChainStore target, Forgery forgery, Hash256 hash) {
    return CoinSnapshot.restore(
        new Memory(forgery.bytes()), target, source.engine().params(), hash, source.now());
  }

  private void assertFault(Forgery forgery, ArchiveFault fault) {
    InMemoryChainStore target = InMemoryChainStore.create();
    assertFault(() -> restore(target, forgery, trusted(coins())), fault);
    assertThat(ChainFixture.on(target, 100).engine().view().height()).isZero();
  }

  private static void assertFault(ThrowingCallable call, ArchiveFault fault) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ArchiveException.class,
            thrown -> assertThat(thrown.fault()).as(thrown.getMessage()).isEqualTo(fault));
  }

  @Test
  void restore_ofAForgeryThatIsRight_isTheSameAsOfASnapshot() {
    Memory out = new Memory();
    CoinSetHash.Id id = CoinSnapshot.write(source.engine(), store, out);
    Forgery forgery = new Forgery();
    assertThat(forgery.bytes()).isEqualTo(out.bytes());
    assertThat(id.hash()).isEqualTo(trusted(coins()));
    InMemoryChainStore target = InMemoryChainStore.create();
    assertThat(restore(target, forgery, id.hash())).isEqualTo(id);
  }

  @Test
  void restore_ofHeadersThatAreNoChain_isRefused() {
    Forgery gap = new Forgery();
    gap.chain = List.of(headers.get(0), headers.get(2));
    gap.height = 2;
    assertFault(gap, ArchiveFault.REFUSED);
    Forgery fork = new Forgery();
    List<BlockHeader> both = new ArrayList<>(headers.subList(0, HEIGHT - 1));
    both.add(source.branch(blocks.get(1), 1).get(0).header());
    fork.chain = both;
    assertFault(fork, ArchiveFault.REFUSED);
    Forgery twice = new Forgery();
    twice.chain = List.of(headers.get(0), headers.get(0));
    twice.height = 2;
    assertFault(twice, ArchiveFault.REFUSED);
  }

  @Test
  void restore_ofHeadersThatEndElsewhere_isRefused() {
    Forgery more = new Forgery();
    more.height = HEIGHT - 1;
    assertFault(more, ArchiveFault.DAMAGED);
    Forgery none = new Forgery();
    none.chain = List.of();
    assertFault(none, ArchiveFault.DAMAGED);
    Forgery other = new Forgery();
    other.block = blocks.get(2).hash();
    assertFault(other, ArchiveFault.DAMAGED);
    for (int height : new int[] {0, -1, Integer.MAX_VALUE}) {
      Forgery nowhere = new Forgery();
      nowhere.height = height;
      assertFault(nowhere, ArchiveFault.DAMAGED);
    }
    Forgery less = new Forgery();
    less.count = -1;
    assertFault(less, ArchiveFault.DAMAGED);
  }

  @Test
  void restore_ofCoinsInAnotherOrderOrNumber_isRefused() {
    NavigableMap<OutPoint, Coin> all = coins();
    byte[] last = frame(all.tailMap(all.lastKey(), true));
    byte[] rest = frame(all.headMap(all.lastKey(), false));
    Forgery disordered = new Forgery();
    disordered.coinFrames = List.of(last, rest);
    assertFault(disordered, ArchiveFault.DAMAGED);
    Forgery twice = new Forgery();
    twice.coinFrames = List.of(rest, last, last);
    twice.count = HEIGHT + 1;
    assertFault(twice, ArchiveFault.DAMAGED);
    Forgery fewer = new Forgery();
    fewer.coinFrames = List.of(rest);
    assertFault(fewer, ArchiveFault.TRUNCATED);
    Forgery more = new Forgery();
    more.count = HEIGHT - 1;
    assertFault(more, ArchiveFault.DAMAGED);
    Forgery nothing = new Forgery();
    nothing.coinFrames = List.of(new byte[0]);
    assertFault(nothing, ArchiveFault.DAMAGED);
    Forgery behind = new Forgery();
    behind.coinFrames = List.of(rest, last, last);
    assertFault(behind, ArchiveFault.DAMAGED);
    Forgery missing = new Forgery();
    missing.coinFrames = List.of(rest);
    missing.count = HEIGHT - 1;
    assertFault(missing, ArchiveFault.UNTRUSTED);
  }

  @Test
  void next_behindTheLastCoin_isABug() {
    CoinSetHash.Id none =
        new CoinSetHash.Id(Hash256.ZERO, 1, 0, CoinSetHash.of(Hash256.ZERO, 1, 0).result());
    SnapshotCoins coins = new SnapshotCoins(new FrameReader(new Memory(), 0, 10), none);
    assertThat(coins.hasNext()).isFalse();
    assertThatThrownBy(coins::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void write_ofAStoreOfNothing_isASnapshotOfNothingOnlyAboveGenesis() {
    InMemoryChainStore unloaded = InMemoryChainStore.create();
    assertThatThrownBy(() -> CoinSnapshot.write(source.engine(), unloaded, new Memory()))
        .isInstanceOf(StoreException.class);
    BreakingStore without = new BreakingStore(store);
    assertThatThrownBy(() -> CoinSnapshot.write(source.engine(), without, new Memory()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no snapshots");
    InMemoryChainStore foreign = InMemoryChainStore.create();
    ChainFixture.on(foreign, 10).mine(7);
    assertThatThrownBy(() -> CoinSnapshot.write(source.engine(), foreign, new Memory()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("does not run on the store");
  }

  @Test
  void check_ofForgedCoins_refutesTheSnapshot() {
    NavigableMap<OutPoint, Coin> forged = coins();
    forged.put(forged.firstKey(), new Coin(TestBlocks.pay(1_000_000), 1, true));
    Forgery lie = new Forgery();
    lie.coinFrames = List.of(frame(forged));
    InMemoryChainStore target = InMemoryChainStore.create();
    restore(target, lie, trusted(forged));
    ChainFixture node = ChainFixture.on(target, 100);
    node.deliver(source.branch(source.tip(), 1));

    SnapshotCheck check = check(target, node, InMemoryChainStore.create());
    blocks.forEach(block -> assertThat(check.offer(block, node.now())).isTrue());
    assertThat(check.verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(target.snapshots().orElseThrow().origin().orElseThrow().verdict())
        .isEqualTo(Verdict.REFUTED);
  }

  private static SnapshotCheck check(
      InMemoryChainStore target, ChainFixture node, InMemoryChainStore background) {
    ChainEngine second = ChainEngine.open(ChainFixture.setupOn(background, 100));
    return SnapshotCheck.of(target, node.engine().view(), second, background, node.now());
  }

  @Test
  void check_whoseStoreFailsAtTheEnd_concludesLater() {
    InMemoryChainStore target = InMemoryChainStore.create();
    restore(target, new Forgery(), trusted(coins()));
    ChainFixture node = ChainFixture.on(target, 100);
    InMemoryChainStore background = InMemoryChainStore.create();
    ChainEngine second = ChainEngine.open(ChainFixture.setupOn(background, 100));
    SnapshotCheck check =
        SnapshotCheck.of(
            FailsOnce.at("judge", 0, target), node.engine().view(), second, background, node.now());
    blocks.subList(0, HEIGHT - 1).forEach(block -> check.offer(block, node.now()));
    check.conclude();
    assertThat(check.verdict()).isEqualTo(Verdict.TRUSTED);
    Block last = blocks.get(HEIGHT - 1);
    assertThatThrownBy(() -> check.offer(last, node.now())).hasMessage("judge failed once");
    assertThat(check.verdict()).isEqualTo(Verdict.TRUSTED);
    assertThat(check.wanted(1)).isEmpty();

    check.conclude();
    assertThat(check.verdict()).isEqualTo(Verdict.CONFIRMED);
    assertThat(target.snapshots().orElseThrow().origin().orElseThrow().verdict())
        .isEqualTo(Verdict.CONFIRMED);
  }

  @Test
  void check_overAnInvalidBlock_refutesTheSnapshot() {
    Block good = blocks.get(0);
    Block bad = source.draftOn(good).reward(ChainFixture.REWARD + 1).make();
    InMemoryChainStore target = InMemoryChainStore.create();
    Forgery lie = new Forgery();
    lie.chain = List.of(good.header(), bad.header());
    lie.height = 2;
    lie.count = 0;
    lie.coinFrames = List.of();
    lie.block = bad.hash();
    restore(target, lie, CoinSetHash.of(bad.hash(), 2, 0).result());
    ChainFixture node = ChainFixture.on(target, 100);

    SnapshotCheck check = check(target, node, InMemoryChainStore.create());
    assertThat(check.offer(good, node.now())).isTrue();
    Block mutilated = new Block(bad.header(), good.transactions());
    assertThat(check.offer(mutilated, node.now())).isFalse();
    assertThat(check.verdict()).isEqualTo(Verdict.TRUSTED);
    assertThat(check.offer(bad, node.now())).isTrue();
    assertThat(check.verdict()).isEqualTo(Verdict.REFUTED);
    assertThat(check.height()).isEqualTo(1);
  }

  @Test
  void check_ofWhatDoesNotFit_isABug() {
    ChainFixture other = ChainFixture.begin();
    assertThatThrownBy(() -> check(store, other, InMemoryChainStore.create()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did not begin from a snapshot");
    InMemoryChainStore target = InMemoryChainStore.create();
    restore(target, new Forgery(), trusted(coins()));
    assertThatThrownBy(() -> check(target, other, InMemoryChainStore.create()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no header of the snapshot");
    ChainFixture node = ChainFixture.on(target, 100);
    InMemoryChainStore elsewhere = InMemoryChainStore.create();
    ChainFixture.on(elsewhere, 100).deliver(source.branch(source.genesis(), 2));
    assertThatThrownBy(() -> check(target, node, elsewhere))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the second chain is at");
    source.mine(1);
    assertThatThrownBy(() -> check(target, node, store))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
