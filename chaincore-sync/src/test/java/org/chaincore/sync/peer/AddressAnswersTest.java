package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.seen;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AddressAnswersTest {
  private static final long PERIOD = 1_000;

  private final AddressBook book = AddressBook.of(1, 2, GroupingRule.BY_PREFIX);
  private final AddressAnswers answers = AddressAnswers.of(book, PERIOD);
  private final RandomGenerator random = new SplittableRandom(1);

  @BeforeEach
  void fillBook() {
    for (int i = 0; i < 500; i++) {
      book.add(
          List.of(seen(PeerFixture.publicAddress(random), NOW)),
          PeerFixture.inGroup(i, random),
          NOW);
    }
  }

  @Test
  void answer_askedAgain_isTheSame() {
    List<SeenAddress> first = answers.answer(AddressNetwork.IPV4, NOW, random);

    assertThat(first).hasSize(book.size() * 23 / 100);
    assertThat(answers.answer(AddressNetwork.IPV4, NOW + PERIOD - 1, random)).isSameAs(first);
  }

  @Test
  void answer_afterItsTime_isAnother() {
    List<SeenAddress> first = answers.answer(AddressNetwork.IPV4, NOW, random);

    assertThat(answers.answer(AddressNetwork.IPV4, NOW + PERIOD + PERIOD / 4, random))
        .isNotEqualTo(first);
  }

  @Test
  void answer_onAnotherNetwork_isAnother() {
    assertThat(answers.answer(AddressNetwork.TOR_V3, NOW, random))
        .isNotEqualTo(answers.answer(AddressNetwork.IPV4, NOW, random));
  }

  @Test
  void of_periodOfZero_asksTheBookEachTime() {
    AddressAnswers fresh = AddressAnswers.of(book, 0);

    assertThat(fresh.answer(AddressNetwork.IPV4, NOW, random))
        .isNotEqualTo(fresh.answer(AddressNetwork.IPV4, NOW, random));
  }

  @Test
  void of_negativePeriod_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressAnswers.of(book, -1))
        .withMessageContaining("-1");
  }
}
