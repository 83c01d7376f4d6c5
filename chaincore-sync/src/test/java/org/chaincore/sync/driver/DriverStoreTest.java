package org.chaincore.sync.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.chaincore.core.fixture.BreakingStore;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.transport.MemoryNetwork;
import org.junit.jupiter.api.Test;

/** A node whose disk is full for a while, in virtual time. */
final class DriverStoreTest {
  @Test
  void diskFull_whileAPeerSendsBlocks_keepsThePeerAndGoesOnWhenThereIsRoom() {
    ManualExecutor executor = new ManualExecutor();
    MemoryNetwork network = MemoryNetwork.immediate();
    BreakingStore store = new BreakingStore(InMemoryChainStore.create());
    ChainFixture full = ChainFixture.on(store, 100);
    ChainFixture source = ChainFixture.begin();
    VirtualNode a =
        VirtualNode.start(
            TestNode.on(full, 1), network.transportAt(Conversation.addressOf(1)), executor);
    VirtualNode b =
        VirtualNode.start(
            TestNode.on(source, 2), network.transportAt(Conversation.addressOf(2)), executor);
    a.driver().connect(Conversation.addressOf(2));
    executor.pass(Duration.ofSeconds(1));
    store.onCommit(
        () -> {
          throw new StoreException("no space left");
        },
        () -> {});

    source.mine(20);
    executor.pass(Duration.ofMinutes(10));
    assertThat(full.engine().view().height()).isZero();
    assertThat(a.events(SyncEvent.StoreFailed.class)).hasSizeBetween(1, 11);
    assertThat(a.events(SyncEvent.PeerGone.class)).isEmpty();
    assertThat(a.events(SyncEvent.PeerMisbehaved.class)).isEmpty();

    store.onCommit(() -> {}, () -> {});
    executor.pass(Duration.ofMinutes(1));
    assertThat(full.engine().view().tip().hash()).isEqualTo(source.tip().hash());
    assertThat(b.driver().connections()).isOne();
  }
}
