package org.chaincore.core.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.orphan.OrphanPool.Admission;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

class OrphanPoolTest {
  /** Four places, one reserved for each source; a block here has 81 bytes. */
  private static final OrphanLimits LIMITS = new OrphanLimits(4, 10_000, 1, 1, 100);

  private static final Hash256 UNKNOWN = Hash256.ofWords(1, 2, 3, 4);

  private final OrphanPool pool = OrphanPool.of(LIMITS);

  private static Block block(Hash256 parent, int nonce) {
    return new Block(BlockHeader.of(4, parent, Hash256.ZERO, 1, 0, nonce), List.of());
  }

  private static List<Block> blocks(List<OrphanBlock> orphans) {
    return orphans.stream().map(OrphanBlock::block).toList();
  }

  @Test
  void add_newBlock_isListedWithArrivalAndMissingParent() {
    Block block = block(UNKNOWN, 1);

    assertThat(pool.add(block, 7, 50)).isEqualTo(Admission.KEPT);

    OrphanBlock shown = pool.find(block.hash()).orElseThrow();
    assertThat(shown).isEqualTo(new OrphanBlock(block, 7, 50));
    assertThat(shown.hash()).isEqualTo(block.hash());
    assertThat(shown.missingParent()).isEqualTo(UNKNOWN);
    assertThat(pool.list()).containsExactly(shown);
  }

  @Test
  void add_sameBlockAgain_isKnown() {
    pool.add(block(UNKNOWN, 1), 7, 50);

    assertThat(pool.add(block(UNKNOWN, 1), 8, 60)).isEqualTo(Admission.KNOWN);
    assertThat(pool.stats().received()).isEqualTo(1);
  }

  @Test
  void add_fullByOneSource_thatSourceLosesItsOldest() {
    for (int i = 0; i < 4; i++) {
      pool.add(block(UNKNOWN, i), 7, i);
    }

    assertThat(pool.add(block(UNKNOWN, 9), 8, 9)).isEqualTo(Admission.KEPT);

    assertThat(pool.find(block(UNKNOWN, 0).hash())).isEqualTo(Optional.empty());
    assertThat(pool.list()).hasSize(4);
    assertThat(pool.stats().evicted()).isEqualTo(1);
  }

  @Test
  void add_sourceAboveItsShareAndLargest_losesItsOwnOldest() {
    pool.add(block(UNKNOWN, 1), 8, 0);
    for (int i = 2; i < 5; i++) {
      pool.add(block(UNKNOWN, i), 7, i);
    }

    assertThat(pool.add(block(UNKNOWN, 9), 7, 9)).isEqualTo(Admission.KEPT);

    assertThat(blocks(pool.list()))
        .containsExactly(
            block(UNKNOWN, 1), block(UNKNOWN, 3), block(UNKNOWN, 4), block(UNKNOWN, 9));
  }

  @Test
  void add_allWithinTheirShares_newSourceIsRefused() {
    for (int i = 0; i < 4; i++) {
      pool.add(block(UNKNOWN, i), i, i);
    }

    assertThat(pool.add(block(UNKNOWN, 9), 9, 9)).isEqualTo(Admission.REFUSED);
    assertThat(pool.list()).hasSize(4);
  }

  @Test
  void add_allWithinTheirShares_knownSourceReplacesItsOwn() {
    for (int i = 0; i < 4; i++) {
      pool.add(block(UNKNOWN, i), i, i);
    }

    assertThat(pool.add(block(UNKNOWN, 9), 2, 9)).isEqualTo(Admission.KEPT);
    assertThat(blocks(pool.list()))
        .containsExactly(
            block(UNKNOWN, 0), block(UNKNOWN, 1), block(UNKNOWN, 3), block(UNKNOWN, 9));
  }

  @Test
  void add_largerThanAllRoom_isRefusedAndNobodyLosesAnything() {
    pool.add(block(UNKNOWN, 1), 7, 1);

    assertThat(pool.add(largeBlock(60), 8, 200)).isEqualTo(Admission.REFUSED);
    assertThat(blocks(pool.list())).containsExactly(block(UNKNOWN, 1));
  }

