package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

final class PaymentsTest {
  private static final KeyPair OWNER = KeyPair.ofSeed(new byte[32]);
  private static final Amount NO_FEE = Amount.of(0);

  private static Payments.Coin coin(int index, long units) {
    return new Payments.Coin(
        new OutPoint(Hash256.ofWords(1, 2, 3, 4), index),
        Payments.output(Amount.of(units), OWNER.payToWitnessPubkeyHash()));
  }

  private static TransactionOutput out(long units) {
    return Payments.output(Amount.of(units), OWNER.payToTaproot());
  }

  private static Transaction pay(List<Payments.Coin> coins, long units, long fee) {
    return Payments.by(OWNER).pay(coins, List.of(out(units)), Amount.of(fee));
  }

  @Test
  void pay_fromSeveralCoins_takesTheFirstThatSuffice() {
    Transaction paid = pay(List.of(coin(0, 5_000), coin(1, 5_000), coin(2, 5_000)), 6_000, 500);

    assertThat(paid.inputs())
        .extracting(input -> input.previousOutput().index())
        .containsExactly(0, 1);
    assertThat(paid.outputs()).extracting(TransactionOutput::units).containsExactly(6_000L, 3_500L);
  }

  @Test
  void pay_withARestTooSmallToBeSpent_addsItToTheFee() {
    Transaction paid = pay(List.of(coin(0, 10_000)), 9_000, 1);

    assertThat(paid.outputs()).hasSize(1);
  }

  @Test
  void pay_forNothing_stillSpendsACoin() {
    Transaction paid = Payments.by(OWNER).pay(List.of(coin(0, 5_000)), List.of(), NO_FEE);

    assertThat(paid.inputs()).hasSize(1);
    assertThat(paid.outputs()).extracting(TransactionOutput::units).containsExactly(5_000L);
  }

  @Test
  void pay_withoutCoinsOrWithTooFew_isRefused() {
    assertThatThrownBy(() -> pay(List.of(), 1, 0)).hasMessageContaining("do not pay");
    assertThatThrownBy(() -> Payments.by(OWNER).pay(List.of(), List.of(), NO_FEE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pay(List.of(coin(0, 5_000)), 5_000, 1))
        .hasMessageContaining("coins of 5000 units");
  }
}
