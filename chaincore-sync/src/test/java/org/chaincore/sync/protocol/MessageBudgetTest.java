package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Ping;
import org.junit.jupiter.api.Test;

final class MessageBudgetTest {
  private static final int SAVED = MessageBudget.MESSAGES_A_SECOND * MessageBudget.SECONDS_SAVED;
  private static final Message PING = new Ping(1);

  private final MessageBudget budget = new MessageBudget(0);

  private int paidAt(long nowMillis, Message message, int bytes, int tries) {
    int paid = 0;
    for (int i = 0; i < tries; i++) {
      paid += budget.pay(message, bytes, nowMillis) ? 1 : 0;
    }
    return paid;
  }

  @Test
  void pay_asMuchAsWasSaved_isPaidAndOneMoreIsNot() {
    assertThat(paidAt(0, PING, 32, SAVED)).isEqualTo(SAVED);
    assertThat(budget.pay(PING, 32, 0)).isFalse();
  }

  @Test
  void pay_atTheRate_isAlwaysPaid() {
    paidAt(0, PING, 32, SAVED);
    for (int second = 1; second <= 60; second++) {
      int rate = MessageBudget.MESSAGES_A_SECOND;
      assertThat(paidAt(second * 1_000L, PING, 32, rate)).isEqualTo(rate);
    }
  }

  @Test
  void pay_farTooMuch_isNoticedOnceASecondsWorth() {
    paidAt(0, PING, 32, SAVED);
    int tries = 10 * (MessageBudget.MESSAGES_A_SECOND + 1);
    assertThat(tries - paidAt(0, PING, 32, tries)).isEqualTo(10);
  }

  @Test
  void pay_requestsForBlocks_weighAHundredth() {
    Message request = new GetData(List.of(new InventoryItem(InventoryType.BLOCK, Hash256.ZERO)));
    assertThat(paidAt(0, request, 61, 90 * SAVED)).isEqualTo(90 * SAVED);
  }

  @Test
  void pay_fewLargeMessages_isBoundedByBytes() {
    int bytes = MessageBudget.BYTES_A_SECOND / 10;
    assertThat(paidAt(0, PING, bytes, 101)).isEqualTo(100);
  }

  @Test
  void pay_afterALongTime_hasSavedNoMore() {
    assertThat(paidAt(Long.MAX_VALUE / 2, PING, 32, SAVED + 1)).isEqualTo(SAVED);
    assertThat(budget.pay(PING, 32, 0)).describedAs("a clock that goes back").isTrue();
  }
}