  @Test
  void add_largerThanWhatOthersMustGive_isRefusedAndNobodyLosesAnything() {
    // One block of 81 bytes is within both parts of a share.
    OrphanPool many = OrphanPool.of(new OrphanLimits(123, 10_000, 1, 1, 100));
    List<Block> kept = new ArrayList<>();
    for (int i = 0; i < 108; i++) {
      kept.add(block(UNKNOWN, i));
      many.add(block(UNKNOWN, i), Math.max(0, i - 99), i);
    }
    assertThat(many.list()).hasSize(108);
    Block large = largeBlock(46);
    assertThat(large.size()).isBetween(10_000 - 9 * 81, 10_000);

    assertThat(many.add(large, 100, 200)).isEqualTo(Admission.REFUSED);

    assertThat(blocks(many.list())).isEqualTo(kept);
    assertThat(many.dropChildren(UNKNOWN)).isEqualTo(kept);
  }

  private static Block largeBlock(int transactions) {
    Transaction genesis = Networks.regtest().genesis().transactions().get(0);
    return new Block(block(UNKNOWN, 7_777).header(), Collections.nCopies(transactions, genesis));
  }

  @Test
  void add_bytesFull_evictsUntilItFits() {
    OrphanPool small = OrphanPool.of(new OrphanLimits(1_000, 10_000, 1, 1, 100));
    for (int i = 0; i < 130; i++) {
      small.add(block(UNKNOWN, i), 7, i);
    }

    assertThat(small.stats().bytes()).isEqualTo(123 * 81);
    assertThat(small.stats().evicted()).isEqualTo(7);
  }

  @Test
  void dropChildren_severalOfOneParent_inOrderOfArrival() {
    Block first = block(UNKNOWN, 5);
    Block second = block(UNKNOWN, 4);
    pool.add(first, 1, 10);
    pool.add(second, 2, 5);
    pool.add(block(Hash256.ZERO, 6), 3, 5);

    assertThat(pool.dropChildren(UNKNOWN)).containsExactly(first, second);
    assertThat(pool.dropChildren(UNKNOWN)).isEmpty();
    assertThat(pool.list()).hasSize(1);
    assertThat(pool.stats().dropped()).isEqualTo(2);
  }

  @Test
  void dropChildren_severalOfOneParent_goAndAreNotCountedAsRecovered() {
    Block first = block(UNKNOWN, 5);
    Block second = block(UNKNOWN, 4);
    Block above = block(first.hash(), 6);
    pool.add(first, 1, 10);
    pool.add(second, 2, 5);
    pool.add(above, 3, 5);

    assertThat(pool.dropChildren(UNKNOWN)).containsExactly(first, second);
    assertThat(pool.dropChildren(UNKNOWN)).isEmpty();
    assertThat(blocks(pool.list())).containsExactly(above);
    assertThat(pool.stats().dropped()).isEqualTo(2);
    assertThat(pool.stats().recovered()).isZero();
  }

  @Test
  void add_bytesFullOfFewSourcesWithinTheirPlaces_newSourceFindsRoom() {
    // The shape of four senders with four blocks of 3.9 MB in 64 MB, in 1/1,000 of the bytes.
    OrphanPool scaled = OrphanPool.of(new OrphanLimits(100, 64_000, 4, 1, 100));
    Block first = wideBlock(3_900, 0);
    for (int i = 0; i < 16; i++) {
      assertThat(scaled.add(wideBlock(3_900, i), i / 4, i)).isEqualTo(Admission.KEPT);
    }

    assertThat(scaled.add(wideBlock(2_000, 99), 9, 99)).isEqualTo(Admission.KEPT);

    assertThat(scaled.find(first.hash())).isEmpty();
    assertThat(scaled.stats().evicted()).isEqualTo(1);
  }

  @Test
  void add_bytesFullAndSourceWouldHoldMost_losesItsOwnOldest() {
    OrphanPool scaled = OrphanPool.of(new OrphanLimits(100, 16_000, 4, 1, 100));
    for (int i = 0; i < 4; i++) {
      scaled.add(wideBlock(3_900, i), i / 2, i);
    }

    assertThat(scaled.add(wideBlock(3_900, 9), 1, 9)).isEqualTo(Admission.KEPT);

    assertThat(blocks(scaled.list()))
        .containsExactly(
            wideBlock(3_900, 0), wideBlock(3_900, 1), wideBlock(3_900, 3), wideBlock(3_900, 9));
  }

