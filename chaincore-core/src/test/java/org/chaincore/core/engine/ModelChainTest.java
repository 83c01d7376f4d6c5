package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/** The engine beside {@link ModelChain}, over random trees of blocks. */
class ModelChainTest {
  private static final int DEEP = 1_000;

  /** What happened in a run, lest the comparison be of chains to which nothing happens. */
  private final Map<String, Integer> seen = new TreeMap<>();

  @Test
  void accept_randomTrees_likeModel() {
    SeededRun.of(4_000, 40).check((random, size) -> new Comparison(random, size, DEEP).run());
    if (System.getProperty("chaincore.seed") == null) {
      assertThat(seen.keySet())
          .containsAll(EVERY_FAULT.stream().map(code -> "rejected " + code).toList())
          .contains("accepted on chain", "accepted aside", "known", "orphaned", "reorg")
          .contains("deep reorg");
    }
  }

  private static final Set<RejectionCode> EVERY_FAULT =
      EnumSet.of(
          RejectionCode.HIGH_HASH,
          RejectionCode.TIME_TOO_OLD,
          RejectionCode.TIME_TOO_NEW,
          RejectionCode.BAD_VERSION,
          RejectionCode.INVALID_PARENT,
          RejectionCode.KNOWN_INVALID,
          RejectionCode.BAD_MERKLE_ROOT,
          RejectionCode.MUTATED_TRANSACTIONS,
          RejectionCode.TRANSACTION_OF_64_BYTES,
          RejectionCode.BAD_WITNESS_COMMITMENT,
          RejectionCode.UNEXPECTED_WITNESS,
          RejectionCode.BAD_BLOCK_LENGTH,
          RejectionCode.MISSING_COINBASE,
          RejectionCode.MULTIPLE_COINBASES,
          RejectionCode.BAD_COINBASE_HEIGHT,
          RejectionCode.BAD_COINBASE_AMOUNT,
          RejectionCode.NO_OUTPUTS,
          RejectionCode.BAD_OUTPUT_AMOUNT,
          RejectionCode.DUPLICATE_INPUTS,
          RejectionCode.NOT_FINAL,
          RejectionCode.MISSING_OR_SPENT,
          RejectionCode.IMMATURE_COINBASE,
          RejectionCode.INPUTS_BELOW_OUTPUTS,
          RejectionCode.BAD_SPEND);

  @Test
  void accept_randomTreesWithShallowReorgs_likeModel() {
    new SeededRun(1_500, 40, 1_000_000)
        .check((random, size) -> new Comparison(random, size, 1 + size % 3).run());
  }

  /** One tree, delivered to both in one order, with what a host may do in between. */
  private final class Comparison {
    private final RandomGenerator random;
    private final RandomTree tree;
    private final ModelChain model;
    private final InMemoryChainStore store = InMemoryChainStore.create();
    private final PolicyLimits limits;
    private ChainEngine engine;
    private final List<Hash256> followed = new ArrayList<>();
    private long cursor;

    Comparison(RandomGenerator random, int size, int maxReorgDepth) {
      this.random = random;
      this.tree = RandomTree.of(random, size);
      this.limits = PolicyLimits.DEFAULT.withMaxReorgDepth(maxReorgDepth);
      this.model = new ModelChain(RandomTree.PARAMS.genesis(), maxReorgDepth);
      this.engine = open();
    }

    private ChainEngine open() {
      return ChainEngine.open(
          EngineSetup.inMemory(RandomTree.PARAMS)
              .withStore(store)
              .withLimits(limits)
              .withSignatures(new MarkedSignatures()));
    }

    void run() {
      for (Block block : tree.shuffled()) {
        accept(block);
        compare();
        if (random.nextInt(4) == 0) {
          meddle();
          compare();
        }
      }
      // By now all parents are known: what was refused for want of one comes in.
      for (Block block : tree.bodies()) {
        accept(block);
        compare();
      }
    }

    private void accept(Block block) {
      String outcome = shown(engine.accept(block, random.nextInt(3), RandomTree.NOW));
      assertThat(outcome).isEqualTo(model.accept(block, RandomTree.NOW));
      seen.merge(outcome, 1, Integer::sum);
    }

