package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.archive.CoinSetHash;
import org.chaincore.core.archive.CoinSnapshot;
import org.chaincore.core.archive.SnapshotCheck;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.FailsOnce;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

/** The chain below a snapshot, validated with blocks that come and stores that fail. */
final class SnapshotValidationTest {
  private static final int HEIGHT = 5;

  private final InMemoryChainStore source = InMemoryChainStore.create();
  private final ChainFixture chain = ChainFixture.on(source, 100);
  private final List<Block> blocks = chain.mine(HEIGHT);
  private final InMemoryChainStore begun = InMemoryChainStore.create();
  private final List<List<Hash256>> asked = new ArrayList<>();

  /** Over stores that may fail. */
  private SnapshotValidation validation(ChainStore judged, ChainStore second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CoinSetHash.Id id = CoinSnapshot.write(chain.engine(), source, Channels.newChannel(out));
    CoinSnapshot.restore(
        Channels.newChannel(new ByteArrayInputStream(out.toByteArray())),
        begun,
        chain.engine().params(),
        id.hash(),
        chain.now());
    ChainFixture node = ChainFixture.on(begun, 100);
    ChainEngine beside = ChainEngine.open(ChainFixture.setupOn(second, 100));
    return new SnapshotValidation(
        SnapshotCheck.of(judged, node.engine().view(), beside, second, chain.now()), asked::add);
  }

  private static List<Hash256> hashes(List<Block> blocks) {
    return blocks.stream().map(Block::hash).toList();
  }

  @Test
  void step_thatFailsAtABlock_asksForItAgain() {
    // The first commit has the headers, the third the second block.
    SnapshotValidation validation =
        validation(begun, FailsOnce.at("commit", 2, InMemoryChainStore.create()));
    validation.step(true, chain.now());
    blocks.forEach(validation::fetched);
    assertThatThrownBy(() -> validation.step(true, chain.now())).isInstanceOf(StoreException.class);
    assertThat(validation.validatedHeight()).isEqualTo(1);
    asked.clear();
    validation.step(true, chain.now());
    assertThat(asked).containsExactly(List.of(blocks.get(1).hash()));
    validation.fetched(blocks.get(1));
    assertThat(validation.step(true, chain.now())).isEqualTo(Verdict.CONFIRMED);
  }

  @Test
  void step_whoseVerdictCouldNotBeKept_comesToItLater() {
    SnapshotValidation validation =
        validation(FailsOnce.at("judge", 0, begun), InMemoryChainStore.create());
    assertThat(validation.step(true, chain.now())).isEqualTo(Verdict.TRUSTED);
    assertThat(asked).containsExactly(hashes(blocks));
    blocks.forEach(validation::fetched);
    assertThatThrownBy(() -> validation.step(true, chain.now())).isInstanceOf(StoreException.class);
    assertThat(validation.step(true, chain.now())).isEqualTo(Verdict.CONFIRMED);
    assertThat(validation.validatedHeight()).isEqualTo(HEIGHT);
  }
}