  @Test
  void add_bytesFullOfSourcesAtTheirByteShare_newSourceIsRefused() {
    Block small = wideBlock(600, 0);
    int share = small.size();
    OrphanPool exact = OrphanPool.of(new OrphanLimits(100, share * 25, 4, 1, 100));
    for (int i = 0; i < 25; i++) {
      assertThat(exact.add(wideBlock(600, i), i, i)).isEqualTo(Admission.KEPT);
    }

    assertThat(exact.add(block(UNKNOWN, 99), 99, 99)).isEqualTo(Admission.REFUSED);
    assertThat(exact.list()).hasSize(25);
    assertThat(exact.add(wideBlock(600, 98), 3, 99)).isEqualTo(Admission.KEPT);
    assertThat(exact.find(wideBlock(600, 3).hash())).isEmpty();
  }

  /** A block of at least so many bytes, and not many more. */
  private static Block wideBlock(int bytes, int nonce) {
    return wideBlock(UNKNOWN, bytes, nonce);
  }

  private static Block wideBlock(Hash256 parent, int bytes, int nonce) {
    TransactionInput input = TransactionInput.spending(OutPoint.NULL);
    int others = 81 + Transaction.of(1, List.of(input), List.of(), 0).size();
    Bytes script = Bytes.of(new byte[Math.max(0, bytes - others)]);
    Transaction wide = Transaction.of(1, List.of(input.withScriptSig(script)), List.of(), 0);
    return new Block(block(parent, nonce).header(), List.of(wide));
  }

  @Test
  void missingAncestor_chainOfOrphans_isBelowTheLowest() {
    Block lowest = block(UNKNOWN, 1);
    Block middle = block(lowest.hash(), 2);
    Block top = block(middle.hash(), 3);
    pool.add(top, 1, 1);
    pool.add(lowest, 1, 1);
    pool.add(middle, 1, 1);

    assertThat(pool.missingAncestor(top.hash())).isEqualTo(Optional.of(UNKNOWN));
    assertThat(pool.missingAncestor(UNKNOWN)).isEqualTo(Optional.empty());
  }

  @Test
  void expire_atTheLimit_takesOutTheOld() {
    pool.add(block(UNKNOWN, 1), 1, 100);
    pool.add(block(UNKNOWN, 2), 1, 50);
    pool.add(block(UNKNOWN, 3), 1, 101);

    assertThat(blocks(pool.expire(200))).containsExactly(block(UNKNOWN, 2), block(UNKNOWN, 1));
    assertThat(pool.dropChildren(UNKNOWN)).containsExactly(block(UNKNOWN, 3));
    assertThat(pool.stats().expired()).isEqualTo(2);
  }

  @Test
  void stats_afterAll_sumUp() {
    pool.add(block(UNKNOWN, 1), 1, 1);
    pool.add(block(Hash256.ZERO, 2), 1, 1);
    pool.add(block(Hash256.ofWords(5, 5, 5, 5), 3), 1, 1);
    pool.dropChildren(Hash256.ZERO);
    pool.recover(block(Hash256.ofWords(5, 5, 5, 5), 3).hash());
    pool.countRejectedPow();
    pool.countRejectedPow();

    assertThat(pool.stats()).isEqualTo(new OrphanStats(1, 4, 81, 3, 1, 0, 0, 1, 2));
  }

  @Test
  void anySequence_besideAList_agreesAndKeepsReservedShares() {
    SeededRun.of(300, 150).check((random, size) -> new Run(random).steps(size));
  }

  /** The pool beside a list that is searched from end to end. */
  private static final class Run {
    private static final OrphanLimits FEW = new OrphanLimits(9, 10_000, 2, 1, 60);
    private static final long RESERVED_BYTES = 10_000 * 2 / 9;
    private final RandomGenerator random;
    private final OrphanPool pool = OrphanPool.of(FEW);
    private List<OrphanBlock> model = new ArrayList<>();
    private long now = 1_000;
    private int nonce;

    Run(RandomGenerator random) {
      this.random = random;
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        now += random.nextInt(9) - 1;
        step();
        check();
      }
    }

