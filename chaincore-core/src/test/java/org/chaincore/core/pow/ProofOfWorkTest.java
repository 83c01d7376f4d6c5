package org.chaincore.core.pow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.ProofOfWork.Verdict;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;

class ProofOfWorkTest {
  private static final Target LIMIT = Target.ofBits(0x1d00ffff);
  private static final Hash256 AT_LIMIT =
      Hash256.parse("00000000ffff0000000000000000000000000000000000000000000000000000");
  private static final Hash256 ABOVE =
      Hash256.parse("00000000ffff0000000000000000000000000000000000000000000000000001");

  private final ProofOfWork checker = ProofOfWork.under(LIMIT);

  @Test
  void check_hashEqualToTarget_isValid() {
    assertThat(checker.check(0x1d00ffff, AT_LIMIT)).isEqualTo(Verdict.VALID);
  }

  @Test
  void check_hashOneAboveTarget_isInsufficient() {
    assertThat(checker.check(0x1d00ffff, ABOVE)).isEqualTo(Verdict.INSUFFICIENT);
  }

  @Test
  void check_targetAboveLimit_isAboveLimitWhateverTheHash() {
    assertThat(checker.check(0x1d010000, Hash256.ZERO)).isEqualTo(Verdict.ABOVE_LIMIT);
  }

  @Test
  void check_bitsThatAreNoTarget_areBadBits() {
    for (int bits : new int[] {0, 0x1d800000, 0x1d80ffff, 0xff7fffff, 0x01003456, 0x04923456}) {
      assertThat(checker.check(bits, Hash256.ZERO)).isEqualTo(Verdict.BAD_BITS);
      assertThat(ProofOfWork.verdict(bits, Hash256.ZERO, LIMIT)).isEqualTo(Verdict.BAD_BITS);
    }
  }

  @Test
  void check_changingBits_neverAnswersForTheLastOnes() {
    assertThat(checker.check(0x1d00ffff, AT_LIMIT)).isEqualTo(Verdict.VALID);
    assertThat(checker.check(0x1c00ffff, AT_LIMIT)).isEqualTo(Verdict.INSUFFICIENT);
    assertThat(checker.check(0, AT_LIMIT)).isEqualTo(Verdict.BAD_BITS);
    assertThat(checker.check(0x1c00ffff, AT_LIMIT)).isEqualTo(Verdict.INSUFFICIENT);
    assertThat(checker.check(0x1d00ffff, AT_LIMIT)).isEqualTo(Verdict.VALID);
  }

  @Test
  void check_header_isOfItsOwnHashAndBits() {
    BlockHeader genesis =
        BlockHeader.of(
            1,
            Hash256.ZERO,
            Hash256.parse("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
            1_231_006_505L,
            0x1d00ffff,
            2_083_236_893);

    assertThat(checker.check(genesis)).isEqualTo(Verdict.VALID);
    assertThat(checker.check(genesis.withNonce(1))).isEqualTo(Verdict.INSUFFICIENT);
  }

  @Test
  void work_ofBits_isThatOfTheirTarget() {
    assertThat(checker.work(0x1d00ffff).toString()).isEqualTo("100010001");
    assertThat(checker.work(0x207fffff).toString()).isEqualTo("2");
  }

  @Test
  void work_ofBitsThatAreNoTarget_throws() {
    assertThatThrownBy(() -> checker.work(0x1d800000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1d800000");
  }
}
