package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.ShortIds;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** How a download goes on when messages are lost, or a peer delivers all but one block. */
final class DownloadRecoveryTest {
  private final TestNode node = TestNode.begin();
  private final ChainFixture miner = ChainFixture.begin();
  private final Conversation conversation = node.converse();

  private PeerId greets(String name) {
    PeerId peer = conversation.greets(name, ConnectionKind.OUTBOUND);
    conversation.says(peer, new SendCompact(false, 2));
    conversation.heardBy(peer);
    return peer;
  }

  private int height() {
    return node.chain().engine().view().height();
  }

  private static Headers headers(List<Block> blocks) {
    return new Headers(blocks.stream().map(Block::header).toList());
  }

  private List<Hash256> askedOf(PeerId peer) {
    return conversation.heardBy(peer, GetData.class).stream()
        .flatMap(message -> message.items().stream())
        .map(InventoryItem::hash)
        .toList();
  }

  private static CompactBlock unfillable(BlockHeader header) {
    return new CompactBlock(
        header, 1, ShortIds.ofWire(Bytes.of(new byte[ShortIds.BYTES])), List.of());
  }

  @Test
  void block_passedOverByThePeerThatOwesIt_isAskedOfAnotherAtOnce() {
    List<Block> blocks = miner.branch(miner.genesis(), 3);
    PeerId alice = greets("alice");
    conversation.says(alice, headers(blocks));
    PeerId bob = greets("bob");
    conversation.says(bob, headers(blocks));
    assertThat(askedOf(alice)).hasSize(3);
    assertThat(askedOf(bob)).isEmpty();

    conversation.says(alice, new BlockMessage(blocks.get(1)));

    assertThat(askedOf(bob)).containsExactly(blocks.get(0).hash());
    conversation.says(bob, new BlockMessage(blocks.get(0)));
    assertThat(height()).isEqualTo(2);
  }

  @Test
  void block_lostOnTheWayFromTheOnlySource_isAskedOfItAgain() {
    List<Block> blocks = miner.branch(miner.genesis(), 2);
    PeerId alice = greets("alice");
    conversation.says(alice, headers(blocks));
    assertThat(askedOf(alice)).hasSize(2);

    conversation.pass(Duration.ofMillis(BlockAssignment.SILENCE_MILLIS));

    assertThat(askedOf(alice)).containsExactly(blocks.get(0).hash(), blocks.get(1).hash());
  }

  @Test
  void waiting_parentComesFromTheHost_isTakenIn() {
    List<Block> blocks = miner.branch(miner.genesis(), 2);
    PeerId alice = greets("alice");
    conversation.says(alice, headers(blocks));
    conversation.says(alice, new BlockMessage(blocks.get(1)));
    assertThat(height()).isZero();

    node.chain().deliver(blocks.get(0));
    conversation.happens(new Input.Woken());

    assertThat(height()).isEqualTo(2);
  }

  @Test
  void compactBlock_thatNobodyCompletes_keepsNobodyFromBeingAsked() {
    Block block = miner.branch(miner.genesis(), 1).get(0);
    PeerId alice = greets("alice");
    PeerId bob = greets("bob");
    conversation.says(alice, unfillable(block.header()));
    conversation.says(bob, headers(List.of(block)));
    assertThat(conversation.heardBy(alice, GetBlockTransactions.class)).hasSize(1);

    for (int i = 0; i < 3; i++) {
      conversation.pass(Duration.ofSeconds(4));
      conversation.says(alice, unfillable(block.header()));
    }

    assertThat(conversation.heardBy(alice, GetBlockTransactions.class)).isEmpty();
    assertThat(askedOf(bob)).containsExactly(block.hash());
  }

  @Test
  void compactBlock_notCompleted_doesNotMakeItsSenderPreferred() {
    Block block = miner.branch(miner.genesis(), 1).get(0);
    PeerId alice = greets("alice");
    PeerId bob = greets("bob");
    conversation.says(alice, new SendCompact(false, 2));
    conversation.says(bob, new SendCompact(false, 2));
    conversation.heardBy(alice);
    conversation.heardBy(bob);
    conversation.says(alice, unfillable(block.header()));

    conversation.says(bob, new BlockMessage(block));

    assertThat(conversation.heardBy(alice, SendCompact.class)).isEmpty();
    assertThat(conversation.heardBy(bob, SendCompact.class))
        .containsExactly(new SendCompact(true, 2));
  }

  @Test
  void tip_whileHeavierHeadersHaveNoBodies_isToldAllTheSame() {
    PeerId bob = greets("bob");
    PeerId alice = greets("alice");
    conversation.says(alice, headers(miner.branch(miner.genesis(), 3)));
    conversation.heardBy(bob);

    Block mined = node.chain().mine(1).get(0);
    conversation.happens(new Input.Woken());

    assertThat(conversation.heardBy(bob, Inventory.class))
        .containsExactly(
            new Inventory(List.of(new InventoryItem(InventoryType.BLOCK, mined.hash()))));
  }
}
