package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom transactions are asked of, against a slow obvious model. */
final class TransactionRequestsTest {
  private static final PeerId ALICE = new PeerId(1);
  private static final PeerId BOB = new PeerId(2);
  private static final PeerId CAROL = new PeerId(3);

  private final TransactionRequests requests = new TransactionRequests();

  private static InventoryItem item(int number) {
    return new InventoryItem(InventoryType.WTX, Hash256.ofWords(number, 0, 0, 1));
  }

  private static TransactionRequests.Request ask(PeerId peer, int number) {
    return new TransactionRequests.Request(peer, item(number));
  }

  @Test
  void due_aPeerThatWeChose_isAskedBeforeOneThatCameToUs() {
    requests.announced(ALICE, item(1), false, 0);
    requests.announced(BOB, item(1), true, 1_000);

    assertThat(requests.nextDueMillis()).hasValue(1_000);
    assertThat(requests.due(1_000)).containsExactly(ask(BOB, 1));
    assertThat(requests.due(10_999)).isEmpty();
  }

  @Test
  void due_aSilentPeer_delaysByOneDeadline() {
    requests.announced(ALICE, item(1), true, 0);
    requests.announced(BOB, item(1), false, 0);
    assertThat(requests.due(0)).containsExactly(ask(ALICE, 1));

    assertThat(requests.due(10_000)).containsExactly(ask(BOB, 1));
    assertThat(requests.due(20_000)).isEmpty();
    assertThat(requests.size()).isZero();
    assertThat(requests.nextDueMillis()).isEmpty();
  }

  @Test
  void due_aPeerThatWasSilent_isAskedLastUntilItAnswers() {
    requests.announced(ALICE, item(1), true, 0);
    requests.due(0);
    requests.due(10_000);
    requests.announced(ALICE, item(2), true, 20_000);
    requests.announced(BOB, item(2), false, 18_000);
    assertThat(requests.due(20_000)).containsExactly(ask(BOB, 2));

    requests.announced(ALICE, item(3), true, 20_000);
    assertThat(requests.due(20_000)).containsExactly(ask(ALICE, 3));
    requests.answered(ALICE);
    requests.done(item(3).hash());
    requests.announced(BOB, item(4), false, 18_000);
    requests.announced(ALICE, item(4), true, 20_000);
    assertThat(requests.due(20_000)).containsExactly(ask(ALICE, 4));
  }

  @Test
  void due_manySilentPeers_doNotStandBeforeOneThatWeChose() {
    for (int i = 0; i < 20; i++) {
      requests.announced(new PeerId(100 + i), item(1), false, 0);
    }
    requests.due(2_000);
    requests.announced(ALICE, item(1), true, 5_000);

    assertThat(requests.due(12_000)).containsExactly(ask(ALICE, 1));
  }

  @Test
  void due_aPeerWithMuchToAnswer_isAskedAfterOneWithLittle() {
    for (int i = 0; i < TransactionRequests.MAX_ASKED; i++) {
      requests.announced(ALICE, item(1_000 + i), true, 0);
    }
    assertThat(requests.due(0)).hasSize(TransactionRequests.MAX_ASKED);
    requests.announced(ALICE, item(1), true, 0);
    requests.announced(BOB, item(1), true, 1_999);
    assertThat(requests.due(1_999)).containsExactly(ask(BOB, 1));

    requests.announced(ALICE, item(2), true, 2_000);
    assertThat(requests.due(3_999)).isEmpty();
    assertThat(requests.due(4_000)).containsExactly(ask(ALICE, 2));
  }

  @Test
  void announced_moreThanTheLimit_isForgotten() {
    for (int i = 0; i < TransactionRequests.MAX_ANNOUNCED; i++) {
      assertThat(requests.announced(ALICE, item(i), true, 0)).isTrue();
    }

    assertThat(requests.announced(ALICE, item(-1), true, 0)).isFalse();
    assertThat(requests.announced(ALICE, item(0), true, 0)).as("known").isTrue();
    assertThat(requests.announced(BOB, item(-1), true, 0)).isTrue();
    assertThat(requests.size()).isEqualTo(TransactionRequests.MAX_ANNOUNCED + 1);
    requests.done(item(7).hash());
    assertThat(requests.announced(ALICE, item(-2), true, 0)).isTrue();
  }

  @Test
  void notFound_bringsTheNextAtOnce() {
    requests.announced(ALICE, item(1), true, 0);
    requests.announced(BOB, item(1), true, 0);
    requests.announced(CAROL, item(1), true, 0);
    requests.due(0);

    requests.notFound(BOB, item(1).hash());
    requests.notFound(BOB, item(2).hash());
    assertThat(requests.due(0)).isEmpty();
    assertThat(requests.isAsked(ALICE, item(1).hash())).isTrue();
    requests.notFound(ALICE, item(1).hash());

    assertThat(requests.due(0)).containsExactly(ask(CAROL, 1));
    requests.notFound(CAROL, item(1).hash());
    assertThat(requests.size()).isZero();
  }

