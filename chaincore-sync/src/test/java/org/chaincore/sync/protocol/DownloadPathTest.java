package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** The way through the window, and what waits beside it. */
final class DownloadPathTest {
  private final ChainFixture chain = ChainFixture.begin();

  private List<Block> headersOf(int count) {
    List<Block> blocks = SyncSwarmTest.fromGenesis(chain, count);
    chain
        .engine()
        .acceptHeaders(
            blocks.subList(1, blocks.size()).stream().map(Block::header).toList(), chain.now());
    return blocks;
  }

  private HeaderNode node(Block block) {
    return chain.engine().view().find(block.hash()).orElseThrow();
  }

  @Test
  void next_inAnyOrderOfArrival_handsOutEachBlockOnceWithinTheWindow() {
    SeededRun.of(30, 3_000).check(DownloadPathTest::walk);
  }

  private static void walk(RandomGenerator random, int size) {
    ChainFixture chain = ChainFixture.begin();
    List<Block> blocks = SyncSwarmTest.fromGenesis(chain, size);
    chain
        .engine()
        .acceptHeaders(
            blocks.subList(1, blocks.size()).stream().map(Block::header).toList(), chain.now());
    int there = random.nextInt(size);
    chain.deliver(blocks.subList(1, there + 1));
    HeaderNode top = chain.engine().view().heaviestHeader();
    int middleHeight = there + 1 + random.nextInt(size - there);
    HeaderNode middle = chain.engine().view().find(blocks.get(middleHeight).hash()).orElseThrow();
    DownloadPath path = DownloadPath.to(middle);
    assertThat(path.doneHeight()).isEqualTo(there);
    if (random.nextBoolean()) {
      path.extendTo(top);
    }
    List<HeaderNode> open = new ArrayList<>();
    Set<Hash256> seen = new HashSet<>();
    int delivered = there;
    while (!path.isComplete()) {
      HeaderNode next = path.next(size, node -> seen.contains(node.hash()));
      boolean isUsedUp = path.isWindowUsedUp();
      assertThat(isUsedUp && next != null).isFalse();
      if (next != null && (open.isEmpty() || random.nextInt(4) > 0)) {
        assertThat(next.height() - path.doneHeight()).isBetween(1, DownloadPath.WINDOW_BLOCKS);
        assertThat(seen.add(next.hash())).isTrue();
        open.add(next);
        path.pass();
      } else {
        delivered++;
        chain.deliver(blocks.get(delivered));
        open.remove(0);
        path.advance();
        assertThat(path.doneHeight()).isEqualTo(delivered);
      }
    }
    assertThat(seen).hasSize(path.target().height() - there);
  }

  @Test
  void extendTo_anotherBranch_isRefused() {
    List<Block> blocks = headersOf(3);
    Block other = chain.blockOn(blocks.get(1));
    chain.engine().acceptHeaders(List.of(other.header()), chain.now());
    DownloadPath path = DownloadPath.to(node(blocks.get(2)));
    assertThatThrownBy(() -> path.extendTo(node(other)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(path.leadsThrough(node(blocks.get(1)))).isTrue();
    assertThat(path.leadsThrough(node(other))).isFalse();
  }

  @Test
  void add_moreThanThereIsRoomFor_givesBackTheHighest() {
    List<Block> blocks = headersOf(4);
    PeerId from = new PeerId(1);
    WaitingBlocks waiting = new WaitingBlocks(250);
    assertThat(waiting.add(waits(blocks.get(4), from, 100))).isEmpty();
    assertThat(waiting.add(waits(blocks.get(4), from, 100))).isEmpty();
    assertThat(waiting.add(waits(blocks.get(2), from, 100))).isEmpty();
    assertThat(waiting.add(waits(blocks.get(3), from, 100))).containsExactly(node(blocks.get(4)));
    assertThat(waiting.bytes()).isEqualTo(200);
    assertThat(waiting.contains(blocks.get(4).hash())).isFalse();
    assertThat(waiting.childOf(blocks.get(1).hash())).isNotNull();
    assertThat(waiting.takeFrom(new PeerId(2))).isEmpty();
    assertThat(waiting.takeFrom(from)).hasSize(2);
    assertThat(waiting.size()).isZero();
    assertThat(waiting.childOf(blocks.get(1).hash())).isNull();
  }

  private WaitingBlocks.Waiting waits(Block block, PeerId from, int bytes) {
    return new WaitingBlocks.Waiting(block, node(block), from, bytes);
  }
}
