package org.chaincore.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.block.Block;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.junit.jupiter.api.Test;

class ChainArchiveTest {
  private static final int BLOCKS = 30;

  private final ChainFixture source = ChainFixture.begin();
  private final List<Block> blocks = mine();
  private final ChainFixture target = ChainFixture.begin();

  private List<Block> mine() {
    List<Block> mined = new ArrayList<>(source.mine(BLOCKS - 5));
    for (int i = 0; i < 5; i++) {
      mined.add(source.mineWith(source.pay(source.coin(), 1_000, 2_000)));
    }
    return mined;
  }

  private byte[] exportedBlocks() {
    Memory out = new Memory();
    long written = ChainExport.blocks(source.engine(), 1, BLOCKS, out);
    assertThat(out.bytes()).hasSize((int) written);
    return out.bytes();
  }

  private byte[] exportedHeaders() {
    Memory out = new Memory();
    long written = ChainExport.headers(source.engine().view(), 1, BLOCKS, out);
    assertThat(out.bytes()).hasSize((int) written);
    return out.bytes();
  }

  private ChainImport blocks(byte... bytes) {
    return ChainImport.blocks(new Memory(bytes), target.engine());
  }

  private ChainImport headers(byte... bytes) {
    return ChainImport.headers(new Memory(bytes), target.engine());
  }

  private void importAll(ChainImport importing) {
    while (importing.step(7, source.now())) {
      assertThat(importing.isDone()).isFalse();
    }
    assertThat(importing.isDone()).isTrue();
  }

