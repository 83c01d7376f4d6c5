package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** More happens to chain and mempool between two inputs than the engine keeps events of. */
final class EventLagTest {
  private static final int KEPT = 3;

  private final RelayStage stage = stage();
  private final PeerId alice = stage.peer("alice", ConnectionKind.OUTBOUND);
  private final PeerId bob = stage.peer("bob", ConnectionKind.OUTBOUND);

  private static RelayStage stage() {
    ChainFixture chain = ChainFixture.keepingEvents(KEPT);
    for (int i = 0; i < 30; i++) {
      chain.mine(1);
    }
    return RelayStage.of(TestNode.on(chain, 1));
  }

  private List<Transaction> offer(int count) {
    List<Transaction> offered = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Transaction payment = stage.payment();
      stage.chain.offer(payment);
      offered.add(payment);
    }
    return offered;
  }

  private static List<Hash256> announced(List<Message> heard) {
    return heard.stream()
        .filter(Inventory.class::isInstance)
        .flatMap(message -> ((Inventory) message).items().stream())
        .map(InventoryItem::hash)
        .toList();
  }

  private void announces(PeerId peer, Transaction transaction) {
    stage.talk.says(
        peer,
        new Inventory(List.of(new InventoryItem(InventoryType.TRANSACTION, transaction.txid()))));
  }

  @Test
  void accepted_moreThanAreKept_areKnownAndToldAllTheSame() {
    List<Transaction> offered = offer(8);
    stage.wake();
    stage.talk.pass(Duration.ofSeconds(10));

    assertThat(announced(stage.talk.heardBy(alice)))
        .containsExactlyInAnyOrderElementsOf(offered.stream().map(Transaction::txid).toList());
    announces(bob, offered.get(0));
    stage.talk.pass(Duration.ofSeconds(10));
    assertThat(stage.askedOf(bob)).isEmpty();
  }

  @Test
  void evicted_moreThanAreKept_areAskedForAgain() {
    List<Transaction> offered = offer(20);
    for (int i = 0; i < 3; i++) {
      stage.wake();
      stage.talk.pass(Duration.ofSeconds(10));
    }
    stage.askedOf(bob);

    MempoolLimits limits = stage.chain.engine().mempoolLimits();
    stage.chain.engine().apply(new MempoolLimits(1_000, 0, 25, 101_000, 86_400), stage.chain.now());
    List<Transaction> evicted =
        offered.stream().filter(one -> !stage.chain.mempool().contains(one.txid())).toList();
    assertThat(evicted).hasSizeGreaterThan(2 * KEPT);
    stage.chain.engine().apply(limits, stage.chain.now());
    stage.wake();
    evicted.forEach(one -> announces(bob, one));
    stage.talk.pass(Duration.ofSeconds(10));

    assertThat(stage.askedOf(bob))
        .containsExactlyInAnyOrderElementsOf(evicted.stream().map(Transaction::txid).toList());
  }

  @Test
  void tipChanged_beforeMoreEventsThanAreKept_isToldAllTheSame() {
    stage.chain.mine(1);
    Hash256 tip = stage.tip();
    offer(8);
    stage.wake();

    List<Message> heard = stage.talk.heardBy(alice);
    boolean isTold =
        announced(heard).contains(tip)
            || heard.stream()
                .filter(Headers.class::isInstance)
                .anyMatch(message -> ((Headers) message).headers().get(0).hash().equals(tip));
    assertThat(isTold).isTrue();
  }
}