    private void meddle() {
      int at = random.nextInt(tree.blocks().size());
      Hash256 hash = tree.blocks().get(at).hash();
      switch (random.nextInt(6)) {
        case 0 ->
            assertThat(engine.invalidate(hash, RandomTree.NOW)).isEqualTo(model.invalidate(hash));
        case 1, 2 ->
            assertThat(engine.reconsider(hash, RandomTree.NOW)).isEqualTo(model.reconsider(hash));
        case 3 -> acceptHeaders(tree.pathTo(at));
        case 4 -> {
          engine.allowDeepReorg(RandomTree.NOW);
          model.allowDeepReorg();
        }
        default -> restart();
      }
    }

    private void restart() {
      store.close();
      engine = open();
      cursor = 0;
      model.forgetOrphans();
    }

    private void acceptHeaders(List<Block> path) {
      List<BlockHeader> headers = path.stream().map(Block::header).toList();
      int added = 0;
      int known = 0;
      String stoppedBy = "";
      for (BlockHeader header : headers) {
        String outcome = model.acceptHeader(header, RandomTree.NOW);
        if (outcome.equals("added")) {
          added++;
        } else if (outcome.equals("known")) {
          known++;
        } else {
          stoppedBy = outcome;
          break;
        }
      }
      HeadersOutcome outcome = engine.acceptHeaders(headers, RandomTree.NOW);
      assertThat(outcome.added()).isEqualTo(added);
      assertThat(outcome.known()).isEqualTo(known);
      assertThat(outcome.isComplete()).isEqualTo(stoppedBy.isEmpty());
      if (outcome.stoppedBy() instanceof HeaderOutcome.Refused refused) {
        assertThat("rejected " + refused.rejection().code()).isEqualTo(stoppedBy);
      }
    }

    private void compare() {
      HeaderNode tip = engine.view().tip();
      assertThat(tip.hash()).isEqualTo(model.tip().hash());
      assertThat(engine.view().height()).isEqualTo(model.tip().height);
      assertThat(engine.view().work().toBigInteger()).isEqualTo(model.tip().work());
      compareCoins(model.coins());
      assertThat(engine.orphans().stream().map(OrphanBlock::hash)).isEqualTo(model.orphans());
      compareHeaders();
      follow();
      assertThat(followed).hasSize(tip.height());
      assertThat(engine.view().above(engine.view().at(0).orElseThrow(), DEEP))
          .extracting(HeaderNode::hash)
          .isEqualTo(followed);
    }

    private void compareCoins(Map<OutPoint, Coin> coins) {
      assertThat(engine.coinCount()).isEqualTo(coins.size());
      assertThat(engine.coins(List.copyOf(coins.keySet())).coins()).isEqualTo(coins);
    }

    private void compareHeaders() {
      for (Block block : tree.blocks()) {
        ModelChain.Known known = model.headers().get(block.hash());
        HeaderNode node = engine.view().find(block.hash()).orElse(null);
        assertThat(node == null).isEqualTo(known == null);
        if (node != null && known != null) {
          assertThat(node.hasBody()).isEqualTo(known.body != null);
          assertThat(node.isInvalid()).isEqualTo(known.isInvalid());
          assertThat(node.brokeRule()).isEqualTo(known.broke);
          assertThat(node.isInvalidatedByHost()).isEqualTo(known.refusedByHost);
        }
      }
    }

    /** Replays the events: they must lead along, block by block. */
    private void follow() {
      EventReader.Page.Events page =
          (EventReader.Page.Events) engine.events().read(cursor, Integer.MAX_VALUE);
      cursor = page.cursor();
      for (ChainEvent event : page.events()) {
        if (event instanceof ChainEvent.TipChanged moved) {
          if (moved.isReorg()) {
            seen.merge(moved.disconnected().size() > 4 ? "deep reorg" : "reorg", 1, Integer::sum);
          }
          for (ChainEvent.BlockRef left : moved.disconnected()) {
            assertThat(followed).hasSize(left.height());
            assertThat(followed.remove(followed.size() - 1)).isEqualTo(left.hash());
          }
          for (ChainEvent.BlockRef joined : moved.connected()) {
            followed.add(joined.hash());
            assertThat(followed).hasSize(joined.height());
          }
        }
      }
    }

    private String shown(BlockOutcome outcome) {
      if (outcome instanceof BlockOutcome.Accepted accepted) {
        return accepted.isOnChain() ? "accepted on chain" : "accepted aside";
      }
      if (outcome instanceof BlockOutcome.Rejected rejected) {
        return "rejected " + rejected.rejection().code();
      }
      return outcome instanceof BlockOutcome.Orphaned ? "orphaned" : "known";
    }
  }
}
