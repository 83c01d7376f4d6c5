package org.chaincore.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RejectionTest {
  @Test
  void in_aPlace_keepsTheCodeAndNamesThePlace() {
    Rejection rejection = Rejection.of(RejectionCode.FEE_TOO_LOW, "worth 1").in("output 3");

    assertThat(rejection.code()).isEqualTo(RejectionCode.FEE_TOO_LOW);
    assertThat(rejection).hasToString("min relay fee not met: output 3: worth 1");
  }

  @Test
  void id_ofEachCode_isUniqueAndItsText() {
    assertThat(Arrays.stream(RejectionCode.values()).map(RejectionCode::id))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.length() > 3);
    assertThat(RejectionCode.HIGH_HASH).hasToString("high-hash");
  }

  @Test
  void blamesBodyOnly_ofEachCode_isTrueForFaultsTheHeaderDoesNotCommitTo() {
    EnumSet<RejectionCode> bodyOnly = EnumSet.noneOf(RejectionCode.class);
    for (RejectionCode code : RejectionCode.values()) {
      if (code.blamesBodyOnly()) {
        bodyOnly.add(code);
      }
    }

    assertThat(bodyOnly)
        .containsExactlyInAnyOrder(
            RejectionCode.BAD_MERKLE_ROOT,
            RejectionCode.MUTATED_TRANSACTIONS,
            RejectionCode.TRANSACTION_OF_64_BYTES,
            RejectionCode.BAD_WITNESS_COMMITMENT,
            RejectionCode.BAD_WITNESS_NONCE,
            RejectionCode.UNEXPECTED_WITNESS,
            RejectionCode.BODIES_NOT_JUDGED,
            RejectionCode.SIDE_BLOCK_REFUSED);
  }
}
