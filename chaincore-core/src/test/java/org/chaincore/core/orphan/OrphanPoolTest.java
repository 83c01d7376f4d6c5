package org.chaincore.core.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.orphan.OrphanPool.Admission;
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
    OrphanPool many = OrphanPool.of(new OrphanLimits(1_000, 10_000, 1, 1, 100));
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
    assertThat(many.takeChildren(UNKNOWN)).isEqualTo(kept);
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
  void takeChildren_severalOfOneParent_inOrderOfArrival() {
    Block first = block(UNKNOWN, 5);
    Block second = block(UNKNOWN, 4);
    pool.add(first, 1, 10);
    pool.add(second, 2, 5);
    pool.add(block(Hash256.ZERO, 6), 3, 5);

    assertThat(pool.takeChildren(UNKNOWN)).containsExactly(first, second);
    assertThat(pool.takeChildren(UNKNOWN)).isEmpty();
    assertThat(pool.list()).hasSize(1);
    assertThat(pool.stats().recovered()).isEqualTo(2);
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
    assertThat(pool.takeChildren(UNKNOWN)).containsExactly(block(UNKNOWN, 3));
    assertThat(pool.stats().expired()).isEqualTo(2);
  }

  @Test
  void stats_afterAll_sumUp() {
    pool.add(block(UNKNOWN, 1), 1, 1);
    pool.countRejectedPow();
    pool.countRejectedPow();

    assertThat(pool.stats()).isEqualTo(new OrphanStats(1, 4, 81, 1, 0, 0, 0, 2));
  }

  @Test
  void anySequence_besideAList_agreesAndKeepsReservedShares() {
    SeededRun.of(300, 150).check((random, size) -> new Run(random).steps(size));
  }

  /** The pool beside a list that is searched from end to end. */
  private static final class Run {
    private static final OrphanLimits FEW = new OrphanLimits(9, 10_000, 2, 1, 60);
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
        assertThat(pool.takeChildren(parent)).isEqualTo(expected);
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
      Block block = block(parent(), nonce++);
      boolean isKept = model.size() < FEW.maxBlocks() || makeRoom(source);
      if (isKept) {
        model.add(new OrphanBlock(block, source, now));
      }
      assertThat(pool.add(block, source, now))
          .isEqualTo(isKept ? Admission.KEPT : Admission.REFUSED);
    }

    private boolean makeRoom(long source) {
      Map<Long, Integer> held = new HashMap<>();
      model.forEach(orphan -> held.merge(orphan.source(), 1, Integer::sum));
      int own = held.getOrDefault(source, 0);
      long victim =
          held.keySet().stream()
              .filter(other -> held.getOrDefault(other, 0) > FEW.reservedBlocksPerSource())
              .filter(other -> held.getOrDefault(other, 0) >= own + 1)
              .min(
                  Comparator.<Long>comparingInt(other -> -held.getOrDefault(other, 0))
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
          .isEqualTo(stats.size() + stats.recovered() + stats.expired() + stats.evicted());
    }
  }
}