  @Test
  void disconnected_peer_isReplacedInOrder() {
    for (int i = 0; i < 3; i++) {
      requests.announced(ALICE, item(i), true, 0);
      requests.announced(BOB, item(i), true, 0);
    }
    requests.announced(ALICE, item(9), true, 0);
    requests.due(0);

    requests.disconnected(ALICE);
    requests.disconnected(CAROL);

    assertThat(requests.due(0)).containsExactly(ask(BOB, 0), ask(BOB, 1), ask(BOB, 2));
    assertThat(requests.size()).isEqualTo(3);
  }

  /** The same by lists that are searched from end to end. */
  private static final class Model {
    record Place(PeerId peer, InventoryItem item, boolean isPreferred, long from) {}

    static final class One {
      final InventoryItem item;
      final List<Place> line = new ArrayList<>();
      @Nullable PeerId asked;
      long deadline;

      One(InventoryItem item) {
        this.item = item;
      }

      long due() {
        return asked != null
            ? deadline
            : line.stream().mapToLong(Place::from).min().orElse(Long.MAX_VALUE);
      }

      boolean has(PeerId peer) {
        return line.stream().anyMatch(place -> place.peer.equals(peer));
      }

      void remove(PeerId peer) {
        line.removeIf(place -> place.peer.equals(peer));
        asked = peer.equals(asked) ? null : asked;
      }
    }

    final List<One> all = new ArrayList<>();
    final Set<PeerId> silent = new HashSet<>();

    long askedOf(PeerId peer) {
      return all.stream().filter(one -> peer.equals(one.asked)).count();
    }

    @Nullable One find(InventoryItem item) {
      return all.stream().filter(one -> one.item.equals(item)).findFirst().orElse(null);
    }

    void announced(PeerId peer, InventoryItem item, boolean isPreferred, long now) {
      One one = find(item);
      if (one == null) {
        one = new One(item);
        all.add(one);
      }
      if (!one.has(peer)) {
        long from = now + (isPreferred ? 0 : 2_000) + (askedOf(peer) >= 100 ? 2_000 : 0);
        one.line.add(new Place(peer, item, isPreferred, from));
      }
    }

    List<TransactionRequests.Request> due(long now) {
      List<TransactionRequests.Request> asked = new ArrayList<>();
      Predicate<One> isDue = one -> one.due() <= now;
      while (all.stream().anyMatch(isDue)) {
        One one = all.stream().filter(isDue).min(Comparator.comparingLong(One::due)).orElseThrow();
        if (one.asked != null) {
          silent.add(one.asked);
          one.remove(one.asked);
        }
        Place next =
            one.line.stream()
                .filter(place -> place.from <= now)
                .min(
                    Comparator.comparing((Place place) -> silent.contains(place.peer))
                        .thenComparing(place -> !place.isPreferred)
                        .thenComparing(place -> askedOf(place.peer) >= 100)
                        .thenComparing(Place::from))
                .orElse(null);
        if (next != null) {
          one.asked = next.peer;
          one.deadline = now + 10_000;
          asked.add(new TransactionRequests.Request(next.peer, next.item));
        }
        forgetEmpty();
      }
      return asked;
    }

    void forgetEmpty() {
      all.removeIf(one -> one.line.isEmpty());
    }

    OptionalLong next() {
      return all.stream().mapToLong(One::due).min();
    }
  }

  @Test
  void everything_randomly_isAsTheModelHasIt() {
    SeededRun.of(300, 600)
        .check(
            (random, size) -> {
              TransactionRequests fast = new TransactionRequests();
              Model slow = new Model();
              long now = 0;
              for (int step = 0; step < size; step++) {
                PeerId peer = new PeerId(1 + random.nextInt(5));
                InventoryItem item = item(random.nextInt(random.nextInt(8) == 0 ? 400 : 12));
                boolean isPreferred = peer.value() <= 2;
                switch (random.nextInt(8)) {
                  case 0, 1, 2, 3 -> {
                    fast.announced(peer, item, isPreferred, now);
                    slow.announced(peer, item, isPreferred, now);
                  }
                  case 4 -> {
                    fast.done(item.hash());
                    slow.all.removeIf(one -> one.item.equals(item));
                  }
                  case 5 -> {
                    fast.notFound(peer, item.hash());
                    Model.One one = slow.find(item);
                    if (one != null) {
                      one.remove(peer);
                    }
                    slow.forgetEmpty();
                  }
                  case 6 -> {
                    if (random.nextBoolean()) {
                      fast.answered(peer);
                      slow.silent.remove(peer);
                    } else {
                      fast.disconnected(peer);
                      slow.all.forEach(one -> one.remove(peer));
                      slow.forgetEmpty();
                      slow.silent.remove(peer);
                    }
                  }
                  default -> now += random.nextInt(6_000);
                }
                assertThat(fast.due(now)).isEqualTo(slow.due(now));
                assertThat(fast.nextDueMillis()).isEqualTo(slow.next());
                assertThat(fast.size()).isEqualTo(slow.all.size());
                for (Model.One one : slow.all) {
                  assertThat(one.asked == null || fast.isAsked(one.asked, one.item.hash()))
                      .isTrue();
                }
              }
            });
  }
}
