package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.ShortIds;
import org.junit.jupiter.api.Test;

/** Blocks put together from compact ones. */
final class PartialBlockTest {
  private static Transaction transaction(int number) {
    return TestBlocks.spend(List.of(TestBlocks.unknown(number)), TestBlocks.pay(number));
  }

  private static Block block(int transactions) {
    List<Transaction> all = new ArrayList<>(List.of(TestBlocks.coinbase(1, TestBlocks.pay(1))));
    for (int i = 1; i < transactions; i++) {
      all.add(transaction(i));
    }
    return TestBlocks.block(all);
  }

  @Test
  void block_fromAnyPrefilledAnyKnownAndTheRest_isTheBlock() {
    SeededRun.of(200, 60)
        .check(
            (random, size) -> {
              Block block = block(size);
              List<Transaction> all = block.transactions();
              List<CompactBlock.Prefilled> prefilled = new ArrayList<>();
              List<Transaction> known = new ArrayList<>();
              List<Integer> unknown = new ArrayList<>();
              List<Hash256> named = new ArrayList<>();
              for (int i = 0; i < size; i++) {
                int fate = random.nextInt(3);
                if (fate == 0) {
                  prefilled.add(new CompactBlock.Prefilled(i, all.get(i)));
                  continue;
                }
                named.add(all.get(i).wtxid());
                if (fate == 1) {
                  known.add(random.nextInt(known.size() + 1), all.get(i));
                } else {
                  unknown.add(i);
                }
              }
              for (int i = 0; i < 10; i++) {
                known.add(transaction(10_000 + i));
              }
              CompactBlock whole = CompactBlock.of(block, size);
              ShortIds ids = ShortIds.of(whole.key(), named);
              CompactBlock compact = new CompactBlock(block.header(), size, ids, prefilled);

              PartialBlock partial = PartialBlock.of(compact, known).orElseThrow();

              assertThat(partial.missing()).isEqualTo(unknown);
              List<Transaction> found = unknown.stream().map(all::get).toList();
              assertThat(partial.isAnsweredBy(found)).isTrue();
              assertThat(partial.complete(found)).contains(block);
              if (unknown.size() > 1) {
                List<Transaction> turned = new ArrayList<>(found);
                turned.add(turned.remove(0));
                assertThat(partial.isAnsweredBy(turned)).isFalse();
                assertThat(partial.complete(turned)).isEmpty();
              }
            });
  }

  @Test
  void isAnsweredBy_anotherNumber_isNot() {
    PartialBlock partial = PartialBlock.of(CompactBlock.of(block(3), 1), List.of()).orElseThrow();

    assertThat(partial.isAnsweredBy(List.of(transaction(1)))).isFalse();
    assertThat(partial.isAnsweredBy(List.of(transaction(1), transaction(2), transaction(3))))
        .isFalse();
    assertThatThrownBy(() -> partial.complete(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 transactions for 2 places");
  }

  @Test
  void known_oneTransactionTwice_isTaken() {
    Block block = block(2);
    Transaction honest = block.transactions().get(1);

    PartialBlock partial =
        PartialBlock.of(CompactBlock.of(block, 1), List.of(honest, honest)).orElseThrow();

    assertThat(partial.missing()).isEmpty();
  }

  @Test
  void known_twoOfOneId_areBothLeftOut() {
    Block block = block(2);
    Transaction honest = block.transactions().get(1);
    CompactBlock compact = CompactBlock.of(block, 1);
    long wanted = compact.shortIds().at(0);
    // A function that calls everything by one name stands for two ids that collide.
    PartialBlock partial =
        PartialBlock.of(compact, List.of(honest, transaction(9)), any -> wanted).orElseThrow();

    assertThat(partial.missing()).containsExactly(1);
  }

  @Test
  void of_realCompactBlock_isCompletedByTheTransactionsOfItsBlock() {
    Vectors vectors = Vectors.in("compact-blocks");
    Block block = Block.parse(vectors.bytes("block898352.bin"));
    CompactBlock compact = readCompact(vectors.bytes("cmpctblock898352.raw"), block);
    List<Transaction> all = block.transactions();
    List<Transaction> even = new ArrayList<>();
    List<Transaction> odd = new ArrayList<>();
    for (int i = 1; i < all.size(); i++) {
      (i % 2 == 0 ? even : odd).add(all.get(i));
    }

    PartialBlock partial = PartialBlock.of(compact, even).orElseThrow();

    assertThat(partial.missing()).hasSameSizeAs(odd).allMatch(place -> place % 2 == 1);
    assertThat(partial.isAnsweredBy(odd)).isTrue();
    assertThat(partial.complete(odd)).contains(block);
    assertThat(PartialBlock.of(compact, all).orElseThrow().complete(List.of())).contains(block);
    vectors.ran("cmpctblock898352.raw put together", 2);
  }

  /** The nonce lies behind the header; what else the message says is checked where it is read. */
  private static CompactBlock readCompact(byte[] payload, Block block) {
    long nonce = LittleEndian.getLong(payload, 80);
    return CompactBlock.of(block, nonce);
  }
}
