package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class SketchTest {
  private static Sketch of(int capacity, int... ids) {
    Sketch sketch = Sketch.ofCapacity(capacity);
    sketch.toggleAll(ids);
    return sketch;
  }

  /** So many different ids, ascending as unsigned numbers. */
  private static int[] ids(RandomGenerator random, int count) {
    TreeSet<Integer> ids = new TreeSet<>(Integer::compareUnsigned);
    while (ids.size() < count) {
      ids.add(random.nextInt());
      ids.remove(0);
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Bytes randomBytes(RandomGenerator random, int capacity) {
    byte[] bytes = new byte[capacity * Sketch.BYTES_PER_ELEMENT];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  @Test
  void decode_mergedSketchesOfTwoSets_isTheirDifference() {
    SeededRun.of(150, 90)
        .check(
            (random, size) -> {
              TreeSet<Integer> difference = new TreeSet<>(Integer::compareUnsigned);
              int[] shared = ids(random, random.nextInt(200));
              int[] onlyA = ids(random, random.nextInt(size + 1));
              int[] onlyB = ids(random, random.nextInt(size + 1));
              for (int[] some : new int[][] {onlyA, onlyB}) {
                for (int id : some) {
                  if (!difference.remove(id)) {
                    difference.add(id);
                  }
                }
              }
              int capacity = Math.max(1, difference.size()) + random.nextInt(4);
              Sketch a = of(capacity, shared);
              a.toggleAll(onlyA);
              Sketch b = of(capacity, shared);
              b.toggleAll(onlyB);
              a.merge(b);

              assertThat(a.decode(capacity, random.nextLong()).orElseThrow())
                  .containsExactly(difference.stream().mapToInt(Integer::intValue).toArray());
            });
  }

  @Test
  void decode_anyBytes_isWhatTheModelSays() {
    SeededRun.of(300, 6)
        .check(
            (random, size) -> {
              Bytes bytes = randomBytes(random, size);
              ModelSketch model =
                  new ModelSketch(new BinaryField(Field32.BITS, Field32.MODULUS), size);
              long[] sums = new long[size];
              for (int i = 0; i < size; i++) {
                for (int at = 3; at >= 0; at--) {
                  sums[i] = sums[i] << 8 | bytes.unsignedAt(4 * i + at);
                }
              }
              assertThat(
                      Sketch.read(bytes)
                          .decode(size, random.nextLong())
                          .map(
                              ids -> Arrays.stream(ids).mapToObj(Integer::toUnsignedLong).toList()))
                  .isEqualTo(model.decode(sums, random));
            });
  }

  @Test
  void decode_emptySet_isEmpty() {
    assertThat(of(5).decode(5, 1).orElseThrow()).isEmpty();
  }

  @Test
  void decode_fullToTheLargestCapacity_findsAll() {
    int[] ids = ids(new SplittableRandom(5), Sketch.MAX_CAPACITY);
    assertThat(of(Sketch.MAX_CAPACITY, ids).decode(Sketch.MAX_CAPACITY, 0).orElseThrow())
        .containsExactly(ids);
  }

  @Test
  void decode_oneMoreThanTheCapacity_isRefused() {
    SeededRun.of(40, 60)
        .check(
            (random, size) -> {
              int capacity = size + 19;
              Sketch sketch = of(capacity, ids(random, capacity + 1));
              assertThat(sketch.decode(capacity, random.nextLong())).isEmpty();
            });
  }

  @Test
  void decode_smallOverfullSketchWithACheck_isRefused() {
    SeededRun.of(400, 8)
        .check(
            (random, size) -> {
              Sketch sketch = of(size + 1, ids(random, size + 2 + random.nextInt(20)));
              assertThat(sketch.decode(size, random.nextLong())).isEmpty();
            });
  }

  @Test
  void decode_moreThanAskedFor_isRefused() {
    Sketch sketch = of(10, 1, 2, 3, 4, 5);
    assertThat(sketch.decode(4, 1)).isEmpty();
    assertThat(sketch.decode(5, 1).orElseThrow()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void decode_denseIds_areFoundUnderEverySeed() {
    int[] subspace = new int[255];
    Arrays.setAll(subspace, i -> i + 1);
    Sketch sketch = of(255, subspace);
    for (long seed : new long[] {0, 1, -1, 1L << 32, 0x1_0000_0001L, Long.MIN_VALUE}) {
      assertThat(sketch.decode(255, seed).orElseThrow()).containsExactly(subspace);
    }
  }

  @Test
  void decode_idsOfOneBitEach_areFound() {
    int[] bits = new int[32];
    Arrays.setAll(bits, i -> 1 << i);
    assertThat(of(40, bits).decode(40, 3).orElseThrow()).containsExactly(bits);
  }

  @Test
  void decode_onlyTheLastSumSet_isRefused() {
    byte[] bytes = new byte[4 * 64];
    bytes[4 * 64 - 1] = 1;
    assertThat(Sketch.read(Bytes.of(bytes)).decode(64, 1)).isEmpty();
  }

  @Test
  void decode_onlyTheFirstSumSet_isRefused() {
    byte[] bytes = new byte[4 * 64];
    bytes[0] = 1;
    assertThat(Sketch.read(Bytes.of(bytes)).decode(64, 1)).isEmpty();
  }

  @Test
  void decode_differencesOutsideTheCapacity_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(3).decode(4, 1))
        .withMessageContaining("4");
    assertThatIllegalArgumentException().isThrownBy(() -> of(3).decode(0, 1));
  }

  @Test
  void toggle_sameIdTwice_isGone() {
    Sketch sketch = of(20, 7, 8);
    sketch.toggle(8);
    assertThat(sketch.toBytes()).isEqualTo(of(20, 7).toBytes());
  }

  @Test
  void toggle_zero_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(1).toggle(0))
        .withMessageContaining("0 is no id");
  }

  @Test
  void truncated_sketch_isTheSketchOfSmallerCapacity() {
    int[] ids = ids(new SplittableRandom(1), 50);
    assertThat(of(40, ids).truncated(13).toBytes()).isEqualTo(of(13, ids).toBytes());
    assertThatIllegalArgumentException().isThrownBy(() -> of(4).truncated(5));
    assertThatIllegalArgumentException().isThrownBy(() -> of(4).truncated(0));
  }

  @Test
  void extended_byTheRestOfALargerOne_isTheLargerOne() {
    int[] ids = ids(new SplittableRandom(1), 50);
    Bytes all = of(60, ids).toBytes();
    assertThat(of(25, ids).extended(all.slice(100, 240)).toBytes()).isEqualTo(all);
  }

  @Test
  void extended_pastTheLargestCapacity_isRefused() {
    Bytes rest = of(Sketch.MAX_CAPACITY).toBytes();
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> of(1).extended(rest))
        .withMessageContaining("behind 1");
  }

  @Test
  void merge_differentCapacities_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(3).merge(of(4)))
        .withMessageContaining("3")
        .withMessageContaining("4");
  }

  @Test
  void ofCapacity_outsideTheLimits_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sketch.ofCapacity(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sketch.ofCapacity(Sketch.MAX_CAPACITY + 1))
        .withMessageContaining(String.valueOf(Sketch.MAX_CAPACITY + 1));
  }

  @Test
  void read_bytesOfNoSketch_areMalformed() {
    for (int length : new int[] {0, 3, 5, 4 * Sketch.MAX_CAPACITY + 4}) {
      assertThatExceptionOfType(MalformedBytesException.class)
          .isThrownBy(() -> Sketch.read(Bytes.of(new byte[length])))
          .withMessageContaining(length + " bytes");
    }
  }

  @Test
  void read_anySketch_givesItsBytesAgain() {
    SeededRun.of(50, Sketch.MAX_CAPACITY)
        .check(
            (random, size) -> {
              Bytes bytes = randomBytes(random, size);
              assertThat(Sketch.read(bytes).toBytes()).isEqualTo(bytes);
              assertThat(Sketch.read(bytes).capacity()).isEqualTo(size);
            });
  }
}
