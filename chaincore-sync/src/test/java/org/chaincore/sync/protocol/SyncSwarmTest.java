package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.ConnectionKind;
import org.junit.jupiter.api.Test;

/** A node among honest, silent, slow and lying peers. */
final class SyncSwarmTest {
  private final ChainFixture chain = ChainFixture.begin();

  static List<Block> fromGenesis(ChainFixture chain, int blocks) {
    return branch(List.of(chain.genesis()), blocks, 1);
  }

  /** A chain that goes on by so many blocks, whose coinbases pay nothing. */
  static List<Block> branch(List<Block> below, int blocks, int salt) {
    List<Block> all = new ArrayList<>(below);
    for (int i = 0; i < blocks; i++) {
      Block parent = all.get(all.size() - 1);
      all.add(BlockDraft.on(parent.header(), all.size()).salt(salt).make());
    }
    return all;
  }

  private static String why(Swarm swarm) {
    return swarm.transcript.substring(Math.max(0, swarm.transcript.length() - 90_000))
        + swarm.headerSync.state()
        + ", "
        + swarm.blockFetch.state().sentence()
        + ", tip "
        + swarm.view().height()
        + ", heaviest "
        + swarm.view().heaviestHeader().height()
        + ", again "
        + swarm.blockFetch.assignment().requests().againCount()
        + ", open "
        + swarm.blockFetch.assignment().requests().openCount()
        + ", waiting "
        + swarm.blockFetch.waiting().size()
        + ", cuts "
        + swarm.cuts
        + ", faults "
        + new TreeSet<>(swarm.faults);
  }

  private Swarm swarm(ChainFixture chain) {
    TestNode node = TestNode.on(chain, 1);
    Swarm swarm = new Swarm(node.setup(), node.nowMillis());
    return Boolean.getBoolean("chaincore.transcript") ? swarm : swarm.silently();
  }

  @Test
  void sync_withOnePeer_getsAllOfALongChain() {
    PlayedPeer peer = new PlayedPeer("a", PlayedPeer.Manner.HONEST, fromGenesis(chain, 5_000));
    Swarm swarm = swarm(chain);
    swarm.connect(peer, ConnectionKind.OUTBOUND, 10);
    assertThat(swarm.runUntil(() -> swarm.isAt(peer), 60_000)).as(() -> why(swarm)).isTrue();
    assertThat(swarm.events).hasSize(1).hasOnlyElementsOfType(SyncEvent.CaughtUp.class);
    assertThat(peer.blocksSent).isEqualTo(5_000);
    assertThat(peer.headersSent).isEqualTo(5_000);
    assertThat(swarm.blockFetch.state().sentence()).isEqualTo("caught up at height 5000");
  }

  @Test
  void sync_withEightPeers_asksEachForAPart() {
    List<Block> blocks = fromGenesis(chain, 5_000);
    Swarm swarm = swarm(chain);
    List<PlayedPeer> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      PlayedPeer peer = new PlayedPeer("p" + i, PlayedPeer.Manner.HONEST, blocks);
      peers.add(peer);
      swarm.connect(peer, ConnectionKind.OUTBOUND, 50);
    }
    assertThat(swarm.runUntil(() -> swarm.isAt(peers.get(0)), 60_000))
        .as(() -> why(swarm))
        .isTrue();
    assertThat(peers.stream().mapToInt(peer -> peer.blocksSent).sum()).isEqualTo(5_000);
    assertThat(peers).allSatisfy(peer -> assertThat(peer.blocksSent).isGreaterThan(100));
    // One sends all headers, the others little more than a message each.
    assertThat(peers.stream().mapToInt(peer -> peer.headersSent).sum()).isLessThan(12_000);
    assertThat(swarm.cuts).isEmpty();
  }

  @Test
  void sync_amongRandomPeers_reachesTheBestChainWhileOneIsHonest() {
    SeededRun.of(Integer.getInteger("chaincore.cases", 60), 400).check(this::playRandomly);
  }

  private void playRandomly(RandomGenerator random, int size) {
    ChainFixture world = ChainFixture.begin();
    List<Block> trunk = fromGenesis(world, size);
    Swarm swarm = swarm(world).withSchedule();
    int forkAt = random.nextInt(size);
    List<Block> shorter = branch(trunk.subList(0, forkAt + 1), Math.max(0, size - forkAt - 1), 2);
    PlayedPeer.Manner[] manners = PlayedPeer.Manner.values();
    int liars = random.nextInt(12);
    int honestAt = random.nextInt(liars + 1);
    PlayedPeer honest = new PlayedPeer("honest", PlayedPeer.Manner.HONEST, trunk);
    swarm.afterEachStep =
        () -> {
          BlockAssignment assignment = swarm.blockFetch.assignment();
          int most = PeerDownloads.MAX_IN_FLIGHT * swarm.context.peers().size();
          assertThat(assignment.requests().openCount()).isLessThanOrEqualTo(most);
          assertThat(swarm.blockFetch.waiting().bytes())
              .isLessThanOrEqualTo(WaitingBlocks.MAX_BYTES);
          assertThat(swarm.headerSync.turns().size()).isLessThanOrEqualTo(BulkTurns.MAX_PLACES);
        };
    for (int i = 0; i <= liars; i++) {
      ConnectionKind kind = random.nextBoolean() ? ConnectionKind.INBOUND : ConnectionKind.OUTBOUND;
      if (i == honestAt) {
        swarm.connect(honest, kind, random.nextInt(200));
      } else {
        PlayedPeer.Manner manner = manners[random.nextInt(manners.length)];
        List<Block> theirs = random.nextBoolean() ? trunk : shorter;
        swarm.connect(new PlayedPeer("p" + i, manner, theirs), kind, random.nextInt(2_000));
      }
      swarm.pass(random.nextInt(500));
    }
    assertThat(swarm.runUntil(() -> swarm.isAt(honest), 300_000)).as(() -> why(swarm)).isTrue();

    // A reorganisation, announced by its headers alone.
    honest.follow(branch(trunk.subList(0, Math.max(1, size - 5)), 8, 3));
    assertThat(swarm.runUntil(() -> swarm.isAt(honest), 300_000)).as(() -> why(swarm)).isTrue();
    swarm.pass(2 * BlockAssignment.SILENCE_MILLIS * (BlockAssignment.MAX_ASKED_IN_VAIN + 1L));
    assertThat(swarm.blockFetch.waiting().size()).as(() -> why(swarm)).isZero();
    assertThat(swarm.blockFetch.assignment().requests().openCount()).as(() -> why(swarm)).isZero();
    assertThat(swarm.blockFetch.assignment().requests().againCount()).as(() -> why(swarm)).isZero();
  }
}
