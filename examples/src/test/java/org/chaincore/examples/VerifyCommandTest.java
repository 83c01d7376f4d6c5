package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.StoreOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  private static final int HEADERS = 50;

  @TempDir private Path directory;

  private Path written() {
    Path data = directory.resolve("node");
    try (DurableChainStore store = ChainStoreProvider.find().open(data, StoreOptions.DEFAULT)) {
      ChainEngine engine =
          ChainEngine.open(EngineSetup.inMemory(Networks.regtest()).withStore(store));
      List<BlockHeader> headers = HeaderFiles.mine(HeaderFiles.regtestGenesis(), HEADERS, 1);
      engine.acceptHeaders(headers, headers.get(HEADERS - 1).time());
    }
    return data;
  }

  private static CommandRun verify(Path data) {
    return CommandRun.of("verify", "--data-dir", data.toString());
  }

  @Test
  void verify_aGoodStore_countsAndEndsWith0() {
    CommandRun run = verify(written());
    assertThat(run.lastLine()).matches("verified rows=\\d+ blocks=0 coins=\\d+ faults=0");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void verify_whileANodeHasItOpen_endsWith3() {
    Path data = written();
    try (DurableChainStore open = ChainStoreProvider.find().open(data, StoreOptions.DEFAULT)) {
      CommandRun run = verify(data);
      assertThat(run.lastLine()).startsWith("error code=locked ");
      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(open.health()).isNotNull();
    }
  }

  @Test
  void verify_aDamagedStore_endsWith4() throws IOException {
    Path data = written();
    try (Stream<Path> files = Files.walk(data)) {
      Path table =
          files
              .filter(file -> file.toString().endsWith(".sst"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(table);
      for (int i = 0; i < Math.min(bytes.length, 400); i++) {
        bytes[i] ^= 0x55;
      }
      Files.write(table, bytes);
    }
    CommandRun run = verify(data);
    assertThat(run.exitCode()).isEqualTo(4);
  }

  @Test
  void verify_whatIsNoDirectory_isAWrongCommandLine() {
    CommandRun run = verify(directory.resolve("none"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastLine()).startsWith("error code=usage");
  }
}
