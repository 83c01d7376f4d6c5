package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.Networks;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

class ChainEngineTest {
  private static final long START = 1_800_000_000L;

  private final SpendableTemplate miner = KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash();
  private final ChainEngine engine = ChainEngine.open(EngineSetup.inMemory(Networks.regtest()));

  @Test
  void accept_minedBlocks_followsThem() {
    for (int i = 0; i < 200; i++) {
      Block block = mine(START + i * 600L);
      assertThat(engine.accept(block, 0, START + i * 600L))
          .isInstanceOf(BlockOutcome.Accepted.class);
    }
    assertThat(engine.view().height()).isEqualTo(200);
    assertThat(engine.coinCount()).isEqualTo(200);
  }

  private Block mine(long now) {
    TemplateResult result = engine.template(miner, Bytes.EMPTY, now);
    BlockTemplate template = ((TemplateResult.Ready) result).template();
    NonceSearch.Result found = NonceSearch.search(template.header(), NonceRange.ALL, () -> false);
    BlockHeader header = ((NonceSearch.Found) found).header();
    return template.block(header.nonce());
  }
}
