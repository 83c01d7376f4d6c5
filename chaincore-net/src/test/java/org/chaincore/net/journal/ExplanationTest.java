package org.chaincore.net.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.ChainEvent.RemovalReason;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.journal.Explanation.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ExplanationTest {
  private static final Hash256 HASH = Hash256.parse("ab".repeat(32));

  @ParameterizedTest
  @EnumSource(RemovalReason.class)
  void why_ofEachReasonToLeaveTheMempool_isASentenceOfItsOwn(RemovalReason reason) {
    List<String> others =
        Arrays.stream(RemovalReason.values())
            .filter(other -> other != reason)
            .map(other -> new Explanation.OfRemoved(HASH, other).why())
            .toList();

    assertThat(new Explanation.OfRemoved(HASH, reason).why()).isNotBlank().isNotIn(others);
  }

  @Test
  void isRefused_ofBlocksThatBrokeSomething_only() {
    assertThat(Standing.values())
        .filteredOn(Standing::isRefused)
        .containsExactlyInAnyOrder(
            Standing.BROKE_A_RULE, Standing.ON_A_REFUSED_BLOCK, Standing.REFUSED_BY_HOST);
  }

  @Test
  void why_ofAConfirmedTransaction_namesTheChain() {
    assertThat(new Explanation.OfConfirmed(HASH, new BlockRef(1, HASH), 3).why()).contains("chain");
  }
}
