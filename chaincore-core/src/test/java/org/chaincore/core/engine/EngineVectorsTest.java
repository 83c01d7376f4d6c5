package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.config.Networks;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.fixture.Vectors;
import org.junit.jupiter.api.Test;

/** Chains of regtest that others made. */
class EngineVectorsTest {
  private static final long NOW = 1_800_000_000L;
  private static final String FOLDER = "small-chains-and-reorgs";

  private final ChainEngine engine = ChainEngine.open(EngineSetup.inMemory(Networks.regtest()));

  private static List<Block> blocks(JsonNode branch) {
    List<Block> blocks = new ArrayList<>();
    branch.forEach(hex -> blocks.add(Block.parse(HexFormat.of().parseHex(hex.asText()))));
    return blocks;
  }

  @Test
  void accept_reorganisationOfRegtest_followsTheLongerBranch() {
    Vectors vectors = Vectors.in(FOLDER);
    JsonNode branches = vectors.json("floresta_test_reorg.json");
    List<Block> first = blocks(branches.get(0));
    List<Block> second = blocks(branches.get(1));
    for (Block block : first) {
      assertThat(engine.accept(block, 0, NOW)).isInstanceOf(BlockOutcome.Accepted.class);
    }
    assertThat(engine.view().tip().hash()).isEqualTo(first.get(9).hash());
    for (Block block : second) {
      assertThat(engine.accept(block, 0, NOW)).isInstanceOf(BlockOutcome.Accepted.class);
    }
    Block top = second.get(second.size() - 1);
    assertThat(engine.view().tip().hash()).isEqualTo(top.hash());
    assertThat(engine.coinCount()).isEqualTo(engine.view().height());
    EventReader.Page.Events page = (EventReader.Page.Events) engine.events().read(0, 1_000);
    assertThat(page.events())
        .filteredOn(e -> e instanceof ChainEvent.TipChanged moved && moved.isReorg())
        .hasSize(1);
    vectors.ran("floresta_test_reorg.json, whole blocks", first.size() + second.size());
  }

  @Test
  void accept_reorganisationOfRegtestBackwards_recoversAllOrphans() {
    Vectors vectors = Vectors.in(FOLDER);
    JsonNode branches = vectors.json("floresta_test_reorg.json");
    List<Block> all = new ArrayList<>(blocks(branches.get(1)));
    all.addAll(blocks(branches.get(0)));
    for (int i = all.size() - 1; i >= 0; i--) {
      engine.accept(all.get(i), 0, NOW);
    }
    assertThat(engine.orphans()).isEmpty();
    assertThat(engine.view().work())
        .isEqualTo(engine.view().find(all.get(10).hash()).orElseThrow().chainWork());
    vectors.ran("floresta_test_reorg.json, backwards", all.size());
  }

  @Test
  void accept_chainOfRegtest_asFarAsItsOutputsAreTemplates() {
    Vectors vectors = Vectors.in(FOLDER);
    List<Block> chain =
        vectors.lines("floresta_blocks.txt").stream()
            .map(hex -> Block.parse(HexFormat.of().parseHex(hex.strip())))
            .toList();
    int judged = 0;
    BlockOutcome stopped = new BlockOutcome.AlreadyKnown(engine.view().tip());
    for (Block block : chain) {
      stopped = engine.accept(block, 0, NOW);
      if (stopped instanceof BlockOutcome.Rejected) {
        break;
      }
      judged++;
    }
    assertThat(stopped).as("after " + judged).isInstanceOf(BlockOutcome.Accepted.class);
    vectors.ran("floresta_blocks.txt, whole blocks", judged);
  }
}
