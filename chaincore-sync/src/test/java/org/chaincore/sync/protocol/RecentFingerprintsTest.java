package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.junit.jupiter.api.Test;

/** The last hashes of a kind, remembered by a few bits. */
final class RecentFingerprintsTest {
  private static final SipKey KEY = SipKey.of(1, 2);
  private static final int MOST = PeerRelay.MAX_KNOWN;

  private static Hash256 hash(int number) {
    return Hash256.ofWords(number, 0, 0, 3);
  }

  private static RecentFingerprints withFirst(int count) {
    RecentFingerprints recent = new RecentFingerprints(KEY, MOST);
    for (int i = 0; i < count; i++) {
      recent.add(hash(i));
    }
    return recent;
  }

  @Test
  void contains_whatWasAdded_randomly_isAsAPlainListHasIt() {
    SeededRun.of(200, 400)
        .check(
            (random, size) -> {
              int most = 2 + random.nextInt(60);
              RecentFingerprints recent =
                  new RecentFingerprints(SipKey.of(random.nextLong(), random.nextLong()), most);
              List<Hash256> young = new ArrayList<>();
              List<Hash256> old = List.of();
              for (int step = 0; step < size; step++) {
                Hash256 hash = hash(random.nextInt(100));
                boolean isFull = young.size() == most / 2;
                if (random.nextInt(50) == 0 || (isFull && !young.contains(hash))) {
                  if (!isFull) {
                    recent.age();
                  }
                  old = young;
                  young = new ArrayList<>();
                }
                recent.add(hash);
                if (!young.contains(hash)) {
                  young.add(hash);
                }
                Hash256 other = hash(random.nextInt(100));
                assertThat(recent.contains(other))
                    .isEqualTo(young.contains(other) || old.contains(other));
              }
            });
  }

  @Test
  void add_ofMoreThanAreKept_keepsAtLeastTheLastHalfInAtMost32KiB() {
    RecentFingerprints recent = new RecentFingerprints(KEY, MOST);
    for (int i = 0; i < 10 * MOST; i++) {
      recent.add(hash(i));
      assertThat(recent.bytes()).isLessThanOrEqualTo(32 * 1024);
      if (i % 997 == 0) {
        for (int j = Math.max(0, i - MOST / 2 + 1); j <= i; j++) {
          assertThat(recent.contains(hash(j))).isTrue();
        }
      }
    }
    assertThat(recent.contains(hash(0))).isFalse();
  }

  @Test
  void age_withoutNewOnes_forgetsAllAndTakesNoRoom() {
    RecentFingerprints recent = withFirst(MOST);
    recent.age();
    assertThat(recent.contains(hash(MOST - 1))).isTrue();
    recent.age();

    assertThat(recent.contains(hash(MOST - 1))).isFalse();
    assertThat(recent.bytes()).isZero();
  }

  @Test
  void bytes_beforeTheFirst_areNone() {
    assertThat(new RecentFingerprints(KEY, MOST).bytes()).isZero();
    assertThat(withFirst(1).bytes()).isLessThanOrEqualTo(64);
  }

  @Test
  void contains_whatWasNotAdded_isWrongOnceInAMillionAtMost() {
    RecentFingerprints recent = withFirst(MOST);
    int wrong = 0;
    for (int i = MOST; i < 500_000; i++) {
      wrong += recent.contains(hash(i)) ? 1 : 0;
    }
    // 0.6 are expected; six are so by chance once in a hundred thousand keys.
    assertThat(wrong).isLessThan(6);
  }

  @Test
  void contains_underAnotherKey_isWrongForOthers() {
    // 2 to the power of 32 hashes would be needed for one known key; one pair is searched for among
    // 200,000, of which some have the same bits by the birthday bound.
    int[] bits = new int[200_000];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (int) KEY.hash(hash(i));
    }
    List<int[]> pairs = pairsOfEqual(bits);
    assertThat(pairs).isNotEmpty();
    int[] pair = pairs.get(0);

    RecentFingerprints fooled = new RecentFingerprints(KEY, MOST);
    fooled.add(hash(pair[0]));
    RecentFingerprints other = new RecentFingerprints(SipKey.of(3, 4), MOST);
    other.add(hash(pair[0]));

    assertThat(fooled.contains(hash(pair[1]))).isTrue();
    assertThat(other.contains(hash(pair[1]))).isFalse();
  }

  private static List<int[]> pairsOfEqual(int[] bits) {
    Map<Integer, Integer> seen = new HashMap<>();
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < bits.length; i++) {
      Integer before = seen.putIfAbsent(bits[i], i);
      if (before != null) {
        pairs.add(new int[] {before, i});
      }
    }
    return pairs;
  }
}
