package org.chaincore.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.junit.jupiter.api.Test;

class SaltedHashesTest {
  private final SaltedHashes hashes = new SaltedHashes(SipKey.of(1, 2));

  @Test
  void contains_anyAdded_agreesWithASet() {
    SeededRun.of(60, 400)
        .check(
            (random, size) -> {
              SaltedHashes salted = new SaltedHashes(SipKey.of(random.nextLong(), 0));
              Set<Hash256> model = new LinkedHashSet<>();
              for (int i = 0; i < 2 * size; i++) {
                Hash256 hash = Hash256.ofWords(random.nextInt(size), 0, random.nextInt(2), 0);
                if (random.nextBoolean() && !hash.isZero()) {
                  salted.add(hash);
                  model.add(hash);
                }
                if (random.nextInt(4 * size) == 0) {
                  salted.clear();
                  model.clear();
                }
                assertThat(salted.contains(hash)).isEqualTo(model.contains(hash));
                assertThat(salted.size()).isEqualTo(model.size());
              }
              assertThat(model).allMatch(salted::contains);
            });
  }

  @Test
  void contains_ofWhatDiffersInOneWord_isFalse() {
    hashes.add(Hash256.ofWords(1, 2, 3, 4));

    assertThat(hashes.contains(Hash256.ofWords(9, 2, 3, 4))).isFalse();
    assertThat(hashes.contains(Hash256.ofWords(1, 9, 3, 4))).isFalse();
    assertThat(hashes.contains(Hash256.ofWords(1, 2, 9, 4))).isFalse();
    assertThat(hashes.contains(Hash256.ofWords(1, 2, 3, 9))).isFalse();
    assertThat(hashes.contains(Hash256.ofWords(1, 2, 3, 4))).isTrue();
  }

  @Test
  void add_ofZero_isNothing() {
    hashes.add(Hash256.ZERO);

    assertThat(hashes.contains(Hash256.ZERO)).isFalse();
    assertThat(hashes.size()).isZero();
  }
}