    private void step() {
      int kind = random.nextInt(10);
      if (kind < 8) {
        add();
      } else if (kind < 9) {
        Hash256 parent = parent();
        List<Block> expected =
            model.stream().map(OrphanBlock::block).filter(b -> hasParent(b, parent)).toList();
        model.removeIf(orphan -> hasParent(orphan.block(), parent));
        assertThat(pool.dropChildren(parent)).isEqualTo(expected);
      } else {
        model.removeIf(orphan -> now - orphan.arrivalSeconds() >= FEW.expirySeconds());
        pool.expire(now);
      }
    }

    private static boolean hasParent(Block block, Hash256 parent) {
      return block.header().previous().equals(parent);
    }

    private Hash256 parent() {
      return Hash256.ofWords(random.nextInt(4), 0, 0, 1);
    }

    private void add() {
      long source = random.nextInt(1 + random.nextInt(6));
      Block block =
          random.nextBoolean()
              ? block(parent(), nonce++)
              : wideBlock(parent(), 200 + random.nextInt(4_000), nonce++);
      List<OrphanBlock> before = List.copyOf(model);
      boolean isKept = true;
      while (isKept && !hasRoom(block)) {
        isKept = makeRoom(source, block.size());
      }
      if (isKept) {
        model.add(new OrphanBlock(block, source, now));
      } else {
        model = new ArrayList<>(before);
      }
      assertThat(pool.add(block, source, now))
          .isEqualTo(isKept ? Admission.KEPT : Admission.REFUSED);
      assertThat(pool.list()).containsAll(protectedFrom(source, before));
    }

    /** What belongs to others that are within both parts of their share. */
    private static List<OrphanBlock> protectedFrom(long source, List<OrphanBlock> all) {
      return all.stream()
          .filter(orphan -> orphan.source() != source)
          .filter(orphan -> held(orphan.source(), all, one -> 1) <= FEW.reservedBlocksPerSource())
          .filter(orphan -> held(orphan.source(), all, Run::bytes) <= RESERVED_BYTES)
          .toList();
    }

    private static long held(long source, List<OrphanBlock> all, ToLongFunction<OrphanBlock> what) {
      return all.stream().filter(orphan -> orphan.source() == source).mapToLong(what).sum();
    }

    private static long bytes(OrphanBlock orphan) {
      return orphan.block().size();
    }

    private boolean hasRoom(Block block) {
      long bytes = model.stream().mapToLong(Run::bytes).sum();
      return model.size() < FEW.maxBlocks() && bytes + block.size() <= FEW.maxBlockBytes();
    }

    private boolean makeRoom(long source, long newBytes) {
      boolean areItemsShort = model.size() >= FEW.maxBlocks();
      ToLongFunction<OrphanBlock> measure = areItemsShort ? one -> 1 : Run::bytes;
      long reserved = areItemsShort ? FEW.reservedBlocksPerSource() : RESERVED_BYTES;
      long own = held(source, model, measure);
      long ownWithNew = own == 0 ? 0 : own + (areItemsShort ? 1 : newBytes);
      Set<Long> sources = new TreeSet<>();
      model.forEach(orphan -> sources.add(orphan.source()));
      long victim =
          sources.stream()
              .filter(other -> held(other, model, measure) > reserved)
              .filter(other -> held(other, model, measure) >= ownWithNew)
              .min(
                  Comparator.<Long>comparingLong(other -> -held(other, model, measure))
                      .thenComparing(other -> other))
              .orElse(source);
      Optional<OrphanBlock> oldest =
          model.stream().filter(orphan -> orphan.source() == victim).findFirst();
      oldest.ifPresent(model::remove);
      return oldest.isPresent();
    }

    private void check() {
      List<OrphanBlock> byTime = new ArrayList<>(model);
      byTime.sort(Comparator.comparingLong(OrphanBlock::arrivalSeconds));
      assertThat(pool.list()).isEqualTo(byTime);
      OrphanStats stats = pool.stats();
      assertThat(stats.size()).isEqualTo(model.size()).isLessThanOrEqualTo(FEW.maxBlocks());
      assertThat(stats.bytes())
          .isEqualTo(model.stream().mapToLong(orphan -> orphan.block().size()).sum());
      assertThat(stats.received())
          .isEqualTo(
              stats.size()
                  + stats.recovered()
                  + stats.expired()
                  + stats.evicted()
                  + stats.dropped());
    }
  }
}
