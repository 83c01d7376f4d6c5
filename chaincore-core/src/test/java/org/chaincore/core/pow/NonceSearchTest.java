package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.pow.NonceSearch.Cancelled;
import org.chaincore.core.pow.NonceSearch.Exhausted;
import org.chaincore.core.pow.NonceSearch.Found;
import org.chaincore.core.pow.NonceSearch.Result;
import org.chaincore.core.pow.NonceSearch.Workers;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NonceSearchTest {
  private static final int EASY = 0x1f0fffff;
  private static final int HARDER = 0x1f00ffff;
  private static final int HOPELESS = 0x03000001;
  private static final int CHUNK = NonceSearch.CHUNK_NONCES;

  private final ExecutorService executor = Executors.newFixedThreadPool(3);

  @AfterEach
  void stopExecutor() {
    executor.shutdownNow();
  }

  private static BlockHeader header(long salt, int bits) {
    return BlockHeader.of(1, Hash256.ZERO, Hash256.ofWords(salt, 1, 2, 3), 1_700_000_000, bits, 0);
  }

  private static BlockHeader bitcoinGenesis() {
    return BlockHeader.of(
        1,
        Hash256.ZERO,
        Hash256.parse("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
        1_231_006_505L,
        0x1d00ffff,
        0);
  }

  private static boolean never() {
    return false;
  }

  private static Result searchAll(BlockHeader header) {
    return NonceSearch.search(header, NonceRange.ALL, NonceSearchTest::never);
  }

  @Test
  void search_easyHeader_findsTheLowestGoodNonce() {
    BlockHeader header = header(1, EASY);

    BlockHeader found = ((Found) searchAll(header)).header();

    Target target = Target.ofBits(EASY);
    assertThat(target.isMetBy(found.hash())).isTrue();
    assertThat(found.withNonce(0)).isEqualTo(header);
    for (int nonce = 0; nonce < found.nonce(); nonce++) {
      assertThat(target.isMetBy(header.withNonce(nonce).hash())).isFalse();
    }
  }

  @Test
  void search_bitcoinsGenesis_findsItsNonce() {
    BlockHeader genesis = bitcoinGenesis();

    Result result =
        NonceSearch.search(genesis, NonceRange.of(2_083_200_000L, 50_000), NonceSearchTest::never);

    assertThat(result).isEqualTo(new Found(genesis.withNonce(2_083_236_893)));
    assertThat(((Found) result).header().hash())
        .hasToString("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
  }

  @Test
  void search_nothingInRange_saysWhereToGoOn() {
    Result result =
        NonceSearch.search(header(1, HOPELESS), NonceRange.of(7, 20_000), NonceSearchTest::never);

    assertThat(result).isEqualTo(new Exhausted(20_007));
    assertThat(((Exhausted) result).isWholeSpace()).isFalse();
  }

  @Test
  void search_endOfTheSpace_isExhaustedForGood() {
    NonceRange last = NonceRange.from(NonceRange.SPACE - 1_000);

    Result result = NonceSearch.search(header(1, HOPELESS), last, NonceSearchTest::never);

    assertThat(((Exhausted) result).isWholeSpace()).isTrue();
  }

  @Test
  void search_emptyRange_isExhausted() {
    assertThat(NonceSearch.search(header(1, EASY), NonceRange.of(5, 0), NonceSearchTest::never))
        .isEqualTo(new Exhausted(5));
  }

  @Test
  void search_rangeByRange_findsWhatOneSearchFinds() {
    SeededRun.of(15, 40_000)
        .check(
            (random, size) -> {
              BlockHeader header = header(random.nextLong(), HARDER);
              long next = 0;
              Result result = new Exhausted(0);
              while (result instanceof Exhausted exhausted) {
                next = exhausted.nextNonce();
                NonceRange range = NonceRange.of(next, 1 + random.nextInt(size));
                result = NonceSearch.search(header, range, NonceSearchTest::never);
              }
              assertThat(result).isEqualTo(searchAll(header));
            });
  }

  @Test
  void search_nonceFound_goesOnToTheNextOne() {
    BlockHeader header = header(1, EASY);
    int first = ((Found) searchAll(header)).header().nonce();

    Result second = NonceSearch.search(header, NonceRange.from(first + 1L), NonceSearchTest::never);

    assertThat(((Found) second).header().nonce()).isGreaterThan(first);
  }

  @Test
  void search_cancelled_saysWhereToGoOn() {
    Result result = NonceSearch.search(header(1, HOPELESS), NonceRange.from(5), afterCalls(3));

    assertThat(result).isEqualTo(new Cancelled(5 + 3L * CHUNK));
  }

  @Test
  void search_cancelledBefore_triesNothing() {
    assertThat(NonceSearch.search(header(1, EASY), NonceRange.ALL, () -> true))
        .isEqualTo(new Cancelled(0));
  }

  @Test
  void search_bitsThatAreNoTarget_throws() {
    assertThatThrownBy(() -> searchAll(header(1, 0))).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void parallel_anyNumberOfWorkers_findsWhatOneFinds(int workers) {
    SeededRun.of(10, 1)
        .check(
            (random, size) -> {
              BlockHeader header = header(random.nextLong(), HARDER);
              Result result =
                  NonceSearch.parallel(
                          header,
                          NonceRange.ALL,
                          Workers.of(executor, workers),
                          NonceSearchTest::never)
                      .join();
              assertThat(result).isEqualTo(searchAll(header));
            });
  }

  @Test
  void parallel_executorThatRunsAtOnce_findsWhatOneFinds() {
    BlockHeader header = header(9, HARDER);

    Result result =
        NonceSearch.parallel(
                header, NonceRange.ALL, Workers.of(Runnable::run, 4), NonceSearchTest::never)
            .join();

    assertThat(result).isEqualTo(searchAll(header));
  }

  @Test
  void parallel_nothingInRange_isExhausted() {
    NonceRange range = NonceRange.of(100, 5L * CHUNK + 3);

    Result result =
        NonceSearch.parallel(
                header(1, HOPELESS), range, Workers.of(executor, 3), NonceSearchTest::never)
            .join();

    assertThat(result).isEqualTo(new Exhausted(range.to()));
  }

  @Test
  void parallel_cancelledAndResumed_findsAGoodNonce() {
    SeededRun.of(10, 12)
        .check(
            (random, size) -> {
              BlockHeader header = header(random.nextLong(), HARDER);
              BlockHeader found = ((Found) resumedUntilFound(header, random, size)).header();
              assertThat(found.withNonce(0)).isEqualTo(header);
              assertThat(Target.ofBits(HARDER).isMetBy(found.hash())).isTrue();
            });
  }

  @Test
  void parallel_cancelledWithAGoodNonceInHand_reportsIt() {
    BlockHeader header = header(1, EASY);
    long good = ((Found) searchAll(header)).header().nonce();
    // The first of two workers is cancelled at once, the second finds one higher up.
    AtomicInteger calls = new AtomicInteger();
    BooleanSupplier first = () -> calls.incrementAndGet() == 1;

    Result result =
        NonceSearch.parallel(header, NonceRange.ALL, Workers.of(Runnable::run, 2), first).join();

    assertThat(good).isLessThan(CHUNK);
    assertThat(((Found) result).header().nonce()).isGreaterThanOrEqualTo(CHUNK);
  }

  private Result resumedUntilFound(BlockHeader header, RandomGenerator random, int size) {
    Result result = new Cancelled(0);
    while (result instanceof Cancelled cancelled) {
      NonceRange rest = NonceRange.from(cancelled.nextNonce());
      // At least three, so that each of the workers gets on.
      int calls = 3 + random.nextInt(size);
      result =
          NonceSearch.parallel(header, rest, Workers.of(Runnable::run, 3), afterCalls(calls))
              .join();
    }
    return result;
  }

  @Test
  void parallel_cancelledBefore_triesNothing() {
    Result result =
        NonceSearch.parallel(
                header(1, EASY), NonceRange.from(77), Workers.of(executor, 3), () -> true)
            .join();

    assertThat(result).isEqualTo(new Cancelled(77));
  }

  @Test
  void parallel_cancelThrows_failsAndStopsTheOthers() {
    AtomicInteger calls = new AtomicInteger();
    BooleanSupplier broken =
        () -> {
          if (calls.incrementAndGet() == 5) {
            throw new IllegalStateException("broken on purpose");
          }
          return false;
        };

    CompletableFuture<Result> search =
        NonceSearch.parallel(header(1, HOPELESS), NonceRange.ALL, Workers.of(executor, 3), broken);

    assertThatThrownBy(search::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("broken on purpose");
  }

  @Test
  void parallel_executorRefuses_failsAndStopsTheOthers() {
    AtomicInteger accepted = new AtomicInteger();
    CompletableFuture<Result> search =
        NonceSearch.parallel(
            header(1, HOPELESS),
            NonceRange.ALL,
            Workers.of(
                task -> {
                  if (accepted.incrementAndGet() > 1) {
                    throw new RejectedExecutionException("full");
                  }
                  executor.execute(task);
                },
                2),
            NonceSearchTest::never);

    assertThatThrownBy(search::join).hasRootCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void parallel_noWorkers_throws() {
    assertThatThrownBy(
            () ->
                NonceSearch.parallel(
                    header(1, EASY),
                    NonceRange.ALL,
                    Workers.of(executor, 0),
                    NonceSearchTest::never))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workers");
  }

  @Test
  void lowest_digestThatCannotBeCloned_findsTheSame() {
    BlockHeader header = header(4, EASY);
    DigestKernel plain = new DigestKernel(header, Target.ofBits(EASY), new Uncloneable());
    DigestKernel quick = DigestKernel.of(header, Target.ofBits(EASY));

    for (long from = 0; from < 20_000; from += 1_000) {
      assertThat(plain.lowest(from, from + 1_000)).isEqualTo(quick.lowest(from, from + 1_000));
    }
  }

  @Test
  void lowest_hashWithTheTargetsTopWord_isJudgedByTheOthers() {
    // The hash is 000000000019d668 9c085ae1..., the first target all zeros behind 19d668.
    BlockHeader genesis = bitcoinGenesis();
    long nonce = 2_083_236_893L;

    assertThat(DigestKernel.of(genesis, Target.ofBits(0x1b19d668)).lowest(nonce, nonce + 1))
        .isEqualTo(NonceKernel.NONE);
    assertThat(DigestKernel.of(genesis, Target.ofBits(0x1b19d669)).lowest(nonce, nonce + 1))
        .isEqualTo(nonce);
  }

  @Test
  void range_outsideTheSpace_throws() {
    assertThatThrownBy(() -> new NonceRange(-1, 5)).hasMessageContaining("-1..5");
    assertThatThrownBy(() -> new NonceRange(0, NonceRange.SPACE + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NonceRange(6, 5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void range_countPastTheEnd_endsWithTheSpace() {
    assertThat(NonceRange.of(NonceRange.SPACE - 2, 100).to()).isEqualTo(NonceRange.SPACE);
  }

  private static BooleanSupplier afterCalls(int calls) {
    AtomicInteger left = new AtomicInteger(calls);
    return () -> left.getAndDecrement() <= 0;
  }

  /** SHA-256 of a provider that cannot copy its state. */
  private static final class Uncloneable extends MessageDigest {
    private final MessageDigest real;

    Uncloneable() {
      super("SHA-256");
      try {
        this.real = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected void engineUpdate(byte input) {
      real.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      real.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      return real.digest();
    }

    @Override
    protected void engineReset() {
      real.reset();
    }
  }
}