  private static void assertFault(ThrowingCallable call, ArchiveFault fault, long offset) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ArchiveException.class,
            thrown -> {
              assertThat(thrown.fault()).as(thrown.getMessage()).isEqualTo(fault);
              assertThat(thrown.offset()).as(thrown.getMessage()).isEqualTo(offset);
              assertThat(thrown).hasMessageStartingWith("byte " + offset + ": ");
            });
  }

  @Test
  void import_ofExportedBlocks_givesTheSameChain() {
    ChainImport importing = blocks(exportedBlocks());
    assertThat(importing.count()).isEqualTo(BLOCKS);
    assertThat(importing.firstHeight()).isEqualTo(1);
    importAll(importing);

    assertThat(target.tip()).isEqualTo(source.tip());
    assertThat(target.engine().coinCount()).isEqualTo(source.engine().coinCount());
    importAll(blocks(exportedBlocks()));
    assertThat(target.tip()).isEqualTo(source.tip());
  }

  @Test
  void import_ofExportedHeaders_givesTheSameHeaders() {
    importAll(headers(exportedHeaders()));

    assertThat(target.engine().view().heaviestHeader().hash()).isEqualTo(source.tip().hash());
    assertThat(target.engine().view().height()).isZero();
    importAll(headers(exportedHeaders()));
    importAll(blocks(exportedBlocks()));
    assertThat(target.tip()).isEqualTo(source.tip());
  }

  @Test
  void export_ofMoreHeadersThanAFrameHas_usesSeveral() {
    ChainFixture longer = ChainFixture.begin();
    long later = longer.now() + 1_000_000;
    Block top = longer.genesis();
    for (int i = 0; i < 2 * ChainExport.FRAME_HEADERS + 1; i++) {
      top = longer.draftOn(top).reward(1).make();
      longer.engine().accept(top, 0, later);
    }
    Memory out = new Memory();
    int tip = longer.engine().view().height();
    ChainExport.headers(longer.engine().view(), 1, tip, out);

    ChainImport importing = headers(out.bytes());
    assertThat(importing.step(2, later)).isTrue();
    assertThat(importing.place().done()).isEqualTo(2L * ChainExport.FRAME_HEADERS);
    assertThat(importing.step(2, later)).isFalse();
    assertThat(target.engine().view().heaviestHeader().height()).isEqualTo(tip);
  }

  @Test
  void import_ofAPart_goesOnWhereTheChainIs() {
    target.deliver(blocks.subList(0, 10));
    Memory out = new Memory();
    ChainExport.blocks(source.engine(), 11, BLOCKS, out);

    ChainImport importing = blocks(out.bytes());
    assertThat(importing.firstHeight()).isEqualTo(11);
    importAll(importing);
    assertThat(target.tip()).isEqualTo(source.tip());
  }

  @Test
  void import_stopped_isResumedAtItsPlace() {
    byte[] bytes = exportedBlocks();
    ChainImport first = blocks(bytes);
    assertThat(first.step(12, source.now())).isTrue();
    ChainImport.Place place = first.place();
    assertThat(place.done()).isEqualTo(12);

    ChainImport second = ChainImport.resume(new Memory(bytes), target.engine(), place);
    assertThat(second.place()).isEqualTo(place);
    importAll(second);
    assertThat(target.tip()).isEqualTo(source.tip());
  }

  @Test
  void resume_atAFalsePlace_isNoticed() {
    byte[] bytes = exportedBlocks();
    ChainImport.Place nowhere = new ChainImport.Place(ArchiveHead.BYTES + 1, 0);
    ChainImport resumed = ChainImport.resume(new Memory(bytes), target.engine(), nowhere);
    assertFault(() -> resumed.step(1, source.now()), ArchiveFault.DAMAGED, ArchiveHead.BYTES + 1);
  }

  @Test
  void import_ofBlocksWithoutTheirParent_isRefused() {
    Memory out = new Memory();
    ChainExport.blocks(source.engine(), 5, 9, out);
    assertFault(
        () -> blocks(out.bytes()).step(1, source.now()), ArchiveFault.REFUSED, ArchiveHead.BYTES);
    Memory headers = new Memory();
    ChainExport.headers(source.engine().view(), 5, 9, headers);
    assertFault(
        () -> headers(headers.bytes()).step(1, source.now()),
        ArchiveFault.REFUSED,
        ArchiveHead.BYTES);
  }

  @Test
  void import_ofABlockThatBreaksARule_isRefusedAfterAllBeforeIt() {
    Block good = blocks.get(0);
    Block bad = source.draftOn(good).reward(ChainFixture.REWARD + 1).make();
    Memory out = new Memory();
    FrameWriter archive = new FrameWriter(out, head(ArchiveHead.Kind.BLOCKS, 2));
    archive.frame(good.toWire());
    final long at = archive.offset();
    archive.frame(bad.toWire());

    ChainImport importing = blocks(out.bytes());
    assertFault(() -> importing.step(5, source.now()), ArchiveFault.REFUSED, at);
    assertThat(target.tip()).isEqualTo(good);
  }

  private ArchiveHead head(ArchiveHead.Kind kind, long count) {
    return new ArchiveHead(kind, ChainIdentity.of(source.engine().params()), 1, count);
  }

  @Test
  void import_ofAWrongHead_isRefused() {
    byte[] good = exportedBlocks();
    Function<Integer, byte[]> flipped =
        at -> {
          byte[] bytes = good.clone();
          bytes[at] ^= 1;
          return bytes;
        };
    assertFault(() -> blocks(flipped.apply(0)), ArchiveFault.NOT_AN_ARCHIVE, 0);
    assertFault(() -> blocks(flipped.apply(8)), ArchiveFault.FORMAT_VERSION, 0);
    assertFault(() -> blocks(flipped.apply(20)), ArchiveFault.DAMAGED, 0);
    assertFault(() -> headers(good), ArchiveFault.NOT_AN_ARCHIVE, 0);
    assertFault(() -> blocks(Arrays.copyOf(good, 50)), ArchiveFault.TRUNCATED, 50);
    byte[] less = head(ArchiveHead.Kind.BLOCKS, -1).toBytes();
    assertFault(() -> blocks(less), ArchiveFault.DAMAGED, 0);
    ChainEngine other =
        ChainEngine.open(
            EngineSetup.inMemory(
                TestHeaders.network().limits(new BlockLimits(400_000, 80, 80)).build()));
    assertFault(() -> ChainImport.blocks(new Memory(good), other), ArchiveFault.OTHER_NETWORK, 0);
  }

  @Test
  void import_ofBrokenFrames_namesTheirOffset() {
    byte[] good = exportedBlocks();
    byte[] flipped = good.clone();
    flipped[ArchiveHead.BYTES + 50] ^= 1;
    assertFault(() -> blocks(flipped).step(1, 0), ArchiveFault.DAMAGED, ArchiveHead.BYTES);
    byte[] large = good.clone();
    Arrays.fill(large, ArchiveHead.BYTES, ArchiveHead.BYTES + 4, (byte) 0x7f);
    assertFault(() -> blocks(large).step(1, 0), ArchiveFault.DAMAGED, ArchiveHead.BYTES);
    byte[] negative = good.clone();
    Arrays.fill(negative, ArchiveHead.BYTES, ArchiveHead.BYTES + 4, (byte) 0xff);
    assertFault(() -> blocks(negative).step(1, 0), ArchiveFault.DAMAGED, ArchiveHead.BYTES);
    int end = good.length - 10;
    assertFault(
        () -> blocks(Arrays.copyOf(good, end)).step(100, source.now()),
        ArchiveFault.TRUNCATED,
        end);
    assertFault(
        () -> blocks(Arrays.copyOf(good, good.length + 1)).step(100, source.now()),
        ArchiveFault.DAMAGED,
        good.length);
  }

  @Test
  void import_ofFramesThatAreNothing_isRefused() {
    for (byte[] payload : List.of(new byte[10], new byte[0])) {
      Memory out = new Memory();
      new FrameWriter(out, head(ArchiveHead.Kind.BLOCKS, 1)).frame(payload);
      assertFault(() -> blocks(out.bytes()).step(1, 0), ArchiveFault.DAMAGED, ArchiveHead.BYTES);
      Memory headers = new Memory();
      new FrameWriter(headers, head(ArchiveHead.Kind.HEADERS, 1)).frame(payload);
      assertFault(
          () -> headers(headers.bytes()).step(1, 0), ArchiveFault.DAMAGED, ArchiveHead.BYTES);
    }
    Memory more = new Memory();
    byte[] two = ChainExport.frameOf(List.of(blocks.get(0).header(), blocks.get(1).header()));
    new FrameWriter(more, head(ArchiveHead.Kind.HEADERS, 1)).frame(two);
    assertFault(() -> headers(more.bytes()).step(1, 0), ArchiveFault.DAMAGED, ArchiveHead.BYTES);
  }

  @Test
  void import_ofAnArchiveDamagedAnywhere_takesNothingThatWasNotWritten() {
    byte[] good = exportedBlocks();
    SplittableRandom random = new SplittableRandom(Long.getLong("chaincore.seed", 1));
    for (int i = 0; i < 200; i++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      ChainFixture fresh = ChainFixture.begin();
      assertThatThrownBy(
              () -> {
                ChainImport importing = ChainImport.blocks(new Memory(bytes), fresh.engine());
                importing.step(BLOCKS, source.now());
              })
          .isInstanceOf(ArchiveException.class);
      assertThat(source.engine().view().onChain(fresh.tip().hash())).isPresent();
    }
  }

  @Test
  void channels_thatFail_areNamed() {
    assertFault(
        () -> ChainExport.blocks(source.engine(), 1, 2, new Memory().broken()), ArchiveFault.IO, 0);
    assertFault(
        () -> ChainImport.blocks(new Memory().broken(), target.engine()), ArchiveFault.IO, 0);
    ChainImport.Place beyond = new ChainImport.Place(-5, 0);
    assertFault(
        () -> ChainImport.resume(new Memory(exportedBlocks()), target.engine(), beyond),
        ArchiveFault.IO,
        -5);
    Memory ends = new Memory(head(ArchiveHead.Kind.BLOCKS, 1).toBytes());
    ChainImport importing = ChainImport.blocks(ends, target.engine());
    ends.broken();
    assertFault(() -> importing.step(1, 0), ArchiveFault.IO, ArchiveHead.BYTES);
    FrameReader end = new FrameReader(new Memory().broken(), 3, 10);
    assertFault(end::expectEnd, ArchiveFault.IO, 3);
  }

  @Test
  void export_ofWhatTheChainHasNot_isABug() {
    int[][] ranges = {{0, 5}, {5, 4}, {1, BLOCKS + 1}};
    for (int[] range : ranges) {
      assertThatThrownBy(
              () -> ChainExport.blocks(source.engine(), range[0], range[1], new Memory()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> ChainExport.headers(source.engine().view(), range[0], range[1], new Memory()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void export_ofPrunedBlocks_isRefused() {
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture pruned = ChainFixture.on(store, 5);
    pruned.mine(10);
    store.retain(new BodyRetention(4, 5));
    assertThatThrownBy(() -> ChainExport.blocks(pruned.engine(), 4, 8, new Memory()))
        .isInstanceOf(StoreException.class)
        .extracting(thrown -> ((StoreException) thrown).fault())
        .isEqualTo(StoreFault.PRUNED);
    assertThat(ChainExport.blocks(pruned.engine(), 5, 8, new Memory())).isPositive();
  }

  @Test
  void head_ofAnArchive_hasAsManyBytesAsItSays() {
    assertThat(head(ArchiveHead.Kind.SNAPSHOT, 7).toBytes()).hasSize(ArchiveHead.BYTES);
  }
}
